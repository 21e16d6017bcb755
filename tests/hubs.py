"""A real JupyterHub on this machine, as docs/hub/jupyterhub_config.py sets it up, with accounts made for a while.

The Hub, its proxy and the package come from an environment of their own, which `make hub-test` makes.
"""

import json
import os
import re
import secrets
import socket
import subprocess
import time
import uuid
from pathlib import Path

import requests
import websocket
from workbook import READY

CONFIG = Path(__file__).resolve().parent.parent / "docs" / "hub" / "jupyterhub_config.py"
LEARNERS, TEACHERS = "tinymlp-learners", "tinymlp-teachers"
NAMES = [f"tinymlp-{name}" for name in ("ada", "ben", "cleo", "dan", "eve")]
TEACHER = "tinymlp-teacher"
ADMIN = secrets.token_hex(16)  # of a service that a test may be: it can do what an administrator can


def environment():
    """Return the folder of the Hub's environment. Raises RuntimeError if something is missing, and says what."""
    folder = Path(os.environ.get("TINYMLP_HUB_VENV", ".venv-hub")).resolve()
    if os.geteuid() != 0:
        raise RuntimeError("these tests make accounts for five learners and a teacher: run them as root")
    for program in ("bin/jupyterhub", "node_modules/.bin/configurable-http-proxy"):
        if not (folder / program).exists():
            raise RuntimeError(f"expected {program} in {folder}: `make hub-test` puts it there")
    for part in (folder, *folder.parents):
        if not part.stat().st_mode & 0o001:
            raise RuntimeError(
                f"learners may not enter {part}: `make hub-test HUB_VENV=/opt/tinymlp-hub` puts it elsewhere"
            )
    return folder


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Hub:
    """The Hub, started with the shipped configuration; what a school changes there is changed here, and no more."""

    def __init__(self, folder, names=NAMES, extra=""):
        self.venv, self.folder, self.names = environment(), Path(folder), [*names, TEACHER]
        self.folder.chmod(0o755)
        self.guesses, self.port = self.folder / "guesses", free_port()
        self.opened = []  # learners' sessions and sockets, to be closed at the end
        self.passwords = {name: secrets.token_hex(8) for name in self.names}
        self.make_accounts()
        shipped = CONFIG.read_text(encoding="utf-8")
        for name, value in {
            "LEARNERS": LEARNERS,
            "TEACHERS": TEACHERS,
            "GUESSES": self.guesses,
            "HUB": self.folder / "hub",
        }.items():
            shipped, count = re.subn(rf'^({name} = .*?)"[^"]*"', rf'\1"{value}"', shipped, flags=re.MULTILINE)
            assert count == 1, f"{CONFIG.name} has no line {name} = ..."
        config = self.folder / "jupyterhub_config.py"
        config.write_text(shipped + self.machine() + extra, encoding="utf-8")
        path = f"{self.venv / 'bin'}:{self.venv / 'node_modules' / '.bin'}:{os.environ['PATH']}"
        places = {
            key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "TINYMLP", "PYTHON"))
        }
        self.log = self.folder / "log.txt"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [self.venv / "bin" / "jupyterhub", "-f", config], cwd=self.folder, stdout=log, stderr=log,
                env=places | {"PATH": path, "LD_LIBRARY_PATH": str(self.venv / "python" / "lib")},
            )  # fmt: skip
        try:
            self.wait()
        except AssertionError:
            self.stop()
            raise

    def machine(self):
        """Return what only a test needs: free ports, an administrator's token, and Lab's commands in its pages."""
        return f"""
c.JupyterHub.bind_url = "http://127.0.0.1:{self.port}"
c.JupyterHub.hub_port = {free_port()}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{free_port()}"
c.JupyterHub.services = [{{"name": "test", "api_token": "{ADMIN}", "admin": True}}]
c.Spawner.args = ["--LabApp.expose_app_in_browser=True"]
"""

    def make_accounts(self):
        self.drop_accounts()  # of a run that was broken off
        for group in (LEARNERS, TEACHERS):
            subprocess.run(["groupadd", "--force", group], check=True)
        for name, password in self.passwords.items():
            group, home = TEACHERS if name == TEACHER else LEARNERS, self.folder / "home" / name
            home.parent.mkdir(exist_ok=True)
            made = ["useradd", "--create-home", "--home-dir", home, "--key", "HOME_MODE=0700", "--groups", group, name]
            subprocess.run(made, check=True, capture_output=True)
            subprocess.run(["chpasswd"], input=f"{name}:{password}", text=True, check=True)

    def drop_accounts(self):
        for name in self.names:
            subprocess.run(["userdel", "--force", "--remove", name], capture_output=True)
        for group in (LEARNERS, TEACHERS):
            subprocess.run(["groupdel", group], capture_output=True)

    def url(self, path=""):
        return f"http://127.0.0.1:{self.port}/{path}"

    def wait(self):
        """Wait until the Hub answers through its proxy."""
        for _ in range(600):
            assert self.process.poll() is None, self.said()
            try:
                if requests.get(self.url("hub/api/"), timeout=5).ok:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"the Hub did not start:\n{self.said()}")

    def said(self):
        """Return the end of what the Hub and all servers logged."""
        lines = self.log.read_text().splitlines()
        return "\n".join([line for line in lines if "GET /hub/api/users" not in line][-40:])

    def admin(self, method, path, **more):
        """Return what the Hub's own interface answers to an administrator."""
        headers = {"Authorization": f"token {ADMIN}"}
        return requests.request(method, self.url(f"hub/api/{path}"), headers=headers, timeout=60, **more)

    def stop(self):
        """Stop the Hub, all servers and the proxy, and remove the accounts."""
        for each in self.opened:
            each.close()
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.drop_accounts()


class Learner:
    """One person who has logged in: what their browser and their server do."""

    def __init__(self, hub, name):
        self.hub, self.name, self.session = hub, name, requests.Session()
        self.home, self.guesses = hub.folder / "home" / name, hub.guesses / name
        self.base = f"user/{name}"
        hub.opened.append(self.session)

    def log_in(self, password=None):
        """Log in as in a browser, and return the answer."""
        page = self.session.get(self.hub.url("hub/login"), timeout=30)
        assert page.ok
        known = {"username": self.name, "password": password or self.hub.passwords[self.name]}
        known["_xsrf"] = self.session.cookies.get("_xsrf", path="/hub/")
        return self.session.post(self.hub.url("hub/login?next=/hub/home"), data=known, timeout=60)

    def start(self):
        """Start the learner's server, and return the page that the browser then shows."""
        self.session.get(self.hub.url("hub/spawn"), timeout=60)
        for _ in range(600):
            state = self.hub.admin("GET", f"users/{self.name}").json()["servers"].get("", {})
            if state.get("ready"):
                return self.session.get(self.hub.url(f"{self.base}/"), timeout=60)
            assert state.get("pending"), f"no server for {self.name}:\n{self.hub.said()}"
            time.sleep(0.1)
        raise AssertionError(f"no server for {self.name} in a minute:\n{self.hub.said()}")

    def get(self, path, **more):
        """Return what a page under the Hub's address answers to this learner's browser."""
        return self.session.get(self.hub.url(path), timeout=30, **more)

    def api(self, method, path, **more):
        """Return what the learner's own server answers, read as JSON."""
        headers = {"X-XSRFToken": self.session.cookies.get("_xsrf", path=f"/{self.base}/")}
        url = self.hub.url(f"{self.base}/api/{path}")
        answer = self.session.request(method, url, headers=headers, timeout=60, **more)
        assert answer.ok, f"{answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content else None

    def kernel(self, notebook="00_start_here.ipynb"):
        """Start a kernel for a notebook, and return it."""
        wanted = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        return Kernel(self, self.api("POST", "sessions", json=wanted)["kernel"]["id"])

    def processes(self):
        """Return the process ids of the learner's server and of its kernels."""
        said = subprocess.run(["ps", "-u", self.name, "-o", "pid=,args="], capture_output=True, text=True).stdout
        rows = [line.strip().split(maxsplit=1) for line in said.splitlines()]
        kernels = [int(pid) for pid, words in rows if "ipykernel" in words]
        return [int(pid) for pid, words in rows if "tinymlp lab" in words or "singleuser" in words], kernels


class Kernel:
    """One kernel of a learner, spoken to through the proxy as a page does."""

    def __init__(self, learner, name):
        self.name = name
        address = learner.hub.url(f"{learner.base}/api/kernels/{name}/channels").replace("http", "ws", 1)
        cookies = "; ".join(f"{c.name}={c.value}" for c in learner.session.cookies if learner.base in c.path)
        self.socket = websocket.create_connection(address, cookie=cookies, timeout=120, origin=learner.hub.url()[:-1])
        learner.hub.opened.append(self.socket)

    def run(self, code):
        """Run a cell and return what it printed, or the error's name and words. Raises TimeoutError after 120 s."""
        asked = uuid.uuid4().hex
        header = {"msg_id": asked, "msg_type": "execute_request", "username": "", "session": asked, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        self.socket.send(json.dumps(message))
        said = ""
        while True:
            told = json.loads(self.socket.recv())
            if told["parent_header"].get("msg_id") != asked:
                continue
            kind, content = told["header"]["msg_type"], told["content"]
            if kind == "stream":
                said += content["text"]
            elif kind == "error":
                said += f"{content['ename']}: {content['evalue']}"
            elif kind == "status" and content["execution_state"] == "idle":
                return said.strip()


def run_all(page, notebook):
    """Open a notebook in a browser's page, run all cells when its kernel is idle, and return its first live panel."""
    page.goto(notebook)
    page.wait_for_function(READY)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    panel = page.locator(".tinymlp-panel").first
    panel.locator(".tinymlp-picture[data-frame]").wait_for(state="attached")
    return panel


def lesson_cells(name="00_start_here.ipynb"):
    """Return the code of each cell of a lesson."""
    lesson = json.loads((CONFIG.parent.parent.parent / "notebooks" / name).read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in lesson["cells"] if cell["cell_type"] == "code"]
