"""Flawed sheets: one slip in one number, all of the rest following from it, and the card that asks for it."""

from collections import Counter

import ipywidgets as w
import pytest

from tinymlp.teaching import flawed as sheets
from tinymlp.teaching import homework
from tinymlp.teaching.slips import SAYINGS
from tinymlp.widgets import flawed

pytestmark = pytest.mark.usefixtures("own_home")
MADE = [sheets.flawed(seed) for seed in range(40)]


@pytest.mark.parametrize("made", MADE, ids=lambda made: f"{made.slip} in {made.cell.stage}")
def test_a_flawed_sheet_has_one_wrong_number_with_a_known_slip_and_nothing_else_is_wrong(made):
    outcome = homework.check(made.sheet, made.table)
    assert outcome.wrongs == (made.cell,)
    assert outcome.slips == (made.slip,)
    assert not outcome.follow
    assert outcome.given == float(sheets.SHOWN.format(made.given))
    assert outcome.answer == pytest.approx(made.answer, abs=2e-3)
    assert abs(made.given - made.answer) > 0.01


@pytest.mark.parametrize("made", MADE[:10], ids=lambda made: made.slip)
def test_with_the_number_put_right_that_cell_is_right(made):
    table = made.table | {(made.cell.t, made.cell.name): sheets.SHOWN.format(made.answer)}
    outcome = homework.check(made.sheet, table)
    assert made.cell not in outcome.wrongs


def test_what_comes_after_the_slip_follows_from_it():
    for made in MADE:
        cells = list(made.sheet.cells)
        at = cells.index(made.cell)
        right = {key: sheets.SHOWN.format(value + 0.0) for key, value in made.sheet.solution.items()}
        differs = [n for n, c in enumerate(cells) if right[c.t, c.name] != made.table[c.t, c.name]]
        assert differs[0] == at


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.slip)
def test_the_reasons_hold_the_truth_and_none_of_them_gives_the_same_number(made):
    assert len(made.reasons) == 4
    assert made.why == SAYINGS[made.slip]
    assert made.reasons[made.why].startswith("It gives what is written")
    gives = [words for reason, words in made.reasons.items() if "would give" in words]
    written = {sheets.SHOWN.format(made.given), sheets.SHOWN.format(made.answer)}
    assert not any(number in words.split() for words in gives for number in written)
    assert len(set(gives)) == len(gives)


def test_slips_of_many_kinds_are_made_in_stages_of_many_kinds():
    assert len({made.slip for made in MADE}) >= 12
    assert len({made.cell.stage for made in MADE}) >= 8
    assert max(Counter(made.slip for made in MADE).values()) <= 10


def test_the_same_seed_makes_the_same_sheet_and_another_one_another():
    one, two = sheets.flawed("Ada"), sheets.flawed("Ada")
    assert one.table == two.table
    assert one.reasons == two.reasons
    assert one.table != sheets.flawed("Ben").table


# The card -------------------------------------------------------------------------------------------------------------


def choose(card, cell, reason):
    card.part.value = cell.t
    card.cell.value = sheets.place(cell)
    card.reason.value = reason
    card.lock.click()


def test_the_card_shows_every_number_and_not_which_is_wrong():
    card = flawed(2)
    text = card.describe()
    for cell in card.flawed.sheet.cells:
        assert card.flawed.table[cell.t, cell.name] in text
    for part in (1, 2):
        card.part.value = part
        assert "✗" not in text + card.tables.value
        assert f"Iteration {part}: mean loss" in card.tables.value
    assert card.flawed.told() not in text
    assert "It gives what is written" not in text
    assert "choose and lock one" in text


def test_a_right_answer_is_told_why():
    card = flawed(2)
    choose(card, card.flawed.cell, card.flawed.why)
    assert card.is_told
    assert f"You said {card.flawed.place}: right. The reason you gave is right." in card.outcome.value
    assert f"✗ {card.flawed.table[card.flawed.cell.t, card.flawed.cell.name]}".replace("-", "−") in card.tables.value
    assert card.describe().count("✗") == 1


def test_a_wrong_answer_is_told_the_cell_and_a_reason_for_each_choice():
    card = flawed(2)
    other = next(cell for cell in card.flawed.sheet.cells if cell != card.flawed.cell)
    choose(card, other, next(reason for reason in card.why.options if reason != card.flawed.why))
    assert f"You said {sheets.place(other)}: not right. The reason you gave is not right." in card.outcome.value
    assert card.outcome.value.count("<li>") == 4
    assert card.flawed.why in card.outcome.value


def test_both_answers_are_needed_and_are_locked_together():
    card = flawed(3)
    card.lock.click()
    assert card.outcome.value == "Choose a number and a reason first."
    card.reason.value = card.why.options[0]
    card.lock.click()
    assert not card.which.locked
    assert not card.why.locked


def test_an_answer_is_remembered_and_a_new_sheet_can_be_had():
    card = flawed("Ada")
    choose(card, card.flawed.cell, card.flawed.why)
    again = flawed("Ada")
    assert again.describe() == card.describe()
    assert again.lock.disabled
    first = again.flawed.table
    again.renew.click()
    assert again.flawed.table != first
    assert not again.is_told
    assert not again.lock.disabled
    assert again.outcome.value == ""


def test_the_card_is_stable_as_text_and_every_field_has_a_name():
    card = flawed(5)
    assert card._repr_mimebundle_()["text/plain"] == flawed(5).describe()
    assert "tinymlp-flawed" in card._dom_classes
    (row,) = [child for child in card.children if isinstance(child, w.Box)]
    assert all(child.description for child in row.children)
