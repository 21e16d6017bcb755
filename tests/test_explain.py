"""Labels, numbers as text, and the parts of a step."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.activations import ACTIVATIONS
from tinymlp.explain import chain_rule, edited, formula, ledger, step_from
from tinymlp.losses import LOSSES
from tinymlp.momentum import RULES
from tinymlp.words import decimal, label, meaning, on_page, short


def test_labels_count_from_one_layer_above_input_then_unit_below():
    assert label("W1", (0, 1)) == "w¹₁₂"
    assert label("W2", (1, 0)) == "w²₂₁"
    assert label("b1", (0, 1)) == "b¹₂"
    assert label("W1", (9, 1)) == "w¹₁₀,₂"


def test_a_label_in_words():
    net = tm.MLP((3, 2, 1))
    assert meaning(net, "W1", (0, 1)) == "from input 1 to hidden unit 2"
    assert meaning(net, "W2", (1, 0)) == "from hidden unit 2 to the output"
    assert meaning(net, "b2", (0, 0)) == "bias of the output"
    assert meaning(tm.MLP((2, 2, 2, 2)), "W2", (0, 1)) == "from hidden unit 1 of layer 1 to hidden unit 2 of layer 2"


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (0.123456, {}, "0.1235"),
        (-3e-11, {}, "0.0000"),
        (-3e-11, {"sign": True}, "0.0000"),
        (0.5, {"sign": True}, "+0.5000"),
        (-1234.5678, {}, "-1234.57"),
        (1234567.0, {}, "1.23e+06"),
    ],
)
def test_numbers_have_no_noise_and_no_signed_zero(value, options, text):
    assert decimal(value, **options) == text


def test_settings_are_written_as_a_person_writes_them():
    values = {1.0: "1", 0.5: "0.5", -0.0: "0", 50: "50", 1e-7: "1e-07", 0.1 + 0.2: "0.3", 1e-17: "0"}
    assert {value: short(value) for value in values} == values
    assert on_page("-1") == "\N{MINUS SIGN}1"


@pytest.mark.parametrize("rule", RULES.values())
def test_the_parts_of_a_step_add_up_to_what_the_run_does(rule):
    run = tm.Run(tm.worked_example(), rule=rule).step(3)
    step = step_from(run.at(2))
    assert step.after == run.params
    assert step.velocity == run.velocity
    np.testing.assert_allclose((step.carried + step.added).flat, step.move.flat, rtol=1e-13, atol=1e-17)
    np.testing.assert_allclose((step.before + step.move).flat, step.after.flat, rtol=1e-14)
    assert (step.t, step.loss) == (3, run.losses[2])


def test_by_our_rule_the_parts_are_the_formulas():
    run = tm.Run(tm.worked_example()).step(3)
    step, before = step_from(run.at(2)), run.at(2)
    assert step.carried == 0.9 * before.velocity
    assert step.added == -0.8 * before.grads
    assert step.move == step.velocity == run.velocity
    assert formula(before) == "v ← 0.9 v − 0.8 g"


def test_a_change_by_hand_is_noticed():
    run = tm.Run(tm.worked_example()).step(2)
    assert not edited(run.at(1), run.now)
    run.set("b2", (0, 0), 0.25)
    assert edited(run.at(1), run.now)


# The chain rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output", "loss"), LOSSES)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(3, 2, 1), (2, 1), (2, 3), (2, 3, 2, 2), (1, 2, 1, 2, 1)])
def test_the_factors_multiply_to_the_samples_gradient(sizes, hidden, output, loss):
    net = tm.MLP(sizes, hidden=hidden, output=output, loss=loss)
    rng = np.random.default_rng(1)
    params, X = 2.0 * net.init(rng), rng.normal(size=(4, sizes[0]))
    y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=4)]
    trace = tm.forward(params, X)
    for name, index in net.entries:
        for sample in range(4):
            chain = chain_rule(trace, y, name, index, sample)
            alone = tm.backward(tm.forward(params, X[sample : sample + 1]), y[sample : sample + 1])[name][index]
            assert chain.product == pytest.approx(alone, rel=1e-12, abs=1e-300)
            assert np.prod([f.value for f in chain.opened]) == pytest.approx(alone, rel=1e-12, abs=1e-17)
            assert chain.samples[sample] == pytest.approx(alone, rel=1e-12, abs=1e-300)
            assert all_parts_make_their_whole(chain.factors)
        assert chain.mean == pytest.approx(float(tm.backward(trace, y)[name][index]), rel=1e-12)
        assert chain.samples.mean() == pytest.approx(chain.mean, rel=1e-9, abs=1e-16)


def all_parts_make_their_whole(factors):
    """Return whether the parts of each factor, and their own parts, make up its value."""
    for factor in factors:
        values = [part.value for part in factor.parts]
        if factor.joined:
            whole = np.prod(values) if factor.joined == "times" else sum(values)
            if abs(whole - factor.value) > 1e-12 * max(map(abs, values)):
                return False
        if not all_parts_make_their_whole(factor.parts):
            return False
    return True


def test_the_worked_example_opens_into_the_five_factors_of_the_original_notebook():
    problem = tm.worked_example()
    chain = chain_rule(tm.forward(problem.params, problem.X), problem.y, "W1", (0, 0), 0)
    symbols = [factor.symbol for factor in chain.opened]
    assert symbols == ["∂ℓ/∂p", "∂p/∂z²", "∂z²/∂h¹₁", "∂h¹₁/∂z¹₁", "∂z¹₁/∂w¹₁₁"]
    expected = [-1.8637441618760981, 0.24866378096087308, 0.3, 0.574719696345381, 1.0]
    assert [factor.value for factor in chain.opened] == pytest.approx(expected, rel=1e-14)
    assert chain.factors[0].symbol == "∂ℓ/∂z²"
    assert "too low, the target is 1: raise it" in chain.opened[0].sentence
    assert str(chain).count("\n") == 6
    assert "the mean over all 3 samples" in str(chain)


def test_where_a_factor_would_be_infinite_delta_stays_closed():
    problem = tm.worked_example()
    params = problem.params.replace("b2", (0, 0), -1000.0)
    chain = chain_rule(tm.forward(params, problem.X), problem.y, "b2", (0, 0), 0)
    assert np.isfinite([factor.value for factor in chain.opened]).all()
    assert chain.product == -1.0


def test_a_slope_below_0_is_said_to_flip_the_sign():
    problem = tm.worked_example()
    params = problem.params.replace("b1", (0, 0), -3.0)
    chain = chain_rule(tm.forward(params, problem.X), problem.y, "W1", (0, 0), 0)
    (slope,) = [factor for factor in chain.factors if factor.symbol == "∂h¹₁/∂z¹₁"]
    assert slope.value < 0
    assert "flips the sign" in slope.sentence


@pytest.mark.parametrize(
    ("arguments", "beginning"),
    [
        (("W3", (0, 0), 0), "name: expected"),
        (("W1", (0, 5), 0), "index: expected"),
        (("W1", (0, 0), 3), "sample: expected a whole number below 3"),
        (("W1", (0, 0), -1), "sample: expected"),
    ],
)
def test_a_weight_or_sample_that_does_not_exist_is_refused(arguments, beginning):
    problem = tm.worked_example()
    with pytest.raises(ValueError, match="expected") as caught:
        chain_rule(tm.forward(problem.params, problem.X), problem.y, *arguments)
    assert str(caught.value).startswith(beginning)


# The ledger ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.gain])
def test_the_shares_of_past_gradients_sum_to_the_velocity(rule):
    run = tm.Run(tm.worked_example(), rule=rule).step(6)
    run.eta = 0.3
    run.step(5)
    run.gamma = 0.5
    run.set("W1", (0, 0), 0.7)
    run.step(4)
    for name, index in run.problem.net.entries:
        shares = ledger(run, name, index)
        assert [share.t for share in shares] == list(range(1, 16))
        assert sum(share.share for share in shares) == pytest.approx(run.velocity[name][index], rel=1e-9, abs=1e-15)


def test_a_share_is_gamma_to_the_power_of_its_age():
    run = tm.Run(tm.worked_example()).step(5)
    shares = ledger(run, "b2", (0, 0))
    assert [share.kept for share in shares] == pytest.approx([0.9**4, 0.9**3, 0.9**2, 0.9, 1])
    assert shares[0].share == pytest.approx(0.9**4 * -0.8 * 0.1914336731549604)
    assert ledger(tm.Run(tm.worked_example()), "b2", (0, 0)) == []


def test_the_ledger_of_an_unknown_rule_is_refused():
    run = tm.Run(tm.worked_example(), rule=lambda w, v, g, eta, gamma: (w - eta * g, v)).step()
    with pytest.raises(ValueError, match="rule: expected"):
        ledger(run, "b2", (0, 0))
