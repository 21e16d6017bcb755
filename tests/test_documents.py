"""The documents: their links lead somewhere, their code is Python, and the version is the same everywhere."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import tinymlp as tm

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]


def anchors(path):
    """Return what a link can name in a document: its headings, as GitHub writes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def blocks(path):
    return re.findall(r"^```python\n(.*?)^```", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_every_link_leads_somewhere(path):
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        file, _, anchor = link.partition("#")
        target = path.parent / file if file else path
        assert target.exists(), f"{link} in {path.name}"
        assert not anchor or anchor in anchors(target), f"{link} in {path.name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_the_code_in_a_document_is_python_and_what_it_imports_exists(path):
    for block in blocks(path):
        for node in ast.walk(ast.parse(block.replace("%pip", "# pip"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("tinymlp"):
                for alias in node.names:
                    module = import_module(node.module)
                    assert hasattr(module, alias.name) or import_module(f"{node.module}.{alias.name}")


def test_a_release_has_one_version_everywhere():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert str(cited["version"]) == tm.__version__
    assert re.search(r"^## (\S+),", changes, flags=re.MULTILINE)[1] == tm.__version__


def test_what_may_be_done_with_program_texts_and_data_is_said():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    texts = (ROOT / "LICENSE-TEXTS.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in texts
    assert "CC0" in texts
    assert "LICENSE-TEXTS.md" in (ROOT / "README.md").read_text(encoding="utf-8")
