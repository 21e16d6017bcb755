"""`python -m tinymlp lab` opens the workbook, and so does `notebook`; `export` and `site` make pages of it."""

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from pkgutil import resolve_name

PACKAGE = Path(__file__).resolve().parent
FIRST = "00_start_here.ipynb"
SERVERS = {  # what it is called, its class, and the page that it opens
    "lab": ("JupyterLab", "jupyterlab.labapp.LabApp", f"/lab/tree/{FIRST}"),
    "notebook": ("Jupyter Notebook 7", "notebook.app.JupyterNotebookApp", f"/notebooks/{FIRST}"),
}
# How a notebook becomes a page, by our command and by Lab's menu: with all its pictures, and nothing to be loaded.
PAGES = [
    "--HTMLExporter.preprocessors=tinymlp.lab.export.StillPictures",
    "--HTMLExporter.filters=markdown2html=tinymlp.lab.formulas.Markdown",
    "--HTMLExporter.mathjax_url=",
    "--HTMLExporter.require_js_url=",
]


def main(arguments):
    """Run the command and return the exit code. Options that are not its own are passed on to Jupyter."""
    parser = argparse.ArgumentParser(prog="python -m tinymlp", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (words, *_) in SERVERS.items():
        server = commands.add_parser(name, help=f"open the workbook in {words}")
        server.add_argument("--my", type=Path, metavar="FOLDER", help="folder of your working copies (default: my)")
    export = commands.add_parser("export", help="make an HTML page of notebooks, with the picture of every panel")
    export.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="and any option of nbconvert, e.g. --execute")
    site = commands.add_parser("site", help="build the workbook for any web server, with a kernel in the page")
    site.add_argument("--out", type=Path, metavar="FOLDER", default="site", help="the folder to build (default: site)")
    site.add_argument("--pyodide", type=Path, metavar="FOLDER", help="lay the Pyodide of this folder beside it")
    site.add_argument(
        "--no-pages", action="store_true", help="leave out the lessons as pages to read: it takes less time"
    )
    known, passed_on = parser.parse_known_args(arguments)
    if known.command == "site":
        return build_site(known.out, known.pyodide, not known.no_pages)
    if find_spec("jupyterlab") is None:
        print("JupyterLab is not installed here. Install it with: pip install 'tinymlp[lab]'", file=sys.stderr)
        return 1
    if known.command == "export":
        return write_pages(known.notebooks, passed_on)
    if find_spec(SERVERS[known.command][1].partition(".")[0]) is None:
        print("Notebook 7 is not installed here. Install it with: pip install notebook", file=sys.stderr)
        return 1
    return open_workbook(known.command, known.my, passed_on)


def open_workbook(name, folder, passed_on):
    """Put the copies in place and start JupyterLab or Notebook 7 in their folder: one server serves both."""
    from tinymlp.lab import hub, missing
    from tinymlp.lab.copies import lay_copies
    from tinymlp.lab.lean import leave_out

    leave_out()  # before what would load it
    from tinymlp.lab.workspace import lay_workspace

    lessons, under_hub = find_lessons(), hub.started_by_hub(os.environ)
    if under_hub:
        folder = folder or hub.own_folder(os.environ)
    folder = (folder or (lessons.parent / "my" if lessons.parent != PACKAGE else Path("my"))).resolve()
    for line in lay_copies(lessons, folder):
        print(line)
    missing.prepare(os.environ)
    lay_workspace(folder / ".workspaces")
    options = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.workspaces_dir={folder / '.workspaces'}",
        "--ServerApp.kernel_websocket_connection_class=tinymlp.lab.websocket.PromptConnection",
        "--ServerApp.contents_manager_class=tinymlp.lab.saved.KeepingContents",
        f"--LabApp.app_settings_dir={PACKAGE / 'lab' / 'settings'}",
        f"--JupyterNotebookApp.app_settings_dir={PACKAGE / 'lab' / 'settings'}",
        *(f"--{server.rpartition('.')[2]}.default_url={page}" for _, server, page in SERVERS.values()),
        *PAGES,
        # A classroom may be offline: nothing fetches news, updates or extensions.
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")  # in a container there often is no other user
    if under_hub:
        return hub.serve([*options, *passed_on], SERVERS[name][2], os.environ)
    resolve_name(SERVERS[name][1]).launch_instance([*options, *passed_on])
    return 0


def write_pages(notebooks, passed_on):
    """Write each notebook as an HTML page beside it."""
    from nbconvert.nbconvertapp import NbConvertApp

    NbConvertApp.launch_instance(["--to=html", *PAGES, *passed_on, *notebooks])
    return 0


def build_site(folder, pyodide, pages):
    """Build the site in the folder, in place of what is there. pages: whether with the lessons as pages to read."""
    if find_spec("jupyterlite_pyodide_kernel") is None:
        print("JupyterLite is not installed here. Install it with: pip install 'tinymlp[site]'", file=sys.stderr)
        return 1
    from tinymlp.site.build import build

    for line in build(find_lessons(), folder, pyodide, pages):
        print(line)
    return 0


def find_lessons():
    """Return the folder of the lessons: beside the package in a checkout, inside it when installed."""
    beside, inside = PACKAGE.parent / "notebooks", PACKAGE / "notebooks"
    return beside if (beside / FIRST).exists() else inside


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
