"""Networks as other texts have them: figures they published, and every part of the package that must take them.

Sources: a backpropagation exercise of a deep-learning course (3-2-1 without biases: wtlin1228/deep-learning, 7), and
AbdulRehman393/AI-LAB, BackPropagation (2-2-2 with one bias for each layer). Figures only, no code.
"""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.explain import chain_rule
from tinymlp.gradcheck import check_gradient
from tinymlp.params import Entry
from tinymlp.stages import stages
from tinymlp.views import VIEWS, Look
from tinymlp.words import meaning

NETS = {
    "no biases": tm.MLP((3, 2, 1), biases="none"),
    "shared biases": tm.MLP((2, 3, 2, 2), hidden="sigmoid", output="sigmoid", loss="squared", biases="shared"),
    "tanh output": tm.MLP((2, 2, 1), hidden="tanh", output="tanh", loss="squared"),
    "relu output": tm.MLP((2, 2, 1), hidden="leaky_relu", output="relu", loss="squared"),
    "mixed layers": tm.MLP((2, 3, 2, 1), hidden=("tanh", "leaky_relu")),
}
nets = pytest.mark.parametrize("net", NETS.values(), ids=NETS)


def run_of(net, t=3):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(4, net.sizes[0])), rng.integers(2, size=(4, net.sizes[-1])).astype(float)
    if net.output == "tanh":
        y = 2 * y - 1
    return tm.Run(tm.Problem(net, X, y, net.init(rng), 0.3, 0.9)).step(t)


def test_a_network_without_biases_makes_the_published_step():
    net = tm.MLP((3, 2, 1), hidden="sigmoid", output="sigmoid", loss="squared", biases="none")
    start = net.params(W1=[[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]], W2=[[0.1], [-0.3]])
    run = tm.Run(tm.Problem(net, [[0.5, 0.1, -0.2]], [[0.6]], start, eta=0.5, gamma=0.0)).step()
    W1 = [[1.77005547e-04, -5.11178506e-04], [3.54011093e-05, -1.02235701e-04], [-7.08022187e-05, 2.04471402e-04]]
    np.testing.assert_allclose(run.velocity.W1, W1, rtol=1e-8)
    np.testing.assert_allclose(run.velocity.W2.ravel(), [0.00804047, 0.00555918], rtol=1e-6)
    assert run.problem.net.count == 8


def test_one_bias_for_a_layer_makes_the_published_step():
    net = tm.MLP((2, 2, 2), hidden="sigmoid", output="sigmoid", loss="squared", biases="shared")
    start = net.params(W1=[[0.2, 0.3], [0.25, 0.35]], b1=[[0.4]], W2=[[0.45, 0.55], [0.5, 0.6]], b2=[[0.65]])
    run = tm.Run(tm.Problem(net, [[0.1, 0.2]], [[0.05, 0.95]], start, eta=0.3, gamma=0.0))
    assert run.loss == pytest.approx(0.274834719, abs=1e-9)
    np.testing.assert_allclose(run.grads.W2, [[0.077764474, -0.015377397], [0.078658597, -0.015554204]], atol=1e-9)
    run.step()
    assert run.params.b1.item() == pytest.approx(0.393540595, abs=1e-9)
    assert run.params.b2.item() == pytest.approx(0.619586257, abs=1e-9)
    np.testing.assert_allclose(run.trace.p, [[0.764458839, 0.791741512]], atol=1e-9)


def test_a_tanh_output_with_squared_error():
    net = tm.MLP((1, 1), output="tanh", loss="squared")
    trace = tm.forward(net.params(W1=[[1.0]], b1=[[0.0]]), [[0.5]])
    assert trace.p.item() == pytest.approx(0.462117, abs=1e-6)
    assert ACTIVATIONS["tanh"][1](trace.z[-1], trace.p).item() == pytest.approx(0.786448, abs=1e-6)
    grads = tm.backward(trace, [[-1.0]])
    assert grads.b1.item() == pytest.approx((trace.p.item() + 1) * 0.786448, abs=1e-6)


@nets
def test_gradients_are_those_that_nudges_measure(net):
    run = run_of(net)
    assert check_gradient(run.params, run.problem.X, run.problem.y)


@nets
def test_leading_axes_broadcast_as_for_any_network(net):
    run = run_of(net)
    many = net.init(np.random.default_rng(1), leading=(5,))
    trace = tm.forward(many, run.problem.X)
    losses, grads = tm.loss(trace, run.problem.y), tm.backward(trace, run.problem.y)
    for n in range(5):
        alone = tm.forward(tm.Params(net, many.flat[n]), run.problem.X)
        assert losses[n] == pytest.approx(tm.loss(alone, run.problem.y), rel=1e-12)
        np.testing.assert_allclose(grads.flat[n], tm.backward(alone, run.problem.y).flat, rtol=1e-10, atol=1e-15)


@nets
def test_every_factor_of_the_chain_rule_is_there(net):
    run = run_of(net)
    for name, index in net.entries:
        chain = chain_rule(run.trace, run.problem.y, name, index, sample=1)
        assert chain.product == pytest.approx(chain.samples[1], rel=1e-10, abs=1e-15)
        assert chain.samples.mean() == pytest.approx(run.grads[name][index], rel=1e-9, abs=1e-15)


@nets
def test_the_stages_end_in_the_step_that_the_run_takes(net):
    run = run_of(net)
    every = stages(run.now)
    np.testing.assert_array_equal(every[-1].value, run.now.after.params.W1)
    assert any("b" in stage.name for stage in every) == (net.biases != "none")


@nets
@pytest.mark.parametrize("view", ["network", "path", "table", "step", "chain", "stage", "sums", "check"])
def test_every_view_shows_it(net, view):
    run = run_of(net)
    for chosen in (net.entries[0], net.entries[-1]):
        shown = VIEWS[view](run, Look(chosen=chosen))
        assert "nan" not in shown.upper("s").lower()


@nets
def test_a_share_code_brings_it_back_to_the_bit(net):
    run = run_of(net)
    run.set(*net.entries[0], 0.25).step(2)
    back = tm.Run.from_code(run.code())
    assert back.problem.net == net
    assert back.params == run.params
    assert back.losses.tobytes() == run.losses.tobytes()


def test_a_shared_bias_says_whose_it_is():
    assert meaning(NETS["shared biases"], "b1", (0, 0)) == "bias of all 3 units of hidden layer 1"
    assert meaning(NETS["no biases"], "W1", (0, 1)) == "from input 1 to hidden unit 2"


def test_each_hidden_layer_may_have_its_own_activation():
    net = NETS["mixed layers"]
    trace = tm.forward(run_of(net).params, [[1.0, -2.0]])
    np.testing.assert_array_equal(trace.h[1], np.tanh(trace.z[0]))
    np.testing.assert_array_equal(trace.h[2], np.where(trace.z[1] > 0, trace.z[1], 0.01 * trace.z[1]))
    assert tm.MLP((2, 3, 2, 1), hidden=("tanh", "tanh")) == tm.MLP((2, 3, 2, 1), hidden="tanh")


@pytest.mark.parametrize(("start", "variance"), [("lecun", 1 / 50), ("glorot", 2 / 80), ("he", 2 / 50)])
def test_a_start_has_the_spread_of_its_source(start, variance):
    W1 = tm.MLP((50, 30, 1)).init(np.random.default_rng(0), leading=(200,), start=start).W1
    assert W1.std() == pytest.approx(np.sqrt(variance), rel=0.01)


def test_an_entry_is_the_pair_that_it_always_was_and_knows_its_layer():
    entry = tm.worked_example().net.entry(("W2", (1, 0)))
    assert entry == ("W2", (1, 0)) == Entry("W2", (1, 0))
    assert (entry.layer, entry.source, entry.unit, entry.is_bias) == (2, 1, 0, False)
    assert tm.worked_example().net.entries[6].is_bias


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: tm.MLP((3, 2, 1), biases="some"), ["biases: expected one of 'each', 'shared', 'none'", "'some'"]),
        (lambda: tm.MLP((3, 2, 1), hidden=(8, 8)), ["hidden: expected the activation", "layer sizes go into sizes"]),
        (lambda: tm.MLP((3, 2, 1), hidden=("tanh", "relu")), ["one for each of 1 hidden layers", "'relu'"]),
        (lambda: tm.MLP("silu"), ["sizes: expected", "'silu'"]),
        (lambda: tm.MLP((3, 2, 1), output="tanh"), ["output and loss", "('tanh', 'squared')"]),
        (lambda: tm.MLP((3, 2, 1), hidden="sgmoid"), ["did you mean 'sigmoid'?"]),
        (lambda: NETS["no biases"].params(W1=np.zeros((3, 2)), W2=[[1], [1]], b1=[[0, 0]]), ["expected W1, W2, got"]),
        (lambda: tm.MLP((2, 1)).init(np.random.default_rng(0), start="he2"), ["start: expected one of", "'he'?"]),
        (lambda: tm.worked_example().net.entry("W1"), ["entry: expected", "'W1'"]),
    ],
)
def test_what_does_not_fit_is_told(call, words):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    for word in words:
        assert word in str(caught.value)
