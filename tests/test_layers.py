"""The architecture: what may import what, what an import costs, and that the requirement files agree."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tinymlp"

# Each room, a module or subpackage, may import those before it and the outside packages named next to it.
ROOMS = [
    ("checks", {"numpy"}),
    ("activations", {"numpy"}),
    ("losses", {"numpy"}),
    ("starts", {"numpy"}),
    ("params", {"numpy"}),
    ("network", {"numpy"}),
    ("scores", {"numpy"}),
    ("momentum", {"numpy"}),
    ("gradcheck", {"numpy"}),
    ("curvature", {"numpy"}),
    ("inputs", {"numpy"}),
    ("words", set()),
    ("csvfile", set()),
    ("frames", {"numpy"}),
    ("numerals", {"numpy"}),
    ("table", {"numpy"}),
    ("targets", {"numpy"}),
    ("taken", {"numpy"}),
    ("own_target", {"numpy"}),
    ("own_table", {"numpy"}),
    ("problems", {"numpy"}),
    ("recipes", {"numpy"}),
    ("own_data", {"numpy"}),
    ("schedules", set()),
    ("training", {"numpy"}),
    ("record", {"numpy"}),
    ("sweep", {"numpy"}),
    ("fates", {"numpy"}),
    ("explain", {"numpy"}),
    ("stages", {"numpy"}),
    ("codes", {"numpy"}),
    ("pytorch_script", set()),
    ("run", {"numpy"}),
    ("teaching", {"numpy", "openpyxl"}),
    ("views", {"numpy", "matplotlib", "contourpy", "PIL"}),
    ("widgets", {"numpy", "matplotlib", "ipywidgets", "anywidget", "traitlets", "PIL"}),
    ("pages", {"IPython", "ipywidgets"}),
    ("lab", {"jinja2", "jupyter_server", "jupyterhub", "jupyterlab_server", "latex2mathml", "nbconvert", "traitlets"}),
    ("site", {"docutils", "jupyterlite_pyodide_kernel", "nbclient", "nbformat", "sphinx"}),
    ("__main__", {"jupyterlab", "nbconvert"}),
]
APART = {"lab", "site", "__main__"}  # these know nothing of networks


def imports(path):
    """Return the modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found |= {
                f"{node.module}.{alias.name}" if node.module == "tinymlp" else node.module for alias in node.names
            }
    return found


def files(room):
    return [PACKAGE / f"{room}.py"] if (PACKAGE / f"{room}.py").exists() else sorted((PACKAGE / room).rglob("*.py"))


@pytest.mark.parametrize("room", [room for room, _ in ROOMS])
def test_a_room_imports_only_the_rooms_before_it(room):
    names = [name for name, _ in ROOMS]
    outside = dict(ROOMS)[room]
    own = {room} if room in APART else set(names[: names.index(room) + 1]) - APART
    own |= {"site": {"lab"}, "__main__": {"lab", "site"}}.get(room, set())
    for path in files(room):
        for module in imports(path):
            top, _, rest = module.partition(".")
            if top == "tinymlp":
                assert rest.split(".")[0] in own, f"{path.name} imports {module}"
            else:
                assert top in outside | sys.stdlib_module_names, f"{path.name} imports {module}"


def test_every_file_is_in_a_room():
    known = {path for room, _ in ROOMS for path in files(room)} | {PACKAGE / "__init__.py"}
    assert set(PACKAGE.rglob("*.py")) == known


def test_importing_the_numerics_brings_in_neither_matplotlib_nor_widgets():
    code = "import sys, tinymlp as tm; tm.Run; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" in loaded
    assert not {"matplotlib", "ipywidgets", "anywidget", "IPython", "PIL"} & set(loaded)


def test_importing_the_package_alone_costs_a_server_nothing():
    code = "import sys, tinymlp.lab.hub; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "tinymlp" in loaded
    assert "numpy" not in loaded


def test_nothing_draws_through_global_state():
    for path in [*PACKAGE.rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for word in ("pyplot", "jslink", "interact(", "clear_output", "Output("):
            assert word not in text, f"{path.name} uses {word}"


def requirement(text):
    """Return (name, range) of a requirement, e.g. ("numpy", ">=2.0")."""
    return re.fullmatch(r"([A-Za-z0-9_-]+)(.*)", text.strip()).groups()


def test_environment_yml_asks_for_what_pyproject_asks():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = dict(map(requirement, project["dependencies"] + project["optional-dependencies"]["lab"]))
    wanted["matplotlib-base"] = wanted.pop("matplotlib")  # conda's name for matplotlib without Qt
    lines = [
        line.strip("- \n")
        for line in (ROOT / "environment.yml").read_text(encoding="utf-8").splitlines()
        if "- " in line
    ]
    listed = dict(requirement(line) for line in lines if line.partition(">=")[1])
    assert listed == wanted
    assert "python=3.12" in lines
    assert "e ." in lines


def test_constraints_hold_every_requirement():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    groups = [project["dependencies"], extras["lab"], extras["test"], extras["proof"]]
    pinned = dict(
        line.lower().replace("_", "-").split("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")[1:-1]
    )
    for name, least in (requirement(text) for group in groups for text in group):
        version = pinned[name.lower()]
        numbers = [[int(n) for n in re.findall(r"\d+", text)] for text in (version, least)]
        assert numbers[0] >= numbers[1], name
