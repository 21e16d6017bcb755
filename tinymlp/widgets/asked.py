"""What a panel is asked for, by name or as a class of one's own: whether it is known, and whether it fits the run."""

from tinymlp.checks import choice, describe
from tinymlp.training import PLAIN


def fitting(run, argument, what, asked, known, base):
    """Return what is asked for by name, each once; ValueError for what is not known or does not fit the run.

    asked: names of what is known, or subclasses of base, which go by the name of the class.
    """
    asked = (asked,) if isinstance(asked, str | type) else asked
    if not isinstance(asked, tuple | list):
        raise ValueError(f"{argument}: expected names from {', '.join(map(repr, known))}, got {describe(asked)}")
    kinds = {}
    for each in asked:
        own = isinstance(each, type) and issubclass(each, base)
        name, kind = (each.__name__, each) if own else (each, known[choice(argument, each, known)])
        if kinds.setdefault(name, kind) is not kind:
            raise ValueError(f"{argument}: expected another name for one of the {what}s, got {name!r} twice")
        missing = kind.refuses(run)
        if missing:
            training = "" if run.training == PLAIN else f" and {run.training}"
            raise ValueError(
                f"{argument}: expected {missing} for the {what} {name!r}, got the problem {run.problem.name!r} with "
                f"{run.problem.net}{training}"
            )
    return kinds
