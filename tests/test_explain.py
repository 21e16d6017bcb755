"""Labels, numbers as text, and the parts of a step."""

import numpy as np
import pytest

import tinymlp as tm
from tinymlp.explain import edited, formula, step_from
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
