"""The workbook as a learner has it: JupyterLab started by our own command, and a page of it in a browser."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

TOKEN = "test"
# Chromium looks for updates and the like by itself; none of that belongs in a test.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run",
            "--disable-component-update", "--disable-sync"]  # fmt: skip


class Lab:
    """The workbook as `make lab` opens it, with settings and copies in a folder of its own."""

    def __init__(self, folder, module="tinymlp", command="lab"):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log, self.my = folder / "log.txt", folder / "my"
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
        places = {name: str(folder / name.lower()) for name in (*names, "TINYMLP_HOME")}
        options = [f"--my={self.my}"] if module == "tinymlp" else [f"--ServerApp.root_dir={self.my}", "--allow-root"]
        options += ["--no-browser", f"--port={self.port}", "--ServerApp.port_retries=0",
                    f"--IdentityProvider.token={TOKEN}", "--LabApp.expose_app_in_browser=True",
                    "--JupyterNotebookApp.expose_app_in_browser=True"]  # fmt: skip
        with self.log.open("w") as log:
            command = [sys.executable, "-m", module, command, *options]
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

    def text(self, path, method="GET"):
        """Return what the server answers."""
        request = urllib.request.Request(f"http://localhost:{self.port}/{path}?token={TOKEN}", method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def api(self, path, method="GET"):
        """Return what the server answers, read as JSON."""
        text = self.text(path, method)
        return json.loads(text) if text else None

    def url(self, notebook):
        """Return the address of a notebook, in a fresh workspace."""
        return f"http://localhost:{self.port}/lab/tree/{notebook}?reset&token={TOKEN}"

    def end_sessions(self):
        """Close all notebooks' kernels, as shutting the workbook down does."""
        for session in self.api("api/sessions"):
            self.api(f"api/sessions/{session['id']}", "DELETE")

    def kill_kernels(self):
        """Kill all kernels, as a crash would: they are child processes of the server."""
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


READY = """() => {
  const widget = window.jupyterapp?.shell.currentWidget;
  const kernel = widget?.sessionContext?.session?.kernel;
  return widget?.content?.widgets?.length > 0 && kernel?.status === "idle";
}"""

# What a panel shows: its moving layers and its status line.
SHOWN = """panel => [...panel.querySelectorAll(".tinymlp-upper, .tinymlp-status")].map(e => e.innerHTML)"""


class Page:
    """One notebook in one browser page."""

    def __init__(self, browser, lab, name, width=1400, height=900):
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.set_default_timeout(30_000)
        self.page.goto(lab.url(name))
        self.page.wait_for_function(READY)

    def run_all(self):
        """Run all cells, and wait for every panel's first frame."""
        self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(
            "[...document.querySelectorAll('.jp-InputPrompt')].every(e => !/\\*/.test(e.innerText))"
        )
        self.page.wait_for_selector(".tinymlp-picture[data-frame]", state="attached")
        return self.page.locator(".tinymlp-panel")

    def lock_predictions(self):
        """Lock a guess in every card, as a learner would: panels wait for it."""
        for card in self.page.locator(".tinymlp-prediction").all():
            lock = card.get_by_role("button", name="Lock", exact=True)
            if lock.is_enabled():
                if card.get_by_label("your guess").count():
                    card.locator("select").first.select_option(index=1)
                else:
                    self.draw(card)
                lock.click()
                card.get_by_text("you said").first.wait_for()
        # The spoken text is updated once the values have settled.
        self.page.wait_for_function("!document.querySelector('.tinymlp-figure[aria-label^=Covered]')")

    def draw(self, card):
        """Draw a guess with the arrow keys, on the next panel that waits for one."""
        waits = ".tinymlp-panel:has(.tinymlp-status:text('prediction is locked')) .tinymlp-points"
        self.page.locator(waits).first.press("ArrowUp")
        card.get_by_text("your guess").wait_for()

    def save(self):
        """Save the notebook, and wait until it is written."""
        self.page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")

    def left(self):
        """Return the line above each panel, card and table that has no kernel."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('.tinymlp')]
               .map(e => getComputedStyle(e, '::before').content).filter(line => line !== 'none')"""
        )

    def wait_for_left(self, count):
        """Wait until so many of them say that they have no kernel, and return these lines."""
        self.page.wait_for_function(
            "n => document.querySelectorAll('.tinymlp.jupyter-widgets-disconnected').length >= n", arg=count
        )
        self.page.wait_for_selector(".tinymlp-panel.jupyter-widgets-disconnected .tinymlp-picture[data-frame]")
        return self.left()

    def errors(self):
        """Return the texts of all error boxes and of stderr."""
        boxes = """() => [...document.querySelectorAll('[data-mime-type*="error"], [data-mime-type*="stderr"]')]
                   .map(e => e.innerText)"""
        words = re.findall("Error displaying widget.*|model not found", self.page.inner_text("body"))
        return self.page.evaluate(boxes) + words

    def changed(self, panel, act, script=SHOWN):
        """Do `act`, wait until the panel shows something else, and return what it showed before."""
        before = panel.evaluate(script)
        act()
        handle = panel.element_handle()
        self.page.wait_for_function(
            f"([e, old]) => JSON.stringify(({script})(e)) !== JSON.stringify(old)", arg=[handle, before]
        )
        return before

    def settled(self, panel, expected):
        """Wait until the panel shows what is expected."""
        self.page.wait_for_function(
            f"([e, wanted]) => JSON.stringify(({SHOWN})(e)) === JSON.stringify(wanted)",
            arg=[panel.element_handle(), expected],
        )


def kernel(page, expression):
    """Return what an expression is in the kernel of the open notebook, printed."""
    return page.evaluate(
        """async expression => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          let said = "";
          const asked = kernel.requestExecute({ code: `print(${expression})`, store_history: false });
          asked.onIOPub = message => { if (message.header.msg_type === "stream") said += message.content.text; };
          await asked.done;
          return said.trim();
        }""",
        expression,
    )
