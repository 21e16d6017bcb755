"""A learner's own table: what was read wrong in silence is told or mended, and a refusal names the call that works."""

import numpy as np
import pytest
import tables

import tinymlp as tm
from tinymlp import csvfile, numerals, problems, targets

OZONE = "Ozone,Wind,Temp\n41,7.4,67\n36,8,72\n12,12.6,74\n18,11.5,62\nNA,14.3,56\n28,14.9,66\n"


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Return a function that makes a problem of the text of a file."""
    monkeypatch.chdir(tmp_path)

    def make(text, target="y", encoding="utf-8", **options):
        (tmp_path / "data.csv").write_bytes(text.encode(encoding))
        return problems.problem("data.csv", target, **options)

    return make


def refusal(load, *args, **options):
    """Return the message of a file that is refused, after each call that it offers was made and worked."""
    with pytest.raises(ValueError, match="expected") as caught:
        load(*args, **options)
    message = str(caught.value)
    for call in tables.CALL.findall(message):
        assert len(eval(call, {"tm": tm}).X) > 1
    return message


# The hundred ---------------------------------------------------------------------------------------------------------


def test_there_are_a_hundred_tables():
    assert len(tables.tables()) == 100


@pytest.mark.parametrize("table", tables.tables(), ids=lambda table: table.name)
def test_a_table_is_read_right_or_told_with_calls_that_work(table, tmp_path):
    assert tables.fate(table, tmp_path) == ("told" if table.told else "read")


# Silently wrong before -----------------------------------------------------------------------------------------------


def test_na_among_numbers_is_no_class_but_missing(load):
    message = refusal(load, OZONE, "Ozone")
    assert "row 6, column Ozone: expected a value, got 'NA', which is missing" in message
    assert "missing='leave out'" in message
    kept = load(OZONE, "Ozone", missing="leave out")
    assert (len(kept.X), kept.net.output) == (5, "identity")
    assert "1 row with missing cells (row 6)" in kept.taken


@pytest.mark.parametrize("word", ["NA", "n/a", "NaN", "NULL", "?", "#N/A", ""])
def test_na_and_its_like_are_never_a_class(load, word):
    text = f"x,y\n1,cat\n2,dog\n3,{word}\n4,dog\n"
    assert "row 4, column y" in refusal(load, text)
    assert load(text, missing="leave out").classes == ("cat", "dog")


def test_two_columns_with_one_heading_are_two_columns_and_the_words_say_so(load):
    both = load("a,a,y\n1,10,u\n2,30,v\n")
    assert both.features == ("a (column 1)", "a (column 2)")
    assert sorted(both.X.tolist()) == [[1, 10], [2, 30]]
    assert "several columns are called a" in repr(both)
    message = refusal(load, "x,a,a\n1,1,2\n2,2,3\n3,2,5\n", "a")
    assert "expected one column a, got 2: a (column 2), a (column 3)" in message


@pytest.mark.parametrize("heading", ["", "Unnamed: 0", "Id", "PassengerId"])
def test_row_numbers_are_not_learnt_from_unless_asked_for(load, heading):
    text = f"{heading},x,y\n1,5,u\n2,6,v\n3,4,v\n"
    made = load(text)
    assert made.features == ("x",)
    assert "left out" in made.taken
    name = heading or "column 1"
    assert load(text, features=(name, "x")).features == (name, "x")


def test_numbers_that_count_are_learnt_from_if_their_heading_says_what_they_are(load):
    assert load("year,y\n2001,1.5\n2002,1.7\n2003,1.9\n").features == ("year",)


def test_a_line_that_begins_with_an_error_of_the_spreadsheet_does_not_vanish(load):
    message = refusal(load, "a,b,y\n1,2,u\n#DIV/0!,3,v\n3,4,u\n")
    assert "row 3, column a: expected a number, got '#DIV/0!', which is missing" in message


def test_a_file_without_headings_keeps_its_first_sample(load):
    text = "5.1,3.5,setosa\n4.9,3,setosa\n6.1,2.8,virginica\n6.4,2.8,virginica\n"
    message = refusal(load, text, "setosa")
    assert "row 1, column 1: expected a row of headings, got '5.1'" in message
    assert len(load(text, "y", headings=("x1", "x2", "y")).X) == 4


@pytest.mark.parametrize(
    ("values", "names"),
    [((0, 1, 2, 3), "0123"), ((1, 2), "12"), ((2, 4), "24"), ((-1, 1), ("-1", "1")), ((0, 1), "01")],
)
def test_few_whole_numbers_are_classes_named_as_they_were_written(load, values, names):
    made = load("x,y\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values * 2)))
    assert made.classes == tuple(names)
    assert 'kind="numbers" takes them as numbers' in made.taken
    numbers = load("x,y\n" + "".join(f"{n},{value}\n" for n, value in enumerate(values * 2)), kind="numbers")
    assert numbers.net.output == "identity"
    arrays = problems.problem(np.arange(2.0 * len(values))[:, np.newaxis], np.array(values * 2, dtype=float))
    assert arrays.classes == tuple(names)


def test_many_or_single_whole_numbers_are_numbers_and_the_words_say_how_to_have_classes(load):
    made = load("x,y\n1,5\n2,7\n3,9\n4,9\n")
    assert made.net.output == "identity"
    assert 'kind="classes" takes them as classes' in made.taken
    assert load("x,y\n1,5\n2,7\n3,9\n4,9\n", kind="classes").classes == ("5", "7", "9")
    assert targets.kind_of(np.repeat(np.arange(11.0), 2)) == "numbers"
    assert targets.kind_of(np.repeat(np.arange(10.0), 2)) == "classes"


# Refused before ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le"])
def test_a_file_is_read_in_the_encoding_that_it_has(load, encoding):
    made = load("Größe,y\n1,Bär\n2,Käfer\n", encoding=encoding)
    assert (made.features, made.classes) == (("Größe",), ("Bär", "Käfer"))


def test_another_encoding_than_utf_8_is_said(load):
    assert "text in Windows-1252" in load("Größe,y\n1,u\n2,v\n", encoding="cp1252").taken
    assert "text in" not in load("Größe,y\n1,u\n2,v\n").taken


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "save the table as CSV"),
        (b"\x89PNG", "a picture"),
        (b"<html>", "a web page"),
        (b"\0\0\0\x18ftypheic\0\0", "a picture or a film"),
        (b"Rar!\x1a\x07\0", "an archive of another kind than zip: unpack it first"),
        (b"a\0b", "not"),
    ],
)
def test_a_file_that_is_no_text_is_told_for_what_it_is(data, words):
    with pytest.raises(ValueError, match=words):
        csvfile.decoded("data.csv", data)


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_row(load):
    assert "row 3, column 2: expected quotation marks in pairs, got one in '2," in refusal(
        load, 'x,y\n1,u\n2,"v\n3,u\n'
    )


def test_the_mark_that_opens_is_told_though_another_one_closes_its_cell_rows_below(load):
    text = 'x,y\n1,u\n2,"v\n3,u\n4,"w\n5,u\n'
    assert "row 3, column 2: expected quotation marks in pairs, got one in '2,\"v'" in refusal(load, text)
    assert "row 3, column 2" in refusal(load, text.replace('"w', '"w"'))
    assert len(load('x,y\n1,"u, of\nb, c"\n2,v\n').X) == 2


@pytest.mark.parametrize(
    ("cells", "decimal", "values"),
    [
        (["1.5", ".5", "-2", "1e-3"], ".", [1.5, 0.5, -2, 0.001]),
        (["1,5", "12", "0,125"], ",", [1.5, 12, 0.125]),
        (["1,234.5", "12"], ".", [1234.5, 12]),
        (["1.234.567", "1.000"], ",", [1234567, 1000]),
        (["1 234,5", "1"], ",", [1234.5, 1]),
        (["1'234.5"], ".", [1234.5]),
        (["$5", "-$1,234"], ".", [5, -1234]),
        (["\N{MINUS SIGN}3", "5 %"], ".", None),
        (["1,23,4"], ".", None),
        (["1_000"], ".", None),
        (["inf"], ".", None),
    ],
)
def test_a_number_is_read_in_the_notation_of_its_column(cells, decimal, values):
    found, wrong = numerals.numbers(cells, decimal)
    if values is None:
        assert wrong
    else:
        assert (found.tolist(), wrong) == (values, [])


@pytest.mark.parametrize(
    ("columns", "separator", "marks"),
    [
        ([["1.5"], ["1,234"]], ";", [".", "."]),
        ([["1,5"], ["1.234"]], ";", [",", ","]),
        ([["1.234"], ["7"]], ";", [None, "."]),
        ([["1.234"], ["7"]], ",", [".", "."]),
        ([["1,234"], ["7"]], ",", [None, "."]),
        ([["1,234", "1,234,567"]], ",", ["."]),
        ([["0.125", "1.234"]], "\t", ["."]),
        ([["Miller, Ann"], ["01.02.2024"]], ";", [".", "."]),
    ],
)
def test_decimals_are_told_from_thousands_where_that_can_be_told(columns, separator, marks):
    assert numerals.decimals(columns, separator) == marks


# Refusals ------------------------------------------------------------------------------------------------------------


def test_words_in_a_column_are_told_with_the_columns_of_numbers_filled_in(load):
    text = "name,sex,age,y\nAnn,female,3,1\nBob,male,4,0\nCy,male,5,0\nDi,female,6,1\n"
    message = refusal(load, text, sizes=(3,))
    assert "row 2, column name: expected a number, got 'Ann', and words in 4 rows; so have sex" in message
    assert "tm.problems.problem('data.csv', 'y', features=('age',), sizes=(3,))" in message
    assert "features=('sex', 'age'), zero_one=('sex',)" in message


@pytest.mark.parametrize(
    ("words", "numbers"),
    [(("yes", "no"), (1, 0)), (("TRUE", "FALSE"), (1, 0)), (("male", "female"), (1, 0)), (("ja", "nein"), (1, 0))],
)
def test_two_words_are_0_and_1_when_asked_and_which_is_which_is_said(load, words, numbers):
    made = load(f"x,y\n{words[0]},0.5\n{words[1]},0.7\n{words[0]},0.25\n", zero_one="x")
    assert dict(zip(made.y[:, 0], made.X[:, 0], strict=True)) == {0.5: numbers[0], 0.7: numbers[1], 0.25: numbers[0]}
    assert f"x: {words[1]} is 0, {words[0]} is 1" in made.taken


def test_zero_one_needs_two_words(load):
    assert "expected a column of two words, got x, which has 3: 'a', 'b', 'c'" in refusal(
        load, "x,z,y\na,1,1.5\nb,2,2.5\nc,3,3.5\n", zero_one=("x",)
    )


def test_columns_that_miss_most_are_the_first_to_be_left_out(load):
    rows = "".join(f"{n},{n if n == 3 else ''},{n / 2}\n" for n in range(8))
    assert "features=('a',)" in refusal(load, f"a,b,y\n{rows}")


def test_a_target_of_too_many_words_is_told_and_another_one_offered(load):
    message = refusal(load, "name,x,kind\n" + "".join(f"n{n},{n},{'uv'[n % 2]}\n" for n in range(60)), "name")
    assert "column name: target: expected 2 to 50 classes, got 60" in message
    assert "'data.csv', 'kind'" in message


def many(row, rows=30):
    """Return rows of a file, each made by row(k)."""
    return "".join(row(k) + "\n" for k in range(rows))


@pytest.mark.parametrize(
    "date",
    ["31/12", "12/31", "3-4", "31.12.", "31/12/2024", "2024-12", "12/2024", "31 Dec 2024", "Dec 31, 2024", "Dez-24"],
)
def test_dates_in_whatever_form_are_told_and_left_out_by_the_call(load, date):
    message = refusal(load, "seen,x,y\n" + many(lambda k: f'"{date}",{k},{k / 8}'))
    assert f"row 2, column seen: expected a number, got {date!r}, a date" in message
    assert "features=('x',)" in message


@pytest.mark.parametrize("word", ["marble", "12 mice", "may", "3 of 4", "A-12", "1/2/3/4"])
def test_words_and_fractions_are_no_dates(word):
    assert not numerals.is_date(word)


def test_dates_to_predict_are_told_with_another_target_and_are_classes_when_asked(load):
    text = "x,z,seen\n" + many(lambda k: f"{k},{k / 8},{k % 3 + 1}/5/2024")
    message = refusal(load, text, "seen")
    assert "row 2, column seen: expected numbers or classes to predict, got '1/5/2024', a date" in message
    assert "'data.csv', 'z', features=('x',)" in message
    assert "'data.csv', 'seen', kind='classes'" in message


def test_several_targets_are_told_with_a_call_for_each_that_learns_from_none_of_them(load):
    message = refusal(load, "x,a,b\n" + many(lambda k: f"{k},{k / 7},{k / 8}"), ("a", "b"))
    assert "expected the heading of one column of data.csv, got ['a', 'b']" in message
    assert "'data.csv', 'a', features=('x',)" in message
    assert "'data.csv', 'b', features=('x',)" in message


def test_where_the_target_alone_has_numbers_classes_are_offered_or_it_is_said_what_is_missing(load):
    message = refusal(load, "name,kind,mass\n" + many(lambda k: f"n{k},{'uvw'[k % 3]},{k / 8}"), "mass")
    assert "no other column holds numbers, so there is nothing to predict mass from" in message
    assert "'data.csv', 'kind', features=('mass',)" in message
    alone = refusal(load, "name,mass\n" + many(lambda k: f"n{k},{k / 8}"), "mass")
    assert "add a column of them, such as 1 for a word and 0 for others" in alone
    assert "tm." not in alone
    dates = refusal(load, "seen,mass\n" + many(lambda k: f"{k + 1}/5,{k / 8}", 9), "mass")
    assert "such as the days since the first date" in dates


def test_one_column_alone_is_told_and_row_numbers_are_offered(load):
    assert "nothing can be learnt from mass alone" in refusal(load, "mass\n" + many(lambda k: f"{k / 8}"), "mass")
    assert "features=('Id',)" in refusal(load, "Id,mass\n" + many(lambda k: f"{k},{k / 8}"), "mass")
    assert "sep=:" in refusal(load, "a:mass\n" + many(lambda k: f"{k}:{k / 8}"), "mass")


def test_features_by_another_name_are_told_with_the_nearest_or_without(load):
    text = "wing,bill,y\n" + many(lambda k: f"{k},{k % 7},{k / 8}")
    assert "features=('wing', 'bill')" in refusal(load, text, features=("wing", "bills"))
    assert "features=('wing',)" in refusal(load, text, features=("wing", "y"))


def test_rows_beyond_count_are_not_listed_in_a_call_but_a_mend_is_told(load):
    message = refusal(load, "a,b,y\n" + many(lambda k: f"{k},{'2o' if k % 10 == 0 else k},{k / 8}", 900))
    assert "write NA in these cells, and missing='leave out' leaves their rows out" in message
    assert "skip=" not in message


def test_what_is_for_files_is_refused_for_arrays():
    with pytest.raises(ValueError, match="decimal: expected the path of a CSV file"):
        problems.problem([[1.0], [2.0]], [1, 2], decimal=",")


@pytest.mark.parametrize("option", [{"skip": "a"}, {"headings": 5}, {"features": 5}, {"zero_one": [1]}, {"missing": 1}])
def test_an_option_of_another_kind_is_refused_by_its_name(load, option):
    assert f"{next(iter(option))}: expected" in refusal(load, "x,y\n1,u\n2,v\n", **option)


def test_a_spread_too_large_for_a_number_is_refused():
    with pytest.raises(ValueError, match="standardise: expected numbers with a finite standard deviation"):
        problems.problem([[1.0], [2.0]], [1e300, -1e300])


def test_arrays_may_leave_out_missing_numbers():
    X = [[1.0], [np.nan], [3.0], [4.0]]
    made = problems.problem(X, [0.5, 1.5, np.nan, 2.5], missing="leave out")
    assert len(made.X) == 2
    assert "2 of 4 rows, with missing numbers" in made.taken


# Data frames ---------------------------------------------------------------------------------------------------------


class Frame:
    """As much of a data frame as is asked of one: headings, and all values in an array."""

    def __init__(self, **columns):
        self.columns, self.values = list(columns), list(columns.values())

    def to_numpy(self):
        return np.array(list(zip(*self.values, strict=True)), dtype=object)


class Series(list):
    """A column with a name, which is compared cell by cell, so that it is neither true nor false."""

    name = "kind"

    def __eq__(self, other):
        return np.array(self) == other


SIZES, HAIR, KINDS = [1.5, 2.25, 3.0, 0.1], ["yes", "no", "no", "yes"], ["cat", "dog", "dog", "cat"]


@pytest.mark.parametrize("made", [Frame, dict])
def test_the_headings_of_a_data_frame_or_a_dict_are_taken(made):
    by_name = problems.problem(made(size=SIZES, kind=KINDS), "kind")
    beside = problems.problem(made(size=SIZES), Series(KINDS))
    among = problems.problem(made(size=SIZES, kind=KINDS), Series(KINDS))
    for problem in (by_name, beside, among):
        assert (problem.features, problem.classes) == (("size",), ("cat", "dog"))
        assert sorted(problem.X[:, 0]) == sorted(SIZES)
        assert "inputs: size" in problem.taken
        assert "target kind: classes cat (2), dog (2)" in problem.taken
    assert problems.problem(made(size=SIZES), KINDS).classes == ("cat", "dog")


@pytest.mark.parametrize("made", [Frame, dict])
def test_a_data_frame_is_refused_with_its_row_counted_from_0_and_a_call_that_works(made):
    data, target = made(size=[1.5, None, 3.0, 4.0], hair=HAIR, kind=KINDS), KINDS
    for chosen, words in (("kind", "'kind'"), (target, "target")):
        with pytest.raises(ValueError, match="row 0, column hair: expected a number, got 'yes'") as caught:
            problems.problem(data, chosen)
        calls = tables.CALL.findall(str(caught.value))
        assert calls
        assert all(call.startswith(f"tm.problems.problem(data, {words}, ") for call in calls)
        for call in calls:
            assert len(eval(call, {"tm": tm, "data": data, "target": target}).X) == 3
    with pytest.raises(ValueError, match="row 1, column size: expected a number, got an empty cell"):
        problems.problem(data, "kind", features="size")


def test_several_targets_of_a_data_frame_are_arrays_beside_it():
    made = problems.problem(Frame(size=SIZES, age=SIZES), np.array([SIZES, SIZES[::-1]]).T)
    assert (made.features, made.net.sizes) == (("size", "age"), (2, 4, 2))


@pytest.mark.parametrize(
    ("data", "target", "options", "words"),
    [
        ({"x": [1, 2], "y": [1, 2, 3]}, "y", {}, "columns of one length"),
        ({"x": 3}, "x", {}, "columns of one length"),
        ({}, "x", {}, "headings and rows"),
        ({"x": [1, 2]}, [1, 2, 3], {}, "target: expected a heading, or one for each of the 2 rows"),
        ({"x": [1, 2], "y": [1, 2]}, "y", {"headings": True}, "headings: expected the path of a CSV file"),
    ],
)
def test_a_frame_that_is_no_table_is_refused(data, target, options, words):
    with pytest.raises(ValueError, match=words):
        problems.problem(data, target, **options)


# What was taken, and units -------------------------------------------------------------------------------------------

YEARS = [1.1, 1.5, 2.2, 3.0, 3.9, 4.5, 5.1, 5.9, 6.8, 7.9, 8.7, 9.5, 10.3]
SALARIES = "years,salary\n" + "".join(f"{year},{26000 + 9400 * year:.0f}\n" for year in YEARS)


def test_what_was_taken_stands_in_the_repr_of_a_problem(load):
    text = "Id;mass;kind;;\n1;3.5;cat;;\n2;;dog;;\n3;1,5;dog;;\n4;2,5;cat;;\n".replace("3.5", "3,5")
    made = load(text, "kind", missing="leave out", standardise=True)
    assert repr(made) == (
        "Problem 'data': 1-4-1 network, 3 samples, eta 0.5, gamma 0.9\n"
        "  4 rows, 3 columns, split at semicolons\n"
        "  inputs: mass, standardised: mean 0 and spread 1\n"
        "  target kind: classes cat (2), dog (1)\n"
        "  left out: Id, which counts the rows; 1 row with missing cells (row 3)"
    )


def test_large_targets_are_standardised_and_known_in_their_own_units(load):
    made = load(SALARIES, "salary")
    np.testing.assert_allclose([made.y.mean(), made.y.std()], [0, 1], atol=1e-12)
    shown = made.in_units(made.y)[:, 0]
    np.testing.assert_allclose(sorted(shown), [round(26000 + 9400 * year) for year in YEARS])
    assert "target salary: numbers from 36340 to 122820; standardised, and predictions are shown in" in made.taken
    assert load(SALARIES, "salary", standardise=False).units is None


def test_a_file_of_salaries_is_learnt_at_once(load):
    run = tm.Run(load(SALARIES, "salary", standardise=True, eta=0.1)).step(500)
    assert tm.scores.r2(run.trace, run.problem.y) > 0.95


def test_data_sets_of_numbers_stay_as_they_were():
    for made in (problems.plane(), problems.hills()):
        assert made.units is None
        assert made.in_units(made.y) is made.y
    assert problems.problem([[1.0], [2.0]], [0.5, 2.0]).y.tolist() != [[-1.0], [1.0]]
