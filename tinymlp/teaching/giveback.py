"""What a class gets back: a table of grades, a page for each learner, and a picture of the class for the teacher."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from tinymlp.checks import choice, one_number
from tinymlp.teaching import returned
from tinymlp.teaching.exercises import Lines
from tinymlp.teaching.files import make_folder, write_file
from tinymlp.teaching.grades import points_of, right_of, stages
from tinymlp.teaching.roll import files_of
from tinymlp.teaching.slips import SAYINGS
from tinymlp.teaching.tables import SEPARATORS, safe, write_csv
from tinymlp.words import short

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.teaching.checking import Outcome
    from tinymlp.teaching.marks import Marks


def save(
    marks: Marks,
    folder: Any,
    points: float = 20,
    *,
    columns: str = "ours",
    separator: str = ",",
    assignment: str = "homework",
) -> Lines:
    """Write grades.csv and class.html for the teacher, and learners/NAME.html for each learner; old ones are replaced.

    points: of a sheet without a slip, shared equally over its stages. columns: of grades.csv, "ours", "nbgrader" or
    "otter"; separator: between its columns: with ";" it has decimal commas. assignment: what nbgrader's and otter's
    columns call the homework. Returns in words where all is. Raises ValueError for bad options, and for a folder that
    cannot be written to.
    """
    one_number("points", points, least=0.5)
    choice("separator", separator, SEPARATORS)
    rows = TABLES[choice("columns", columns, TABLES)](marks, points, assignment)
    # Called as their sheets are: in the order of the class, as one of two alike is numbered.
    given = {**marks.outcomes, **marks.trouble}
    files = {name: file for name, file in files_of({**marks.sheets, **given}).items() if name in given}
    # In a folder of their own: who copies it publishes no grades of others.
    texts = {
        os.path.join("learners", f"{file}.html"): returned.page(marks, name, points) for name, file in files.items()
    }
    texts["class.html"] = returned.class_page(marks, points)
    # The mark at the beginning makes a spreadsheet read UTF-8.
    texts["grades.csv"] = "\ufeff" + write_csv([[_cell(value, separator) for value in row] for row in rows], separator)
    make_folder(os.path.join(folder, "learners"))
    for file, text in texts.items():
        write_file(folder, file, text)
    return Lines(
        f"grades.csv and class.html, the picture of the class, are in the folder {os.path.abspath(folder)}; a page for "
        f"each of {len(texts) - 2} learners is in the folder learners there."
    )


def _cell(value, separator):
    """Return a value as a cell of a table: texts safe, numbers as a spreadsheet of that separator reads them."""
    if isinstance(value, str):
        return safe(value)
    return short(value).replace(".", "," if separator == ";" else ".")


# Tables of grades -----------------------------------------------------------------------------------------------------


OURS = "name,sheet,points,of,attempt,points before,filled,cells,stages right,stages,first wrong,slip,remark"
NBGRADERS = (
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,"
    "raw_score,late_submission_penalty,score,max_score"
)


def _ours(marks, points, assignment):
    """Yield the rows of our own table. What was not read has no points: that is for the teacher to say."""
    yield OURS.split(",")
    for name, outcome in marks.outcomes.items():
        earlier = marks.earlier.get(name, ())
        before = points_of(earlier[-1], points) if earlier else ""
        wrong = f"iteration {outcome.wrong.t}, {outcome.wrong.name}" if outcome.wrong else ""
        slip = " or ".join(SAYINGS[slip] for slip in outcome.slips)
        remarks = "; ".join([*outcome.conventions, *outcome.notes, *marks.notes.get(name, ())])
        row = [name, _id(marks, name), points_of(outcome, points), points, 1 + len(earlier), before]
        yield [*row, outcome.filled, outcome.cells, *right_of(outcome), wrong, slip, remarks]
    for name, why in marks.trouble.items():
        yield [name, _id(marks, name), "", points, *[""] * 8, f"not read: {why}"]


def _id(marks, name):
    return marks.sheets[name].id if name in marks.sheets else ""


def _nbgraders(marks, points, assignment):
    """Yield the rows of a table with the columns of nbgrader's CSV export (nbgrader docs, "nbgrader export")."""
    yield NBGRADERS.split(",")
    for name, outcome in marks.outcomes.items():
        first, _, last = name.rpartition(" ")
        score = points_of(outcome, points)
        yield [assignment, "", "", name, last if first else "", first or last, "", score, 0, score, points]


def _otters(marks, points, assignment):
    """Yield the rows of a table with the columns of otter's final_grades.csv (Otter-Grader docs, "Grading Locally")."""
    yield ["file", assignment, "percent_correct", "total_points_earned"]
    for name, outcome in marks.outcomes.items():
        score = points_of(outcome, points)
        yield [marks.files.get(name, name), score, round(score / points, 4), score]


TABLES = {"ours": _ours, "nbgrader": _nbgraders, "otter": _otters}


# In words -------------------------------------------------------------------------------------------------------------


def describe(marks: Marks) -> Lines:
    """Return in words what the picture of the class shows: how each learner's stages came out, and the slips."""
    lines = [f"{name}: {_stages_in_words(outcome)}." for name, outcome in returned.by_name(marks.outcomes)]
    lines += [f"{name}: not read." for name, _ in returned.by_name(marks.trouble)]
    for slip, (count, names) in returned.slips_of(marks).items():
        lines.append(f"{count} x {SAYINGS.get(slip, returned.NO_SLIP)}: {', '.join(names)}.")
    return Lines("\n".join(lines))


def _stages_in_words(outcome: Outcome) -> str:
    found = stages(outcome)
    states = Counter(stage.state for stage in found)
    right = states["right"] + states["follows"]
    parts = [f"{right} of {len(found)} stages right"]
    parts[0] += f", {states['follows']} of them from an earlier slip" if states["follows"] else ""
    parts += [f"iteration {stage.t}, {stage.title}: {returned.boxed(stage)}" for stage in found if stage.wrongs]
    parts += [f"{states['part']} with blanks"] if states["part"] else []
    parts += [f"{states['blank']} blank"] if states["blank"] else []
    return "; ".join(parts)
