"""A real JupyterLab and a real browser, started once for all tests that need them."""

import os
import tempfile

import pytest
from get_browser import find
from workbook import CHROMIUM, Lab

# Nothing that a test does may end up in the folder of whoever runs it; kernels started by nbval inherit this.
HOME = tempfile.TemporaryDirectory(prefix="tinymlp-tests-")
os.environ["TINYMLP_HOME"] = HOME.name


def pytest_addoption(parser):
    parser.addoption("--write-layouts", action="store_true", help="put the layouts on file as they are now")


@pytest.fixture(scope="session")
def write_layouts(request):
    """Return whether layouts are to be written rather than compared."""
    return request.config.getoption("--write-layouts")


@pytest.fixture
def own_home(tmp_path, monkeypatch):
    """Give a test a learner's folder of its own."""
    monkeypatch.setenv("TINYMLP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start the workbook once for all browser tests."""
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    """Start a Chromium, or skip with a message."""
    from playwright.sync_api import sync_playwright

    path = find()
    if not path:
        pytest.skip("BROWSER TESTS SKIPPED: no Chromium was found; `python tests/get_browser.py` says how to get one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()
