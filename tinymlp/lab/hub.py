"""The workbook under a JupyterHub: each learner's server, with copies of the lessons in the learner's own home.

A Hub starts `python -m tinymlp lab` as the user and hands over its address and a token in the environment. What then
runs is JupyterHub's own single-user server, which asks the Hub who may come in and tells it of activity, with the
workbook's settings and without what a class does not need.
"""

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tinymlp.lab.lean import single_user

TOKEN = "JUPYTERHUB_API_TOKEN"
ROOT, PAGE = "JUPYTERHUB_ROOT_DIR", "JUPYTERHUB_DEFAULT_URL"  # the Hub's `Spawner.notebook_dir` and `.default_url`
HOUR = 3600
# Each costs memory for every learner: other languages' servers, a shell, and two that only hold old addresses alive.
LEFT_OUT = ("jupyter_lsp", "jupyter_server_terminals", "nbclassic", "notebook_shim")
OPTIONS = [
    *(f"--ServerApp.jpserver_extensions={name}=False" for name in LEFT_OUT),
    # A kernel's outputs come by a port that every account of the machine can listen to, unless they come by a file.
    "--KernelManager.transport=ipc",
    # An hour, as a learner reads, or works by hand, with a lesson open. Nothing is lost but the kernel's variables: the
    # saved notebook keeps each panel as it was left, and guesses are in files.
    f"--MappingKernelManager.cull_idle_timeout={HOUR}",
    "--MappingKernelManager.cull_connected=True",
    "--MappingKernelManager.cull_interval=300",
    f"--ServerApp.shutdown_no_activity_timeout={HOUR}",  # once it has no kernel
]
# A panel's matrices are small: more threads than one bring nothing but their stacks and pools of memory.
FRUGAL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def started_by_hub(environment):
    """Return whether a Hub started this process."""
    return bool(environment.get(TOKEN))


def own_folder(environment):
    """Return the folder of a learner's copies: `my` in the folder that the Hub gives its users, or in their home."""
    return Path(environment.get(ROOT) or "~").expanduser() / "my"


def serve(options, page, environment):
    """Become the user's server, with the workbook's options (words) and first page. Return the exit code."""
    if find_spec("jupyterhub") is None:
        print(
            f"{TOKEN} says that a Hub started this, but JupyterHub is not installed here. "
            "Install it with: pip install 'tinymlp[lab,hub]'",
            file=sys.stderr,
        )
        return 1
    for name, value in (FRUGAL | {PAGE: page}).items():
        environment.setdefault(name, value)  # kernels inherit it
    # A socket's path has to be short, and a folder made like this is closed to all others.
    with tempfile.TemporaryDirectory(prefix="tinymlp-") as sockets:
        environment["JUPYTER_RUNTIME_DIR"] = sockets
        single_user().launch_instance([*OPTIONS, *options])
    return 0
