"""Vote, discuss, vote again: the card with two votes, and a class's votes from files, from hand-ins and from hands."""

import json
import os
import stat
import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

import tinymlp as tm
from tinymlp.pages.cards import told
from tinymlp.teaching import keep
from tinymlp.teaching.askings import FILE, WANTED
from tinymlp.teaching.bins import Bins
from tinymlp.teaching.collected import file_name, to_hand_in
from tinymlp.teaching.known import known
from tinymlp.teaching.predictions import Prediction, calibration
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.teaching.tally import advice
from tinymlp.teaching.votes import hands as counted
from tinymlp.teaching.votes import read
from tinymlp.views import VotesChart
from tinymlp.widgets import hands, my_guesses, panel, predict, votes

pytestmark = pytest.mark.usefixtures("own_home")
WHEN = "08.when"
FIRST, SECOND, TENTH = QUESTIONS[WHEN].choices
QUESTION = "Which way will it go?"
KEPT = "Your first vote is kept. Talk with a neighbour, then vote again."


def twice(name="t.way", reveal=False):
    return Prediction(name, QUESTION, "down", reveal=reveal)


def vote(card, guess, sure=None):
    card.guess.value = guess
    if sure is not None:
        card.sure.value = sure
    card.lock.click()


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Return (folder of a class, a function that casts one or two votes of a learner in it)."""
    folder = tmp_path / "class"
    folder.mkdir()

    def cast(who, *guesses, name=WHEN, sure=None):
        with monkeypatch.context() as at:
            at.setenv("TINYMLP_HOME", str(folder / who))
            question = known(name)
            asked = Prediction(name, question.text, question.truth, options=tuple(question.choices), reveal=False)
            for guess in guesses:
                asked.lock(guess, sure)

    return folder, cast


# The card ------------------------------------------------------------------------------------------------------------


def test_a_first_vote_is_kept_and_nothing_is_told_before_the_second():
    card = predict(WHEN, reveal=False)
    board = panel(tm.Run(tm.worked_example()), after=card)
    step = board.controls["step"].widget
    assert "You vote twice" in card.outcome.value
    vote(card, TENTH, 80)
    assert KEPT in card.outcome.value
    assert (card.guess.value, card.sure.value, card.lock.disabled) == ("", "", False)
    assert card.tell.disabled
    assert card.again.disabled
    assert step.disabled
    assert "opens when your second vote is locked" in board.picture.status
    with pytest.raises(ValueError, match="truth: expected a locked guess first"):
        _ = card.prediction.truth
    said = card.outcome.value + card.describe() + str(card.get_state())
    assert not any(reason in said for reason in QUESTIONS[WHEN].choices.values())
    card.lock.click()  # a second click on the same button is no second vote
    assert "Choose an answer first" in card.outcome.value
    assert card.prediction.pending


def test_the_second_vote_opens_the_panel_and_is_told_as_any_guess():
    card = predict(WHEN, reveal=False)
    board = panel(tm.Run(tm.worked_example()), after=card)
    vote(card, TENTH)
    vote(card, SECOND)
    assert not board.controls["step"].widget.disabled
    assert "Locked: you said &quot;the second&quot;. At first you said &quot;the tenth&quot;." in card.outcome.value
    assert "right." not in card.outcome.value
    board.run.step(2)
    assert 'You said "the second": right. At first you said "the tenth".' in card.describe()
    assert "Now say why" in card.describe()


def test_both_votes_are_on_file_and_survive_a_restart():
    first = twice()
    first.lock("up", 60)
    assert (twice().first, twice().pending, twice().locked) == (("up", 60), True, False)
    assert twice(reveal=True).pending  # the file says that there will be a second one
    twice().lock("down", 90)
    assert (twice().guess, twice().sure, twice().first) == ("down", 90, ("up", 60))
    with pytest.raises(ValueError, match="guess: expected none, as 'down' is already locked"):
        twice().lock("up")
    votes = [(r["vote"], r["guess"], r["right"]) for r in keep.read(FILE, WANTED)[0]]
    assert votes == [(1, "up", False), (2, "down", True)]


def test_who_goes_on_without_a_second_vote_has_the_first_one_locked():
    card = predict(WHEN, reveal=False)
    assert card.go_on.disabled
    vote(card, SECOND)
    card.go_on.click()
    assert (card.prediction.guess, card.lock.disabled, card.go_on.disabled) == (SECOND, True, True)
    assert "Locked: you said &quot;the second&quot;. Press Step twice" in card.outcome.value
    again = Prediction(WHEN, QUESTIONS[WHEN].text, SECOND, options=tuple(QUESTIONS[WHEN].choices))
    assert (again.guess, again.pending) == (SECOND, False)
    with pytest.raises(ValueError, match="open: expected a first vote that waits"):
        again.open()
    assert predict("08.bias").go_on.layout.display == "none"


def test_two_cards_of_one_question_share_both_votes():
    one, other = predict(WHEN, reveal=False), predict(WHEN, reveal=False)
    vote(one, FIRST)
    assert KEPT in other.outcome.value
    vote(other, SECOND)
    assert one.prediction.guess == SECOND
    assert one.lock.disabled


def test_a_first_vote_made_in_another_notebook_meanwhile_does_not_become_a_second_one():
    here, elsewhere = twice(), twice()
    elsewhere.lock("up")
    with pytest.raises(ValueError, match="guess: expected a second vote, as the first one is kept by now"):
        here.lock("up")
    assert here.pending


def test_an_old_file_is_read_as_before_and_asking_again_starts_two_new_votes():
    old = {"name": "t.way", "question": QUESTION, "guess": "up", "sure": 70, "right": False, "when": "2024-01-01"}
    keep.add(FILE, old)
    asked = twice()
    assert (asked.guess, asked.first, asked.pending) == ("up", None, False)
    asked.again()
    asked.lock("stays")
    assert asked.pending


def test_a_drawn_guess_is_drawn_anew_for_the_second_vote():
    card = predict("07.lands", reveal=False)
    card.prediction.draw((0.0, 0.0))
    card.lock.click()
    assert card.prediction.draft is None
    card.lock.click()
    assert card.prediction.pending
    card.prediction.draw((2.3, -2.7))
    card.lock.click()
    assert card.prediction.right
    assert "At first you said (0.00, 0.00)" in card.outcome.value


def test_the_calibration_counts_the_vote_before_the_discussion():
    asked = twice()
    asked.lock("up", 60)
    asked.lock("down", 100)
    assert calibration() == [(60, 1, 0.0)]


# Counts --------------------------------------------------------------------------------------------------------------


def test_both_rounds_and_those_who_moved_are_counted(room):
    folder, cast = room
    cast("Ada", FIRST, SECOND, sure=80)
    cast("Ben", SECOND, SECOND, sure=80)
    cast("Cleo", SECOND, TENTH, sure=60)
    cast("Dan", TENTH, TENTH)
    cast("Eve", SECOND, sure=80)  # only the first vote
    tally = read(folder).tallies[WHEN]
    assert (tally.bars, tally.first, tally.second) == ((FIRST, SECOND, TENTH), (1, 3, 1), (0, 2, 2))
    assert (tally.rights, tally.shares) == ((3, 2), [60, 50])
    assert tally.moves == {
        (FIRST, SECOND): ("Ada",),
        (SECOND, SECOND): ("Ben",),
        (SECOND, TENTH): ("Cleo",),
        (TENTH, TENTH): ("Dan",),
    }
    assert tally.turned == {(False, True): 1, (True, True): 1, (True, False): 1, (False, False): 1}
    assert tally.sure == ((60, 1, 1.0), (80, 3, 2 / 3))
    moves = ['1 moved from "the first" to "the second"', '1 moved from "the second" to "the tenth"']
    assert tally.moved() == ["2 stayed", *moves]
    assert tally.moved(names=True)[0] == "2 (Ben, Dan) stayed"
    assert "wrong to right: 1; right to wrong: 1; stayed right: 1; stayed wrong: 1." in tally.told()


@pytest.mark.parametrize(
    ("share", "discussed", "beginning"),
    [
        (29.9, False, "Explain"),
        (30, False, "Discuss"),
        (70, False, "Discuss"),
        (70.1, False, "Go on"),
        (50, True, "Explain"),
        (90, True, "Go on"),
    ],
)
def test_the_advice_has_mazurs_thresholds(share, discussed, beginning):
    assert advice(share, discussed).startswith(beginning)


def test_only_the_first_asking_is_a_vote_as_the_answer_is_known_after_it(room):
    folder, _ = room
    guess = {"name": WHEN, "question": QUESTIONS[WHEN].text}
    lines = [
        guess | {"guess": TENTH, "vote": 1},
        guess | {"guess": FIRST, "vote": 2},
        guess | {"again": True},
        guess | {"guess": SECOND},
    ]
    (folder / "Ada").mkdir()
    (folder / "Ada" / FILE).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    tally = read(folder).tallies[WHEN]
    assert (tally.first, tally.second) == ((0, 0, 1), (1, 0, 0))


def test_a_question_on_a_reason_and_one_of_ones_own_are_counted_too(room, monkeypatch):
    folder, cast = room
    reasons = list(QUESTIONS[WHEN].why.reasons)
    cast("Ada", reasons[1], name=f"{WHEN}.why")
    for who, number in (("Ada", 11.0), ("Ben", 14.0), ("Cleo", 90.0)):
        with monkeypatch.context() as at:
            at.setenv("TINYMLP_HOME", str(folder / who))
            Prediction("own.n", "How many?", 11.5, kind="number").lock(number)
            Prediction("own.way", QUESTION, "down").lock("up" if who == "Ada" else "down")
    found = read(folder).tallies
    assert found[f"{WHEN}.why"].first == (0, 1, 0)
    assert (sum(found["own.n"].first), found["own.n"].rights) == (3, (1,))
    assert (found["own.way"].first, found["own.way"].right, found["own.way"].answer) == ((1, 2, 0), ("down",), "down")


def test_a_drawn_guess_is_counted_as_right_or_not(room, monkeypatch):
    folder, _ = room
    question = QUESTIONS["07.lands"]
    for who, place in (("Ada", question.truth), ("Ben", (0.0, 0.0))):
        with monkeypatch.context() as at:
            at.setenv("TINYMLP_HOME", str(folder / who))
            Prediction("07.lands", question.text, question.truth, kind="place", within=0.25).lock(place)
    tally = read(folder).tallies["07.lands"]
    assert (tally.bars, tally.first, tally.answer) == (("right", "not right"), (1, 1), "(2.30, -2.71)")
    assert "2.30" not in tally.describe()


def test_numbers_fall_in_a_few_bars_with_round_edges_and_a_wild_one_squeezes_none():
    guesses = [1, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 1e9]
    bins = Bins(guesses)
    held = [bins.of(guess) for guess in guesses]
    assert bins.words == ("below 2", "2 to 4", "4 to 6", "6 to 8", "8 to 10", "10 or more")
    assert held[0] == "below 2"
    assert held[-2:] == ["10 or more"] * 2
    assert Bins([3.0, 3.0]).of(3.0) in Bins([3.0, 3.0]).words
    assert Bins([0.0]).words
    assert Bins([-0.5, -0.25]).words[0] == "−0.5 to −0.45"


# Files ---------------------------------------------------------------------------------------------------------------


def test_damaged_files_are_told_by_name_and_stop_nothing(room):
    folder, cast = room
    for who in ("Ada", "Ben", "Cleo"):
        cast(who, SECOND)
    (folder / "Ben" / FILE).write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with open(folder / "Cleo" / FILE, "ab") as file:
        file.write(b'{"name": "torn", "gue')
    (folder / "Dan").mkdir()
    (folder / "Eve" / FILE).mkdir(parents=True)  # it cannot be opened
    (folder / "list.txt").write_text("Ada\nBen\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = read(folder)
    assert found.tallies[WHEN].first == (0, 2, 0)
    assert found.learners == 2
    assert sorted(found.notes) == [
        "Ben/predictions.jsonl: damaged: no guess in it could be read.",
        "Cleo/predictions.jsonl: 1 damaged line not counted; the rest was read.",
        "Dan: no guesses yet.",
        "Eve/predictions.jsonl: could not be opened (Is a directory).",
        "list.txt: not a file of guesses: it was not counted.",
    ]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_an_answer_that_does_not_fit_its_question_is_not_counted(room):
    folder, cast = room
    cast("Ada", SECOND)
    line = {"name": WHEN, "question": QUESTIONS[WHEN].text, "guess": ["x"]}
    (folder / "Ben").mkdir()
    (folder / "Ben" / FILE).write_text(json.dumps(line) + "\n", encoding="utf-8")
    found = read(folder)
    assert found.tallies[WHEN].first == (0, 1, 0)
    assert found.notes == ("Ben/predictions.jsonl: 1 question not counted, with no answer that fits.",)


WORDS = st.sampled_from(["", "x", FIRST, SECOND])
ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | WORDS, st.lists, max_leaves=3)
LINES = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from([WHEN, "07.lands", "own"]), "guess": ANYTHING},
        optional={"vote": ANYTHING, "sure": ANYTHING, "right": ANYTHING, "when": ANYTHING, "told": ANYTHING},
    )
)


@settings(deadline=None)
@given(lines=LINES)
def test_no_line_whatever_is_in_it_stops_the_count(lines):
    with tempfile.TemporaryDirectory() as folder:
        texts = {name: known(name).text for name in (WHEN, "07.lands")}
        lines = [line | {"question": texts.get(line["name"], QUESTION)} for line in lines]
        (Path(folder) / FILE).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        for tally in read(folder).tallies.values():
            assert sum(tally.first) == 1
            assert tally.describe(shown=True)


def test_a_file_to_hand_in_has_the_chosen_name_and_does_not_say_what_is_right(room):
    folder, _ = room
    predict(WHEN, reveal=False).prediction.lock(SECOND, 70)
    content = to_hand_in("  Zo\u0065\u0308  K. ")
    assert '"right"' not in content.decode()
    (folder / "Kopie von guesses (1).txt").write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    found = read(folder)
    assert (found.tallies[WHEN].first, found.tallies[WHEN].rights, found.notes) == ((0, 1, 0), (1,), ())
    assert file_name("Zoë K./..") == "guesses-Zoë_K.txt"
    with pytest.raises(ValueError, match="name: expected a name to hand the guesses in under, got ''"):
        to_hand_in(" ")


def test_two_learners_of_one_name_are_both_counted_and_a_second_copy_is_not(room):
    folder, cast = room
    cast("Ada", TENTH, SECOND)
    predict(WHEN, reveal=False).prediction.lock(SECOND)
    (folder / "Ada.txt").write_bytes(to_hand_in("Ada"))
    (folder / "late").mkdir()
    (folder / "late" / "Ada.txt").write_bytes(to_hand_in("Ada"))
    found = read(folder)
    assert found.learners == 2
    assert found.tallies[WHEN].first == (0, 1, 1)
    assert "2 learners are called Ada: numbered." in found.notes
    assert any("the same learner's as Ada.txt" in note for note in found.notes)


def test_homes_on_a_hub_and_folders_of_a_page_are_found(room, tmp_path):
    folder, cast = room
    cast("Ada/.tinymlp", SECOND)
    cast("Ben/my guesses", SECOND)
    (folder / "Ben/my guesses" / FILE).rename(folder / "Ben/my guesses" / (FILE + ".txt"))
    assert read(folder).tallies[WHEN].first == (0, 2, 0)
    assert read(folder / "Ada").learners == 1
    with pytest.raises(ValueError, match="folder: expected a folder with the guesses of a class, got"):
        votes(tmp_path / "nowhere")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o600), (0o700, 0o600), (0o2755, 0o600), (0o2750, 0o640)])
def test_guesses_are_the_learners_alone_unless_their_folder_was_set_up_for_a_group(own_home, folder, file):
    own_home.mkdir()
    own_home.chmod(folder)
    twice().lock("up")
    assert stat.S_IMODE((own_home / FILE).stat().st_mode) == file


# The view ------------------------------------------------------------------------------------------------------------


def given_away(tally):
    """Return what nobody may read before the answer is asked for."""
    return [*tally.told(), *tally.calibrated(), tally.advice(), "\N{CHECK MARK}"]


def seen(view):
    """Return all that a page, or a saved notebook, has of a view: words, picture and the state of its widgets."""
    widgets = [*view.children, *(inner for child in view.children for inner in getattr(child, "children", ()))]
    state = [str(widget.get_state()) for widget in widgets]
    return "\n".join([view.describe(), *state, view._repr_mimebundle_()["text/plain"]])


def test_the_right_answer_is_hidden_until_it_is_asked_for_and_again_at_the_next_question(room):
    folder, cast = room
    for who in ("Ada", "Ben"):
        cast(who, FIRST, SECOND, sure=80)
        cast(who, "down", name="08.bias")
    view = votes(folder, WHEN)
    hidden = seen(view)
    assert not any(words in hidden for words in given_away(view.tally))
    picture = VotesChart(view.tally).png()
    assert view._repr_mimebundle_()["image/png"] == picture
    view.answer.click()
    assert "The right answer: the second." in view.words.value
    assert "wrong to right: 2" in view.words.value
    assert "80 % sure: 0 of 2 right" in view.words.value
    assert "The right answer: the second." in view.describe()
    assert view._repr_mimebundle_()["image/png"] != picture
    view.choose("08.bias")
    assert not view.shown
    assert "The right answer:" not in seen(view)
    view.choose(WHEN)
    assert seen(view).count("answer:") == 0


def test_the_picture_is_the_same_whichever_answer_is_right():
    tally = counted(WHEN, [6, 17, 5], [2, 25, 1])
    other = counted(WHEN, [6, 17, 5], [2, 25, 1])
    object.__setattr__(other, "right", (FIRST,))
    assert VotesChart(tally).svg() == VotesChart(other).svg()
    assert VotesChart(tally, shown=True).svg() != VotesChart(other, shown=True).svg()


def test_the_advice_has_a_button_of_its_own(room):
    folder, cast = room
    cast("Ada", SECOND)
    view = votes(folder)
    view.advise.click()
    assert "Go on: more than 70 %" in view.words.value
    assert "The right answer:" not in view.words.value
    view.advise.click()
    assert "Go on" not in view.words.value


def test_the_view_follows_what_comes_in(room):
    folder, cast = room
    view = votes(folder)
    assert "No votes yet." in view.status.value
    assert view.answer.disabled
    cast("Ada", FIRST)
    view.renew.click()
    assert (view.question.value, view.tally.first) == (WHEN, (1, 0, 0))
    view.answer.click()
    cast("Ben", SECOND)
    cast("Ben", "down", name="08.bias")
    view.by_itself.value += 1
    assert (view.tally.first, view.shown) == ((1, 1, 0), True)
    assert [name for _, name in view.question.options] == [WHEN, "08.bias"]
    with pytest.raises(ValueError, match=r"name: expected one of '08\.when', '08\.bias', got '07\.fate'"):
        votes(folder, "07.fate")


def test_a_folder_that_is_gone_for_a_while_is_said_and_the_votes_stay(room):
    folder, cast = room
    cast("Ada", FIRST)
    view = votes(folder)
    before = view.status.value
    folder.rename(folder.with_name("away"))
    view.renew.click()
    assert "expected a folder with the guesses of a class" in view.status.value
    assert view.tally.first == (1, 0, 0)
    folder.with_name("away").rename(folder)
    view.renew.click()
    assert view.status.value == before


def test_names_are_left_out_unless_they_are_asked_for(room):
    folder, cast = room
    cast("Ada", FIRST, SECOND)
    (folder / "Ben").mkdir()
    assert "Ada" not in seen(votes(folder))
    assert "Ben" not in seen(votes(folder))
    assert '1 (Ada) moved from "the first" to "the second"' in votes(folder, names=True).describe()
    assert votes(folder).notes == ("Ben: no guesses yet.",)


def test_hands_give_the_same_picture_as_votes(room):
    folder, cast = room
    for number, (before, after) in enumerate([(FIRST, SECOND), (SECOND, SECOND), (TENTH, TENTH), (SECOND, SECOND)]):
        cast(f"L{number}", before, after)
    live, raised = votes(folder), hands(WHEN, [1, 2, 1], [0, 3, 1])
    for shown in (False, True):
        assert VotesChart(live.tally, shown).svg() == VotesChart(raised.tally, shown).svg()
    assert live.tally.counted() == raised.tally.counted()
    assert live.tally.shares == raised.tally.shares
    assert live.tally.advice() == raised.tally.advice()
    assert "Hands do not tell who moved." in raised.describe()
    assert raised.renew not in raised.children


@pytest.mark.parametrize(
    ("call", "beginning"),
    [
        (lambda: hands("08.whom", [1, 2, 3]), "name: expected one of"),
        (
            lambda: hands(WHEN, [1, 2]),
            "first: expected 3 counts, of 'the first', 'the second', 'the tenth'; got [1, 2]",
        ),
        (lambda: hands(WHEN, [1, 2, 3], [1, 2, -3]), "second: expected a whole number, at least 0, got -3"),
        (lambda: hands(WHEN, 3), "first: expected 3 counts"),
    ],
)
def test_hands_that_do_not_fit_are_refused(call, beginning):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert str(caught.value).startswith(beginning)


def test_hands_for_a_drawn_guess_are_right_or_not():
    assert hands("07.lands", [12, 18]).tally.shares == [40]


def test_no_hands_at_all_are_no_votes():
    assert hands(WHEN, [0, 0, 0]).tally.advice() == "No votes yet."


def test_a_card_makes_the_file_to_hand_in_under_the_name_that_was_written():
    predict(WHEN).prediction.lock(SECOND)
    card = my_guesses()
    card.save.click()
    assert card.file.value == "Write your name first."
    card.name.value = "Ada L."
    card.save.click()
    assert 'download="guesses-Ada_L.txt"' in card.file.value
    card.name.value = "Ben"
    assert card.file.value == ""


def test_a_page_without_a_kernel_has_the_plain_card():
    said = told(predict(WHEN, reveal=False).prediction)
    assert said["told"][SECOND].startswith('You said "the second": right.')
