"""The readable part of the site: its front page, and each lesson as a page with recordings in place of its panels."""

import io
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from string import Template
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx

THEME = Path(__file__).resolve().parent / "theme"
READ, LAB = "read", "lab/index.html"  # where the pages of the lessons are, and JupyterLite
LAST = 900  # among those that complete a page
TIMED = "nbval-ignore-output"  # the tag of a cell whose output is another each time: its page keeps the saved one
# JupyterLite reads this empty script out of the site's own page, and fails without it.
CONFIG = '<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>'
PANEL = """\
import tinymlp as tm
from tinymlp.widgets import panel, predict
guess = predict("00.first")
moved = ("step", "ten", "back", "play", "scrub", "eta")
display(guess, panel(tm.Run(tm.worked_example()), show=("network", "loss"), control=moved, after=guess))"""
ABOUT = """\
This page is for reading. Its panels are recordings: they step and go back, and show what was recorded. \
<a class="tinymlp-run" href="../{lab}?path={name}.ipynb">Run this lesson</a> to take hold of every number in it."""
TEACHERS = """\
## For teachers

[A week with a class](read/teaching.md), from the first vote to the marks: what to ask before which panel, how to \
begin with the playground, and how to hand out homework, take it in and give it back. \
[Demos, views and lessons of your own](read/compose.md). \
[One server for everybody](read/hub/README.md), with JupyterHub.

"""
DOCUMENTS = {  # pages beside the lessons, from docs/: what the list of pages calls them
    "teaching": "For teachers",
    "compose": "Demos and lessons of your own",
    "hub/README": "A class on a JupyterHub",
}
SIDEBAR = [
    "sidebar/brand",
    "run-lesson",
    "sidebar/search",
    "sidebar/scroll-start",
    "sidebar/navigation",
    "sidebar/scroll-end",
]
SETTINGS = {
    "project": "tinymlp",
    "extensions": ["myst_nb", "sphinx.ext.githubpages", "tinymlp.site.mathml"],
    "myst_enable_extensions": ["dollarmath"],
    "myst_heading_anchors": 3,
    "nb_execution_mode": "off",
    "nb_merge_streams": True,
    "nb_render_markdown_format": "myst",  # as the lessons' own cells: "commonmark" knows no tables
    "nb_code_prompt_show": "Show the code",
    "nb_code_prompt_hide": "Hide the code",
    "html_theme": "furo",
    "html_title": "tinymlp",
    "html_math_renderer": "mathml",
    "html_static_path": [str(THEME / "site.css"), str(THEME / "site.js")],
    "html_css_files": ["site.css"],
    "html_js_files": ["site.js"],
    "templates_path": [str(THEME)],
    "html_sidebars": {"**": [f"{name}.html" for name in SIDEBAR]},
    "html_copy_source": False,
    "html_show_copyright": False,
    "html_show_sphinx": False,
    "html_use_index": False,
}


class Lesson(NamedTuple):
    """What the table of the front page says of a lesson, as its first cell has it."""

    name: str
    title: str
    question: str
    minutes: str


def build_pages(lessons, out):
    """Build the pages of the notebooks of the folder `lessons` in the folder `out`, among what is there.

    Raises CellExecutionError if a lesson fails, and RuntimeError for whatever Sphinx finds wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "source")
        heads = _lay_source(Path(lessons), source)
        said = io.StringIO()
        build = Path(folder, "build")
        app = Sphinx(source, None, build, Path(folder, "trees"), "html", SETTINGS, status=None, warning=said)
        app.connect("html-page-context", lambda app, page, *more: _complete(more[1], heads.get(page, "")), LAST)
        app.build()
        if said.getvalue():
            raise RuntimeError(f"pages: expected no warnings, got\n{said.getvalue()}")
        shutil.rmtree(build / "_sources", ignore_errors=True)
        shutil.copytree(build, out, dirs_exist_ok=True)


def _complete(context, head):
    """Complete what a page's template is given."""
    context["metatags"] = context.get("metatags", "") + head
    context["furo_hide_toc"] = True  # panels need the width


def _lay_source(lessons, source):
    """Lay in the folder `source` what Sphinx is to build; return what the head of each page needs, by its name."""
    (source / READ).mkdir(parents=True)
    paths = sorted(lessons.glob("*.ipynb"))
    notebooks = {f"{READ}/{path.stem}": nbformat.read(path, as_version=4) for path in paths}
    table = [lesson(path.stem, notebooks[f"{READ}/{path.stem}"]) for path in paths]
    for (name, *_), notebook in zip(table, notebooks.values(), strict=True):
        notebook.cells.insert(1, new_markdown_cell(ABOUT.format(lab=LAB, name=name)))
    documents = lessons.parent / "docs"
    for name in DOCUMENTS if documents.exists() else ():
        (source / READ / name).parent.mkdir(exist_ok=True)
        shutil.copy(documents / f"{name}.md", source / READ / f"{name}.md")
    pages = {"index": front(table, documents.exists())} | notebooks
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        heads = pool.map(lambda page: _execute(pages[page], page, Path(folder)), pages)
        heads = dict(zip(pages, heads, strict=True))
    for page, notebook in pages.items():
        nbformat.write(notebook, source / f"{page}.ipynb")
    return heads


def lesson(name, notebook):
    """Return the Lesson that a notebook is: its title, its question and the minutes it takes; "" where it says none."""
    words = notebook.cells[0].source

    def found(pattern):
        match = re.search(pattern, words, re.MULTILINE)
        return match[1] if match else ""

    question = found(r"\*\*The question:\*\* *(.+)$")
    return Lesson(name, found("^# (.+)$"), question[:1].upper() + question[1:], found(r"About (\d+) minutes"))


def front(table, has_documents):
    """Return the front page as a notebook: the text of `front.md`, with a table of the lessons and a panel in it."""
    rows = ["| Lesson | The question | Minutes | Live |", "|---|---|--:|---|"]
    rows += [
        f"| [{title}]({READ}/{name}.ipynb) | {question} | {minutes} | "
        f'<a href="{LAB}?path={name}.ipynb" aria-label="Run {title}">Run</a> |'
        for name, title, question, minutes in table
    ]
    parts = {"count": len(table), "lessons": "\n".join(rows), "teaching": TEACHERS * has_documents}
    text = Template((THEME / "front.md").read_text(encoding="utf-8")).safe_substitute(parts)
    above, below = text.split("$recording")
    listed = [f"{title} <{READ}/{name}>" for name, title, *_ in table]
    listed += [f"{title} <{READ}/{name}>" for name, title in DOCUMENTS.items() if has_documents]
    contents = "\n".join(["```{toctree}", ":hidden:", "", *listed, "```"])
    panel = new_code_cell(PANEL, metadata={"tags": ["remove-input"]})
    return new_notebook(cells=[new_markdown_cell(above), panel, new_markdown_cell(f"{below}\n{contents}\n{CONFIG}")])


def _execute(notebook, page, folder):
    """Execute a notebook, in which our widgets show what a page shows of them, and return what its head needs."""
    name = page.removeprefix(f"{READ}/")
    live = f"../{LAB}?path={name}.ipynb" if name != page else f"{LAB}?path=00_start_here.ipynb"
    begin = f"from tinymlp.pages import show\n_page = show(get_ipython().display_formatter, {live!r})"
    timed = [(cell, cell.outputs) for cell in notebook.cells if TIMED in cell.metadata.get("tags", [])]
    cells = notebook.cells
    notebook.cells = [new_code_cell(begin), *cells, new_code_cell("print(_page.head())")]
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}})
    with tempfile.TemporaryDirectory() as home:  # nobody's own guesses belong on a page
        client.execute(env=os.environ | {"TINYMLP_HOME": home}, stderr=subprocess.DEVNULL)
    head = "".join(output.text for output in notebook.cells[-1].outputs)
    notebook.cells = cells
    notebook.metadata.pop("widgets", None)
    for cell, outputs in timed:
        cell.outputs = outputs
    return head
