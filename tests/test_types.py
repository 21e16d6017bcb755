"""What is public says its types; `make test` has them checked by mypy."""

import inspect

import pytest

import tinymlp as tm
from tinymlp import curvature, explain, momentum, problems, sweep
from tinymlp.teaching import checking, exercises, handin, handout, homework, printed
from tinymlp.widgets import faded, panel, predict

FUNCTIONS = [getattr(tm, name) for name in tm.__all__ if inspect.isfunction(getattr(tm, name))]
FUNCTIONS += [panel, predict, faded, *problems.DATASETS.values(), problems.problem, problems.named]
CLASSES = [tm.MLP, tm.Params, tm.Problem, tm.Run, tm.Trace, tm.Training, momentum.Rule, exercises.Exercise]


def public(module):
    """Return the functions that a module defines for others."""
    found = inspect.getmembers(module, lambda f: inspect.isfunction(f) and f.__module__ == module.__name__)
    return [function for name, function in found if not name.startswith("_")]


for module in (checking, curvature, exercises, explain, handin, handout, homework, momentum, printed, sweep):
    FUNCTIONS += public(module)


def untyped(function):
    """Return the names of a function's arguments that say no type, and "return" where the result says none."""
    signature = inspect.signature(function)
    names = [p.name for p in signature.parameters.values() if p.annotation is p.empty and p.name not in ("self", "cls")]
    return names + (["return"] if signature.return_annotation is signature.empty else [])


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_a_public_function_says_its_types(function):
    assert untyped(function) == []


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_the_public_methods_of_a_class_say_their_types(kind):
    for name, method in vars(kind).items():
        function = getattr(method, "__func__", method)
        if inspect.isfunction(function) and not name.startswith("_"):
            assert untyped(function) == [], name
