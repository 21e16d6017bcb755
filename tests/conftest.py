"""A real JupyterLab, started as a learner starts it, and a real browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from get_browser import find

TOKEN = "test"
# Chromium looks for updates and the like by itself; none of that belongs in a test.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
            "--disable-component-update", "--disable-sync"]  # fmt: skip


class Lab:
    """The workbook as `make lab` opens it, with settings and copies in a folder of its own."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = folder / "log.txt"
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
        places = {name: str(folder / name.lower()) for name in names}
        options = ["--my", str(folder / "my"), "--no-browser", f"--port={self.port}", "--ServerApp.port_retries=0",
                   f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True"]  # fmt: skip
        command = [sys.executable, "-m", "tinymlp", "lab", *options]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, env=os.environ | places, stdout=log, stderr=log)
        self.wait()

    def wait(self):
        """Wait until the server answers."""
        for _ in range(300):
            assert self.process.poll() is None, self.log.read_text()
            try:
                return self.api("api")
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"JupyterLab did not start:\n{self.log.read_text()}")

    def api(self, path, method="GET"):
        """Return what the server answers, read as JSON."""
        request = urllib.request.Request(f"http://localhost:{self.port}/{path}?token={TOKEN}", method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def url(self, notebook):
        """Return the address of a notebook, in a fresh workspace."""
        return f"http://localhost:{self.port}/lab/tree/{notebook}?reset&token={TOKEN}"

    def kill_kernels(self):
        """Kill all kernels as an accident would: they are the server's children."""
        command = ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        for line in subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines():
            if "ipykernel" in line:
                os.kill(int(line.split()[0]), signal.SIGKILL)

    def stop(self):
        """Stop the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """Start the workbook once for all browser tests."""
    server = Lab(tmp_path_factory.mktemp("lab"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser():
    """Start a Chromium, or skip with a word."""
    from playwright.sync_api import sync_playwright

    path = find()
    if not path:
        pytest.skip("BROWSER TESTS SKIPPED: no Chromium was found; `python tests/get_browser.py` says how to get one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()
