"""Builds the site: JupyterLite with the lessons, and all that the kernel in its page has to load."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import jupyterlite_pyodide_kernel.constants as kernel

from tinymlp.lab.copies import covered
from tinymlp.site.reader import CONFIG, LAB, build_pages
from tinymlp.site.wheels import COMPILES, INSTALLED, PACKAGE, entry, make_wheels

VERSION = "0.27.7"  # of Pyodide: the newest whose packages the tests can get
CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
# All that a lesson needs, loaded while Pyodide starts. What the kernel does not find here it would get one by one.
AT_START = [
    "micropip",
    "piplite",
    "ssl",
    "sqlite3",
    "ipykernel",
    "comm",
    "pyodide_kernel",
    "jedi",
    "ipython",
    "tinymlp",
]
# What no lesson needs, although a package or the kernel asks for it: loaded only when a cell imports it.
APART = ["ssl", "jedi", "parso", "fonttools", "pytz", "matplotlib-pyodide"]
# The wheels in the kernel's extension of JupyterLite, and what they need.
KERNEL = {"piplite": ["micropip"], "ipykernel": [], "pyodide-kernel": ["ipython", "comm", "traitlets"]}
# The site's own address if it has no pages to read. JupyterLite needs the script in it.
FRONT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>tinymlp: watch a small neural network learn</title>
<meta http-equiv="refresh" content="0; url={address}">
{script}
<p><a href="{address}">The first lesson</a></p>
</html>
"""
# What goes into JupyterLite's page: the line that says how far the loading is, and the script that fills it.
ADDED = """<link rel="stylesheet" href="../page.css">
<div id="tinymlp-loading"><span aria-hidden="true"></span><span role="status"></span></div>
<script src="../page.js"></script>
"""
PYODIDE_BYTES = 26_900_000  # what loads of Pyodide itself and its packages: a test counts it
SOURCE_ONLY = "This Python is not 3.12, so the site has no compiled files: its first panel comes some seconds later."


def build(lessons, site, pyodide=None, pages=True):
    """Build the site of the folder `lessons` in the folder `site`, and return a list of what there is to say about it.

    pyodide: a folder with its files, to lay beside it; without one the page loads Pyodide from its own address.
    pages: whether the lessons are there as pages to read as well, with a front page; else it opens the first lesson.
    Raises FileNotFoundError if files are missing, CalledProcessError if JupyterLite fails; and as `build_pages`.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        _build_lab(Path(folder, "lite"), out, Path(lessons))
        packages = make_wheels(out / "wheels") | _kernel_wheels(out)
        if pyodide:
            _lay_pyodide(Path(pyodide), out / "pyodide", packages)
        own = sum((out / each["file_name"]).stat().st_size for each in packages.values())
        facts = {"pyodide": "pyodide/" if pyodide else address(), "apart": APART, "packages": packages}
        facts["bytes"] = PYODIDE_BYTES + own
        (out / "packages.json").write_text(json.dumps(facts, indent=1))
        for name in ("loader.js", "page.js", "page.css"):
            shutil.copy(PACKAGE / "site" / name, out)
        _add_to_page(out / "lab" / "index.html")
        if pages:
            build_pages(lessons, out)
        else:
            first = min(path.name for path in Path(lessons).glob("*.ipynb"))
            (out / "index.html").write_text(FRONT.format(script=CONFIG, address=f"{LAB}?path={first}"))
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(out, site)
    return [f"The site is in {site}."] + [SOURCE_ONLY] * (not COMPILES)


def _build_lab(lite, out, lessons):
    """Build JupyterLite itself, with the lessons as they are laid for a learner."""
    contents = lite / "contents"
    contents.mkdir(parents=True)
    for path in sorted(lessons.glob("*.ipynb")):
        (contents / path.name).write_bytes(covered(path.read_bytes()))
    shutil.copy(PACKAGE / "lab" / "settings" / "overrides.json", lite)
    (lite / "jupyter-lite.json").write_text(json.dumps(_settings()))
    command = [sys.executable, "-m", "jupyter", "lite", "build", "--apps=lab", "--no-sourcemaps"]
    places = [f"--lite-dir={lite}", f"--contents={contents}", f"--output-dir={out}"]
    quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
    command += ["--no-unused-shared-packages", *places]
    subprocess.run(command, check=True, cwd=lite, env=quiet, stdout=subprocess.DEVNULL)


def _add_to_page(path):
    """Put what is ours into JupyterLite's page, and say which language it is in."""
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace("<html>", '<html lang="en">').replace("</body>", f"{ADDED}</body>"), encoding="utf-8")


def _settings():
    """Return JupyterLite's settings: all addresses are relative to the site, whatever folder it will be in."""
    options = {
        "pyodideUrl": "./loader.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": "packages.json",
            "packages": AT_START,
            "env": {"PYTHONSTARTUP": f"{INSTALLED}/tinymlp/site/startup.py"},
        },
    }
    own = {
        "appName": "tinymlp",
        "exposeAppInBrowser": True,  # for those who test it
        "litePluginSettings": {kernel.PYODIDE_KERNEL_PLUGIN_ID: options},
    }
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": own}


def _kernel_wheels(out):
    """Return what Pyodide has to know of the wheels in the kernel's extension, by name."""
    found = {}
    folder = out / "extensions" / kernel.PYODIDE_KERNEL_NPM_NAME / "static" / kernel.PYPI_WHEELS
    for name, needs in KERNEL.items():
        module = name.replace("-", "_")
        (path,) = folder.glob(f"{module}-*.whl")
        found[name] = entry(name, path.name.split("-")[1], path, out, [module], needs)
    return found


def _lay_pyodide(folder, target, packages):
    """Copy from a folder of Pyodide what the workbook needs, and its list of packages cut down to that."""
    lock = json.loads((folder / LOCK).read_text())
    wanted = needed(lock["packages"] | packages) - set(packages)
    lock["packages"] = {name: lock["packages"][name] for name in sorted(wanted)}
    target.mkdir()
    for name in (*CORE, *(each["file_name"] for each in lock["packages"].values())):
        shutil.copy(folder / name, target)
    (target / LOCK).write_text(json.dumps(lock, indent=1))


def needed(packages):
    """Return the names of all packages that are loaded at the start, given {name: what Pyodide has to know of it}."""
    found, names = set(), {name.replace("_", "-") for name in AT_START} - set(APART)
    while names:
        found |= names
        names = {other.replace("_", "-") for name in names for other in packages[name]["depends"]} - found - set(APART)
    return found


def address():
    """Return where the kernel's extension takes Pyodide from, but in the version that was tested."""
    extension = Path(sys.prefix, "share", "jupyter", "labextensions", kernel.PYODIDE_KERNEL_NPM_NAME)
    schema = json.loads((extension / "static" / "schema" / kernel.KERNEL_SETTINGS_SCHEMA).read_text())
    default = schema["properties"][kernel.PYODIDE_URL]["default"]
    return default.replace(kernel.PYODIDE_VERSION, VERSION).removesuffix(kernel.PYODIDE_JS)
