"""The pages of what is given back, in HTML: one for each learner, without an answer, and the picture of the class."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from unicodedata import normalize

from tinymlp.teaching.grades import points_of, right_of, stages
from tinymlp.teaching.slips import SAYINGS
from tinymlp.words import on_page, short

if TYPE_CHECKING:
    from typing import Any

    from tinymlp.teaching.grades import Stage
    from tinymlp.teaching.marks import Marks

# One colour, one sign and one pattern for each way in which a stage comes out; the words are in the box or beside it.
STYLE = """
:root { color-scheme: light dark; --page: #fff; --ink: #1b1b1b; --soft: #555; --line: #8a8a8a; --head: #efefef;
  --right: #fff; --follows: #e3f1fb; --slip: #ffe3d3; --part: #fff4c9; --blank: #f5f5f5;
  --bar: #cfb64f; --hatch: #eda47c; --dot: #7fb6dd; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #161616; --ink: #ededed; --soft: #b5b5b5;
  --line: #777; --head: #2a2a2a; --right: #161616; --follows: #12293a; --slip: #4a2110; --part: #3b3208;
  --blank: #222; --bar: #7d6c18; --hatch: #74391d; --dot: #2f6088; } }
body { font: 11pt/1.4 Georgia, "DejaVu Serif", serif; color: var(--ink); background: var(--page);
  max-width: 190mm; margin: 6mm auto; padding: 0 4mm; }
h1 { font-size: 17pt; margin: 0 0 1mm; } h2 { font-size: 12.5pt; margin: 4mm 0 1mm; } p { margin: 1.5mm 0; }
.soft { color: var(--soft); font-size: 9.5pt; } .points { font-size: 13pt; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding: 2mm 0 1mm; }
th, td { border: 0.25mm solid var(--line); padding: 0.8mm 1.8mm; text-align: left; vertical-align: top; }
th { background: var(--head); font-weight: normal; overflow-wrap: break-word; }
.stages { table-layout: fixed; } .stages .in { width: 25mm; } .stages .of { width: 30mm; } tr { break-inside: avoid; }
.right { --ground: var(--right); } .follows { --ground: var(--follows); } .slip { --ground: var(--slip); }
.part { --ground: var(--part); } .blank { --ground: var(--blank); }
td, .on { background: var(--ground); } .on { padding: 0 0.4mm; }
.follows { background: radial-gradient(var(--dot) 0.25mm, transparent 0.3mm) 0 0 / 2.2mm 2.2mm var(--ground); }
.slip { background: repeating-linear-gradient(135deg, var(--hatch) 0 0.25mm, transparent 0.25mm 2.2mm) var(--ground); }
.part { background: repeating-linear-gradient(90deg, var(--bar) 0 0.25mm, transparent 0.25mm 2.2mm) var(--ground); }
td.follows, td.slip, td.part { background-clip: padding-box; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@page { margin: 12mm; }
@media print { body { margin: 0 auto; padding: 0; font-size: 10pt; } td, th { print-color-adjust: exact; } }
"""
CLASS_STYLE = """
body { max-width: 1500px; font-family: system-ui, "DejaVu Sans", sans-serif; }
.picture { overflow-x: auto; position: relative; } .picture table { min-width: 1150px; }
.picture th, .picture td { padding: 0.5mm 0.7mm; text-align: center; vertical-align: middle; font-size: 8pt;
  line-height: 1.15; }
.picture tbody th { position: sticky; left: 0; text-align: left; min-width: 24mm; font-size: 9pt; }
.picture .first { border-left-width: 0.9mm; }
body:has(#names:not(:checked)) .who { visibility: hidden; }
.key { display: flex; flex-wrap: wrap; gap: 1mm 5mm; list-style: none; padding: 0; margin: 1mm 0; }
.key span { display: inline-block; min-width: 8mm; text-align: center; border: 0.25mm solid var(--line); }
.picture tbody + tbody th, .picture tbody + tbody td { background: var(--head); }
@page { size: landscape; margin: 8mm; }
@media print { .names { display: none; } body { max-width: none; font-size: 9pt; } .picture { overflow: visible; }
  .picture table { min-width: 0; table-layout: fixed; } .picture th, .picture td { font-size: 6pt;
  overflow-wrap: anywhere; padding: 0.35mm; } .picture tbody th { position: static; font-size: 7.5pt; min-width: 0; }
  col.name { width: 30mm; } col.points { width: 15mm; } }
"""
SIGNS = {"right": "✓", "follows": "↳", "slip": "✗", "part": "…", "blank": "–"}
KEY = {
    "right": "right",
    "follows": "right, judged from a number that an earlier slip made wrong",
    "slip": "a slip, with its short name",
    "part": "some numbers are blank, the others are right",
    "blank": "blank",
}
NO_SLIP = "none of the usual slips"
HOW = (
    "Each stage counts the same, however many numbers it has. It counts if all of its numbers are there and right. "
    "They are judged from your own numbers before them, so a slip costs the stage it is in, and not those that follow "
    "from it. Copied old values and the steps on the way to a gradient may be left out: they are part of the stage "
    "that they lead to. The points are rounded to half points."
)


def by_name(of: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the items of a dict by name, whatever its capitals and accents."""
    return sorted(of.items(), key=lambda item: re.sub("[\u0300-\u036f]", "", normalize("NFD", item[0])).casefold())


def boxed(stage: Stage) -> str:
    """Return the short name of the slip in a stage, or of two that are as likely; "another" if it is none of them."""
    if not stage.slips:
        return "another"
    return " or ".join(stage.slips[0][1]) or "another"


def slips_of(marks: Marks) -> dict[str, tuple[int, list[str]]]:
    """Return {slip: (in how many stages of the class, whose)}, most common first: of two the one that fits better."""
    found = {}
    for name, outcome in by_name(marks.outcomes):
        for stage in stages(outcome):
            if stage.wrongs:
                slip = stage.slips[0][1][0] if stage.slips and stage.slips[0][1] else "another"
                found.setdefault(slip, []).append(name)
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    return {slip: (len(names), list(dict.fromkeys(names))) for slip, names in ranked}


def _document(title, body, style=STYLE):
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head += f"<title>{escape(title)}</title><style>{style}</style>"
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><main>{body}</main></body></html>\n'


# A learner's page -----------------------------------------------------------------------------------------------------


def page(marks: Marks, name: str, points: float) -> str:
    """Return a learner's page: a line for each stage, the slips in words, and no right number."""
    known = f"<p>Sheet {escape(marks.sheets[name].id)}</p>" if name in marks.sheets else ""
    top = f"<h1>Homework of {escape(name)}</h1>{known}"
    if name in marks.trouble:
        return _document(f"Homework of {name}", f"{top}<p>Not read: {escape(marks.trouble[name])}</p>")
    attempts = [*marks.earlier.get(name, ()), marks.outcomes[name]]
    (right, count), now = right_of(attempts[-1]), points_of(attempts[-1], points)
    parts = [top, f'<p class="points"><b>{short(now)} of {short(points)} points</b>: ']
    parts.append(f"{right} of {count} stages are right.</p>")
    if len(attempts) > 1:
        before = ", ".join(short(points_of(each, points)) for each in attempts[:-1])
        parts.append(f"<p>Before: {before} of {short(points)} points. The last attempt counts.</p>")
    # The notes on files are the teacher's: they may name another learner.
    told = [*attempts[-1].in_their_way(), *attempts[-1].notes]
    parts += [f"<p>{escape(line)}</p>" for line in told]
    for t in dict.fromkeys(stage.t for stage in stages(attempts[-1])):
        parts.append(_iteration(t, attempts))
    parts.append(f'<p class="soft">{HOW}</p>')
    return _document(f"Homework of {name}", "\n".join(parts))


def _iteration(t, attempts):
    """Return the table of an iteration: its stages, and how each came out in each attempt."""
    columns = [[stage for stage in stages(outcome) if stage.t == t] for outcome in attempts]
    heads = ["How it came out"] if len(attempts) == 1 else [f"Attempt {n + 1}" for n in range(len(attempts))]
    rows = ["".join(f'<th scope="col">{head}</th>' for head in ("Part", "Stage", *heads))]
    part = ""
    for place, stage in enumerate(columns[-1]):
        row, same = "", [other.part for other in columns[-1]].count(stage.part)
        if stage.part != part:
            part = stage.part
            row = f'<th scope="rowgroup" rowspan="{same}">{part}</th>'
        row += f'<th scope="row">{escape(stage.title)}</th>'
        for outcome, column in zip(attempts, columns, strict=True):
            row += f'<td class="{column[place].state}">{_in_words(outcome, column[place])}</td>'
        rows.append(row)
    wide = '<colgroup><col class="in"><col class="of"></colgroup>'
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="stages"><caption>Iteration {t}</caption>{wide}{body}</table>'


def _in_words(outcome, stage):
    """Return in HTML how a stage came out; of a slip where it happened, what was written, and what is likely."""
    words = {
        "right": "all right",
        "follows": "right: follows from an earlier slip",
        "part": f"{stage.filled} of {stage.cells} numbers are filled in, and none of them is wrong",
        "blank": "blank",
    }
    if stage.state in words:
        return _on(stage, words[stage.state])
    lines = [_slip(outcome, cell, slips) for cell, slips in stage.slips]
    if more := len(stage.wrongs) - len(stage.slips):
        lines.append(f"{more} more number{'s are' if more > 1 else ' is'} wrong in this stage.")
    if stage.filled < stage.cells:
        lines.append(f"{stage.cells - stage.filled} of {stage.cells} are blank.")
    return _on(stage, f"<b>Slip.</b> {'<br>'.join(lines)}")


def _on(stage, words):
    """Return the sign of a stage and its words, on plain ground: the pattern is around them."""
    return f'<span class="on"><span aria-hidden="true">{SIGNS[stage.state]}</span> {words}</span>'


def _slip(outcome, cell, slips):
    likely = f"Likely: {', or '.join(SAYINGS[slip] for slip in slips)}." if slips else f"It is {NO_SLIP}."
    return escape(f"{cell.name} ({cell.words}): you wrote {on_page(short(outcome.numbers[cell]))}. {likely}")


# The picture of the class ---------------------------------------------------------------------------------------------


def class_page(marks: Marks, points: float) -> str:
    """Return the picture of the class: learners by stages, in each box a sign, a pattern and the slip's short name."""
    found = {name: {(stage.t, stage.name): stage for stage in stages(of)} for name, of in by_name(marks.outcomes)}
    columns = {place: stage for each in found.values() for place, stage in each.items()}
    columns = dict(sorted(columns.items(), key=lambda item: item[0][0]))  # stable: in working order in an iteration
    key = "".join(
        f'<li><span class="{state}">{SIGNS[state]}</span> {escape(words)}</li>' for state, words in KEY.items()
    )
    picture = _picture(marks, points, found, columns)
    names = '<p class="names"><label><input type="checkbox" id="names" checked> Names and points</label></p>'
    body = f"<h1>The class, stage by stage</h1>\n{names}<ul class='key'>{key}</ul>\n{picture}\n{_common(marks)}"
    return _document("The class, stage by stage", body, STYLE + CLASS_STYLE)


def _picture(marks, points, found, columns):
    iterations = {t: [place for place in columns if place[0] == t] for t, _ in columns}
    firsts = {places[0] for places in iterations.values()}
    over = "".join(
        f'<th scope="colgroup" colspan="{len(at)}" class="first">Iteration {t}</th>' for t, at in iterations.items()
    )
    heads = "".join(
        f"<th scope='col'{_edge(place, firsts)}>{escape(stage.title)}</th>" for place, stage in columns.items()
    )
    both = "".join(f"<th scope='col' rowspan='2'>{head}</th>" for head in ("Name", f"Points of {short(points)}"))
    top = f"<tr>{both}{over}</tr>"
    rows = []
    for name, outcome in by_name({**marks.outcomes, **marks.trouble}):
        row = f'<th scope="row">{_who(escape(name))}</th>'
        if name in marks.trouble:
            why = _who(f": {escape(marks.trouble[name])}")
            row += f'<td></td><td colspan="{max(1, len(columns))}">not read{why}</td>'
        else:
            row += f"<td>{_who(_attempts(marks, name, outcome, points))}</td>"
            row += "".join(_box(found[name].get(place), _edge(place, firsts)) for place in columns)
        rows.append(f"<tr>{row}</tr>")
    counts = []
    for words, state in (("stages right", ("right", "follows")), ("slips", ("slip",)), ("blanks", ("part", "blank"))):
        numbers = [sum(each[at].state in state for each in found.values() if at in each) for at in columns]
        boxes = "".join(f"<td{_edge(at, firsts)}>{n}</td>" for at, n in zip(columns, numbers, strict=True))
        counts.append(f'<tr><th scope="row">{words}</th><td>{sum(numbers)}</td>{boxes}</tr>')
    return (
        '<div class="picture" tabindex="0" role="region" aria-label="Learners by stages"><table>'
        f"<caption>{len(marks.outcomes) + len(marks.trouble)} learners by {len(columns)} stages</caption>"
        '<colgroup><col class="name"><col class="points"></colgroup>'
        f"<thead>{top}<tr>{heads}</tr></thead>\n<tbody>{chr(10).join(rows)}</tbody>\n<tbody>{''.join(counts)}</tbody></table></div>"
    )


def _who(words):
    """Return in HTML what tells who somebody is: it goes when the tick at "Names and points" does."""
    return f'<span class="who">{words}</span>'


def _attempts(marks, name, outcome, points):
    """Return the points of a learner, those of the attempt before in brackets."""
    earlier = marks.earlier.get(name, ())
    before = f" (was {short(points_of(earlier[-1], points))})" if earlier else ""
    return f"<b>{short(points_of(outcome, points))}</b>{before}"


def _edge(place, firsts):
    return ' class="first"' if place in firsts else ""


def _box(stage, edge):
    """Return the box of a learner's stage; its words are for all but "right", which a screen reader is told."""
    if stage is None:
        return f"<td{edge}><span class='hidden'>not on this sheet</span></td>"
    words = {
        "right": '<span class="hidden">right</span>',
        "follows": "follows",
        "part": f"{stage.filled} of {stage.cells}",
        "blank": "blank",
    }
    said = words[stage.state] if stage.state in words else escape(boxed(stage))
    classes = f"{stage.state} first" if edge else stage.state
    return f'<td class="{classes}">{_on(stage, said)}</td>'


def _common(marks):
    """Return the table of the slips: in how many stages, and whose."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Slip", "In words", "Stages", "Learners"))
    rows = [
        f'<tr><th scope="row">{slip}</th><td>{SAYINGS.get(slip, NO_SLIP)}</td><td>{count}</td>'
        f"<td>{len(names)}{_who(': ' + escape(', '.join(names)))}</td></tr>"
        for slip, (count, names) in slips_of(marks).items()
    ]
    if not rows:
        return "<p>No slips.</p>"
    return f"<table><caption>The slips, most common first</caption><tr>{heads}</tr>{''.join(rows)}</table>"
