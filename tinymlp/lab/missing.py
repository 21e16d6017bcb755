"""Who skips the first cell of a lesson is told so in one sentence, in place of a traceback."""

import os
from pathlib import Path

STARTUP, OWN = "PYTHONSTARTUP", "TINYMLP_PYTHONSTARTUP"  # the second keeps what the user's own was
# Every name that the set-up cell of some lesson defines, and no other: a test holds them equal.
NAMES = {
    "CalibrationChart",
    "Markdown",
    "PENGUIN_FEATURES",
    "PENGUIN_FILE",
    "ProgressBar",
    "Recipe",
    "X",
    "accuracy",
    "count_overshoots",
    "csv",
    "exercise",
    "exercises",
    "faded",
    "flawed",
    "hessian",
    "homework",
    "hunt",
    "ledger",
    "np",
    "panel",
    "paper",
    "penguins",
    "playground",
    "predict",
    "predictions",
    "problem",
    "replace",
    "sharpness",
    "sigmoid",
    "timeit",
    "tm",
    "y",
}
MISSING = (
    'The name "{}" is not known yet: run the cell "Run me first" at the top of this lesson '
    "(click on it, then press Shift + Enter), and then the cells down to this one."
)


def prepare(environment):
    """Have every kernel that is started with this environment begin as below."""
    startup = str(Path(__file__).with_name("startup.py"))
    own = environment.get(STARTUP)
    if own and own != startup:
        environment[OWN] = own
    environment[STARTUP] = startup


def begin(space):
    """Begin in a namespace: answer missing names if IPython runs there, and run the user's own startup file."""
    if "get_ipython" in space:  # not so in a terminal's plain interpreter
        space["get_ipython"]().set_custom_exc((NameError,), answer)
    own = os.environ.get(OWN)
    if own and Path(own).is_file():
        exec(compile(Path(own).read_text(encoding="utf-8"), own, "exec"), space)


def answer(shell, kind, error, traceback, tb_offset=None):
    """Say which cell to run if a name of the set-up cells is missing; show any other error as usual."""
    if kind is NameError and error.name in NAMES and error.name not in shell.user_ns:
        print(MISSING.format(error.name))
    else:
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
