"""One iteration taken apart: each stage's equation is true, and together they are what the package computes."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS, softmax
from tinymlp.stages import stages

NETS = [
    tm.MLP((3, 2, 1)),
    tm.MLP((1, 1)),
    tm.MLP((2, 3, 2, 2), hidden="tanh", output="softmax"),
    tm.MLP((3, 4, 1), hidden="relu", output="sigmoid", loss="squared"),
    tm.MLP((3, 4, 2), hidden="sigmoid", output="identity", loss="squared"),
]
BENDS = {"SiLU": ACTIVATIONS["silu"][0], "ReLU": ACTIVATIONS["relu"][0], "tanh": np.tanh} | {
    "sigmoid": ACTIVATIONS["sigmoid"][0],
    "identity": ACTIVATIONS["identity"][0],
    "softmax": softmax,
}


def moment_of(net, steps=2):
    rng = np.random.default_rng(3)
    X, C = rng.normal(size=(5, net.sizes[0])), net.sizes[-1]
    y = np.eye(C)[rng.integers(C, size=5)] if C > 1 else rng.integers(2, size=(5, 1)).astype(float)
    return tm.Run(tm.Problem(net, X, y, net.init(rng), eta=0.3, gamma=0.9)).step(steps).now


def result(parts):
    """Return the result of an equation's parts, evaluated from left to right."""
    value = None
    for symbol, array, sign in parts:
        match sign:
            case "":
                value = array
            case "·":
                value = value @ array
            case "+":
                value = value + array
            case "−":
                value = value - array
            case "×":
                value = value * array
            case "/":
                value = value / float(symbol)
            case "sum of":
                value = array.sum(axis=0, keepdims=True)
            case _:
                value = BENDS[sign](array)
    return value


@pytest.mark.parametrize("net", NETS, ids=str)
def test_every_equation_that_is_drawn_is_true(net):
    for stage in stages(moment_of(net)):
        if stage.parts and stage.phase != "loss":
            np.testing.assert_allclose(result(stage.parts), stage.value, rtol=1e-12, atol=1e-15, err_msg=stage.name)


@pytest.mark.parametrize("net", NETS, ids=str)
def test_the_stages_are_what_the_package_computes(net):
    moment = moment_of(net)
    by_name = {stage.name: stage.value for stage in stages(moment)}
    np.testing.assert_array_equal(by_name["p"], moment.trace.p)
    np.testing.assert_allclose(by_name["ℓ"].mean(), moment.loss, rtol=1e-14)
    grads = tm.backward(moment.trace, moment.problem.y)
    for name, raised in zip(net.slices, ("W¹", "b¹", "W²", "b²", "W³", "b³"), strict=False):
        np.testing.assert_array_equal(by_name[f"d{raised}"], grads[name])
    after, _ = tm.momentum_step(moment.params, moment.velocity, moment.grads, moment.eta, moment.gamma)
    np.testing.assert_array_equal(by_name["update"], after.W1)


@pytest.mark.parametrize("net", NETS, ids=str)
def test_a_stage_needs_only_what_came_before(net):
    seen = set()
    for stage in stages(moment_of(net)):
        assert set(stage.uses) <= seen, stage.name
        seen.add(stage.name)


def test_each_delta_is_computed_once_and_used_again():
    every = stages(moment_of(NETS[0]))
    users = {name: [stage.name for stage in every if name in stage.uses] for name in ("dz²", "dz¹")}
    assert users == {"dz²": ["dW²", "db²", "dh¹"], "dz¹": ["dW¹", "db¹"]}


def test_no_weight_changes_before_the_update():
    every = stages(moment_of(NETS[0]))
    assert [stage.phase for stage in every][-1] == "update"
    assert [stage.phase for stage in every].count("update") == 1
    moment, seen = moment_of(NETS[0]), set()
    for stage in every:
        for symbol, array, _ in stage.parts:
            if symbol in ("W¹", "b¹", "W²", "b²"):
                np.testing.assert_array_equal(array, moment.params[symbol[0] + str("¹²".index(symbol[1]) + 1)])
                seen.add(symbol)
    assert seen == {"W¹", "b¹", "W²", "b²"}
    assert (every[-1].value != moment.params.W1).any()
