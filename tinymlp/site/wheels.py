"""The packages of the site as wheels: our own, and those that Pyodide does not bring, as they are installed here."""

import py_compile
import re
import sys
import tempfile
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

COMPILES = sys.version_info[:2] == (3, 12)  # Pyodide's Python reads the compiled files of this version only
INSTALLED = "/lib/python3.12/site-packages"  # where Pyodide puts packages
PACKAGE = Path(__file__).resolve().parent.parent
# What each wheel needs, as far as the lessons do. (ipywidgets asks for its files for notebooks: they are in the site.)
NEEDS = {
    "tinymlp": ["numpy", "matplotlib", "pillow", "ipywidgets", "anywidget"],
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "ipywidgets": ["comm", "traitlets", "ipython"],
    "psygnal": [],
    "typing-extensions": [],
    "comm": ["traitlets"],
}
# Of our own package, what the page has no use for, but for those files.
LEFT_OUT, TAKEN = (
    {"docs", "lab", "notebooks", "pages", "site"},
    {"lab/__init__.py", "lab/missing.py", "site/__init__.py", "site/startup.py"},
)
FORMAT = "Wheel-Version: 1.0\nGenerator: tinymlp\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheels(folder):
    """Write the wheels into the folder, and return what Pyodide has to know of each, by name."""
    folder.mkdir(parents=True)
    return {name: _make_wheel(folder, name) for name in NEEDS}


def _make_wheel(folder, name):
    installed = distribution(name)
    stem = f"{name.replace('-', '_')}-{installed.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    files = dict(_own() if name == "tinymlp" else _installed(installed))
    sources = {inside: content for inside, content in files.items() if inside.endswith(".py")}
    files |= dict(_about(installed, stem))
    if COMPILES:
        files |= dict(_compiled(inside, content) for inside, content in sources.items())
    with ZipFile(path, "w", ZIP_DEFLATED) as wheel:
        for inside, content in files.items():
            wheel.writestr(inside, content)
    modules = sorted({inside.split("/")[0].removesuffix(".py") for inside in sources})
    return entry(name, installed.version, path, folder.parent, modules, NEEDS[name])


def entry(name, version, path, site, imports, depends):
    """Return what Pyodide has to know of a wheel that is at `path` in the site."""
    return {
        "name": name,
        "version": version,
        "file_name": path.relative_to(site).as_posix(),
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "install_dir": "site",
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def _own():
    """Yield (place in the wheel, content) of the files of our own package."""
    for path in sorted(PACKAGE.rglob("*")):
        inside = path.relative_to(PACKAGE)
        left_out = inside.parts[0] in LEFT_OUT and inside.as_posix() not in TAKEN
        if path.is_file() and path.suffix != ".pyc" and not left_out:
            yield f"tinymlp/{inside.as_posix()}", path.read_bytes()
    # Pyodide's matplotlib looks there first, finds a list of another version, and spends seconds on making one.
    yield "matplotlib/fontlist.json", (PACKAGE / "site" / "fontlist.json").read_bytes()


def _installed(found):
    """Yield the same of an installed package, in Python alone: without its tests and its files for notebooks."""
    for file in found.files:
        apart = {"..", "tests", "labextension", "nbextension"} & set(file.parts)
        if file.suffix in (".py", ".json") and not apart:
            yield file.as_posix(), file.read_binary()


def _about(found, stem):
    """Yield the same of what a wheel says about itself, its licence included."""
    for file in found.files:
        if file.parts[0].endswith(".dist-info") and re.search("METADATA|LICEN[CS]E", file.as_posix()):
            yield f"{stem}.dist-info/{'/'.join(file.parts[1:])}", file.read_binary()
    yield f"{stem}.dist-info/WHEEL", FORMAT
    yield f"{stem}.dist-info/RECORD", ""


def _compiled(inside, content):
    """Return the same of a compiled file. It is valid whatever time its source is unpacked at."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.py"), Path(folder, "compiled.pyc")
        source.write_bytes(content)
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(source), str(target), f"{INSTALLED}/{inside}", doraise=True, invalidation_mode=mode)
        path = Path(inside)
        return (path.parent / "__pycache__" / f"{path.stem}.cpython-312.pyc").as_posix(), target.read_bytes()
