"""The workbook under a JupyterHub. The tests marked `hub` need a real one, and are run by `make hub-test`."""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import pytest
import yaml
from hubs import CONFIG, NAMES, TEACHER, Hub, Learner, lesson_cells, run_all
from traitlets.config import Config

from tinymlp.lab import lean

ROOT = CONFIG.parent.parent.parent
FAKE = """
import os, sys
class JupyterHubSingleUser:
    def launch_instance(options):
        print(*options, sep="\\n")
        print("PAGE", os.environ["JUPYTERHUB_DEFAULT_URL"])
        print("THREADS", os.environ["OPENBLAS_NUM_THREADS"])
"""


def started(folder, extra=None, fake=FAKE, words=("lab",)):
    """Run our command as a Hub would start it, with a stand-in for JupyterHub that prints what it was given."""
    package = folder / "fake" / "jupyterhub" / "singleuser"
    if fake:
        package.mkdir(parents=True)
        (package.parent / "__init__.py").touch()
        (package / "__init__.py").touch()
        (package / "extension.py").write_text(fake, encoding="utf-8")
    names = {"HOME": str(folder), "JUPYTERHUB_API_TOKEN": "secret", "PYTHONPATH": f"{folder / 'fake'}:{ROOT}"}
    known = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "OPENBLAS"))}
    command = [sys.executable, "-m", "tinymlp", *words]
    return subprocess.run(command, env=known | names | (extra or {}), cwd=folder, capture_output=True, text=True)


def test_under_a_hub_the_copies_are_laid_in_the_learners_home_and_the_server_is_the_hubs_with_our_settings(tmp_path):
    done = started(tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "my" / "00_start_here.ipynb").exists()
    said = done.stdout.splitlines()
    assert f"--ServerApp.root_dir={tmp_path / 'my'}" in said
    assert "--ServerApp.contents_manager_class=tinymlp.lab.saved.KeepingContents" in said
    assert "PAGE /lab/tree/00_start_here.ipynb" in said
    assert "THREADS 1" in said
    assert "--KernelManager.transport=ipc" in said


def test_what_the_hubs_administrator_sets_comes_first(tmp_path):
    given = {
        "JUPYTERHUB_ROOT_DIR": str(tmp_path / "class"),
        "JUPYTERHUB_DEFAULT_URL": "/lab",
        "OPENBLAS_NUM_THREADS": "4",
    }
    said = started(tmp_path, given, words=("lab", "--MappingKernelManager.cull_idle_timeout=60")).stdout.splitlines()
    assert f"--ServerApp.root_dir={tmp_path / 'class' / 'my'}" in said
    assert {"PAGE /lab", "THREADS 4"} <= set(said)
    ends = [line for line in said if "cull_idle_timeout" in line]
    assert ends[-1].endswith("=60")  # of two, Jupyter takes the later


def test_without_jupyterhub_a_sentence_says_what_to_install(tmp_path):
    if subprocess.run([sys.executable, "-c", "import jupyterhub"], capture_output=True).returncode == 0:
        block = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
        (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['jupyterhub'] = None", encoding="utf-8")
    else:
        block = {}
    done = started(tmp_path, block, fake="")
    assert done.returncode == 1
    assert "pip install 'tinymlp[lab,hub]'" in done.stderr


def test_a_hub_that_asks_for_more_of_its_own_pages_gets_them(tmp_path):
    done = started(tmp_path, fake="import jupyterhub.handlers.pages as pages\npages.Another\n" + FAKE)
    assert "Another" in done.stderr  # the stand-in has no such class, and neither has this Hub
    (tmp_path / "again").mkdir()
    fake = "from jupyterhub.handlers.pages import Another\n" + FAKE
    package = tmp_path / "again" / "fake" / "jupyterhub" / "handlers"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "pages.py").write_text("class Another: pass", encoding="utf-8")
    done = started(tmp_path / "again", fake=fake)
    assert done.returncode == 0, done.stderr


def test_a_module_that_is_put_off_is_whole_when_it_is_used(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "put_off_package").mkdir()
    (tmp_path / "put_off_package" / "__init__.py").touch()
    (tmp_path / "put_off_package" / "big.py").write_text("import put_off_package as p; p.loaded = True; answer = 42")
    lean.put_off("put_off_package.big")
    from put_off_package import big

    package = sys.modules["put_off_package"]
    assert not hasattr(package, "loaded")
    assert big.answer == 42
    assert package.loaded


def test_guesses_are_readable_by_a_group_only_where_their_folder_was_given_to_one(own_home):
    from tinymlp.teaching import keep

    keep.add("mine.jsonl", {"name": "a"})
    own_home.chmod(0o2750)
    keep.add("shared.jsonl", {"name": "a"})
    modes = {path.name: path.stat().st_mode & 0o777 for path in own_home.iterdir()}
    assert modes == {"mine.jsonl": 0o600, "shared.jsonl": 0o640}


def test_the_shipped_configuration_starts_our_command_and_has_a_real_log_in(tmp_path):
    config = Config()
    text = CONFIG.read_text(encoding="utf-8").replace("/srv/tinymlp", str(tmp_path))
    exec(compile(text, CONFIG, "exec"), {"get_config": lambda: config})
    assert config.Spawner.cmd[-3:] == ["-m", "tinymlp", "lab"]
    assert config.JupyterHub.authenticator_class == "pam"


def test_the_values_for_kubernetes_start_our_command_too_and_let_nobody_in_without_a_log_in():
    values = yaml.safe_load((CONFIG.parent / "values.yaml").read_text(encoding="utf-8"))
    assert values["singleuser"]["cmd"][-3:] == ["-m", "tinymlp", "lab"]
    hub = values["hub"]["config"]
    assert hub["JupyterHub"]["authenticator_class"] != "dummy"
    assert not hub.get("Authenticator", {}).get("allow_all")


@pytest.fixture(scope="module")
def hub():
    """Start a Hub with the shipped configuration, and accounts for five learners and a teacher."""
    # Not in pytest's own folder: that is closed to other accounts, and the learners' homes are in this one.
    with tempfile.TemporaryDirectory(prefix="tinymlp-hub-") as folder:
        running = Hub(folder)
        yield running
        running.stop()


@pytest.fixture(scope="module")
def five(hub):
    """Have five learners log in, start their servers, and each lock a guess and step a run of their own."""
    learners = [Learner(hub, name) for name in NAMES]
    for number, learner in enumerate(learners):
        assert learner.log_in().url.endswith("/hub/home")
        learner.page = learner.start()
        learner.python = learner.kernel()
        learner.python.run(lesson_cells()[0])
        learner.python.run(
            f"p = predict('08.bias').prediction; p.lock(p.options[{number % 2}] if p.options else {number})"
        )
        learner.said = learner.python.run(
            f"run = tm.Run(tm.worked_example()); run.set('W1', (0, 0), {number}); run.step(3)"
        )
    return SimpleNamespace(ada=learners[0], ben=learners[1], all=learners)


def in_kernel(learner, code):
    return learner.python.run(code)


@pytest.mark.hub
def test_each_learner_lands_on_the_first_lesson_in_a_home_of_their_own(five):
    for learner in five.all:
        assert learner.page.status_code == 200
        assert learner.page.url.endswith(f"/user/{learner.name}/lab/tree/00_start_here.ipynb")
        assert learner.home.joinpath("my", "15_homework.ipynb").owner() == learner.name
        assert len([each for each in learner.api("GET", "contents")["content"] if each["type"] == "notebook"]) == 16
        assert in_kernel(learner, "import os; print(os.getcwd())") == str(learner.home / "my")


@pytest.mark.hub
def test_each_learner_has_guesses_and_a_run_of_their_own(five):
    for number, learner in enumerate(five.all):
        assert float(in_kernel(learner, "run.goto(0); print(run.params.W1[0, 0])")) == number
        [guesses] = learner.guesses.glob("*.jsonl")
        assert guesses.owner() == learner.name
        assert guesses.read_text().count("08.bias") == 1


@pytest.mark.hub
@pytest.mark.parametrize(
    "path",
    [
        "user/{ben}/",
        "user/{ben}/lab",
        "user/{ben}/files/00_start_here.ipynb",
        "user/{ben}/api/contents",
        "user/{ben}/api/kernels",
        "user/{ben}/api/sessions",
        "hub/api/users/{ben}",
        "hub/api/users",
    ],
)
def test_a_learners_cookies_open_nothing_of_another(five, path):
    answer = five.ada.get(path.format(ben=five.ben.name))
    assert answer.status_code in (403, 404)


@pytest.mark.hub
@pytest.mark.parametrize("climb", ["..", "%2e%2e", "..%2f..", "%2e%2e%2f%2e%2e"])
def test_no_path_climbs_out_of_a_learners_folder(hub, five, climb):
    import http.client

    ada, ben = five.ada, five.ben
    for middle in ("files", "api/contents"):
        path = f"/{ada.base}/{middle}/{climb}/{climb}/{ben.name}/my/00_start_here.ipynb"
        asked = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=30)  # it sends a path as it is
        cookies = "; ".join(f"{c.name}={c.value}" for c in ada.session.cookies if ada.base in c.path)
        with contextlib.closing(asked):
            asked.request("GET", path, headers={"Cookie": cookies})
            answer = asked.getresponse()
            assert answer.status in (302, 400, 403, 404)
            assert b"nbformat" not in answer.read()


@pytest.mark.hub
def test_a_learners_token_opens_their_own_server_and_no_other_by_the_proxy_or_past_it(hub, five):
    import requests

    made = five.ada.session.post(
        hub.url(f"hub/api/users/{five.ada.name}/tokens"), json={"note": "mine"}, timeout=30,
        headers={"X-XSRFToken": five.ada.session.cookies.get("_xsrf", path="/hub/"), "Referer": hub.url("hub/token")},
    )  # fmt: skip
    assert made.ok, made.text
    mine = {"Authorization": f"token {made.json()['token']}"}
    ports = {}
    for learner in (five.ada, five.ben):
        [[server], _] = learner.processes()
        sockets = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout
        [ports[learner.name]] = {int(p) for p in re.findall(rf":(\d+)\s+\S+\s+users:.*pid={server},", sockets)}
    for name, expected in ((five.ada.name, 200), (five.ben.name, 403)):
        for address in (hub.url(), f"http://127.0.0.1:{ports[name]}/"):
            answer = requests.get(f"{address}user/{name}/api/kernels", headers=mine, timeout=30)
            assert answer.status_code == expected, address


@pytest.mark.hub
def test_a_learners_kernel_cannot_be_spoken_to_with_anothers_cookies(five):
    import websocket

    stranger = SimpleNamespace(hub=five.ada.hub, base=five.ben.base, session=five.ada.session)
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        type(five.ben.python)(stranger, five.ben.python.name)


@pytest.mark.hub
def test_a_learners_code_reads_nothing_of_another(five):
    ben = five.ben
    [[server], [kernel]] = ben.processes()
    runtime = in_kernel(ben, "import os; print(os.environ['JUPYTER_RUNTIME_DIR'])")
    for path in (ben.home, ben.home / "my", ben.guesses, runtime, f"/proc/{server}/fd", f"/proc/{kernel}/fd"):
        assert "PermissionError" in in_kernel(five.ada, f"import os; os.listdir({str(path)!r})"), path
    for path in (ben.home / "my" / "00_start_here.ipynb", f"/proc/{server}/environ", f"/proc/{kernel}/environ"):
        assert "PermissionError" in in_kernel(five.ada, f"open({str(path)!r}, 'rb').read()"), path
    for path in (five.ada.hub.folder / "hub" / "jupyterhub.sqlite", five.ada.hub.folder / "hub" / "cookie_secret"):
        assert "PermissionError" in in_kernel(five.ada, f"open({str(path)!r}, 'rb').read()"), path


@pytest.mark.hub
def test_a_kernels_messages_go_by_files_in_a_closed_folder_and_by_no_port(five):
    def listens(kind, pid):
        said = subprocess.run(["ss", f"-Hln{kind}p"], capture_output=True, text=True, check=True).stdout
        return [line for line in said.splitlines() if f"pid={pid}," in line]

    for learner in five.all:
        [_, [kernel]] = learner.processes()
        assert len([line for line in listens("x", kernel) if "-ipc-" in line]) == 5
        # The one left takes in what a learner's subprocesses print, if it comes with a secret, and sends nothing.
        assert len(listens("t", kernel)) <= 1


@pytest.mark.hub
def test_the_teachers_group_reads_all_guesses_and_changes_none(five):
    for learner in five.all:
        [guesses] = learner.guesses.glob("*.jsonl")
        as_teacher = ["runuser", "-u", TEACHER, "--"]
        assert subprocess.run([*as_teacher, "cat", guesses], capture_output=True).stdout == guesses.read_bytes()
        assert subprocess.run([*as_teacher, "touch", guesses], capture_output=True).returncode != 0


@pytest.mark.hub
def test_a_cell_that_asks_for_too_much_memory_ends_in_an_error_and_the_others_go_on(five):
    assert "MemoryError" in in_kernel(five.ada, "import numpy as np; np.zeros((40_000, 40_000))")
    assert in_kernel(five.ada, "run.goto(3); run.step(); print(run.t)") == "4"
    assert in_kernel(five.ben, "run.goto(3); run.step(); print(run.t)") == "4"


@pytest.mark.hub
def test_a_wrong_password_lets_nobody_in(hub):
    stranger = Learner(hub, NAMES[0])
    assert "Invalid username or password" in stranger.log_in("wrong").text
    assert stranger.get("hub/api/user").status_code == 403


@pytest.mark.hub
def test_the_hub_knows_every_setting_and_idle_kernels_and_servers_are_ended(hub, five):
    said = hub.log.read_text()
    assert "not recognized" not in said
    assert "Culling kernels with idle durations > 3600 seconds" in said
    assert "Will shut down after 3600 seconds with no kernels" in said
    assert "jupyter_lsp | extension was successfully loaded" not in said
    assert hub.admin("GET", f"users/{NAMES[0]}").json()["servers"][""]["last_activity"]


@pytest.mark.hub
def test_a_page_steps_a_panel_under_the_hub_and_asks_no_other_machine_for_anything(hub, five, browser):
    context = browser.new_context()
    context.add_cookies([
        {"name": c.name, "value": c.value, "url": hub.url()[:-1] + c.path} for c in five.ada.session.cookies
    ])  # fmt: skip
    page, asked = context.new_page(), []
    page.set_default_timeout(60_000)
    page.on("request", lambda request: asked.append(request.url))
    panel = run_all(page, hub.url(f"{five.ada.base}/lab/tree/00_start_here.ipynb?reset"))
    card = page.locator(".tinymlp-prediction").first
    card.locator("select").first.select_option(index=1)
    card.get_by_role("button", name="Lock", exact=True).click()
    before = panel.locator(".tinymlp-status").inner_text()
    panel.get_by_role("button", name="Step", exact=True).click()
    page.wait_for_function("([e, old]) => e.innerText !== old",
                           arg=[panel.locator(".tinymlp-status").element_handle(), before])  # fmt: skip
    assert not [
        url for url in asked if not url.startswith((hub.url(), hub.url().replace("http", "ws"), "data:", "blob:"))
    ]
    context.close()
