"""Makes the environment of the Hub's tests: JupyterHub and its proxy, and this package as a school would install it.

    python tests/get_hub.py FOLDER

The servers in it run as accounts of their own, so it must not lie in a folder that is closed to others. If the Python
that runs this lies in one, it is copied along.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROXY = "configurable-http-proxy@4.6.3"  # newer ones ask for a newer Node than Debian 12 has


def closed(path):
    """Return the first folder on the way to a path that others may not enter, or None."""
    path = Path(path).resolve()
    return next((part for part in (*reversed(path.parents), path) if not part.stat().st_mode & 0o001), None)


def open_python(folder):
    """Return a Python that everybody may run, and the environment variables that it needs."""
    base = Path(sys.base_prefix)
    if closed(base) is None:
        return [sys.executable], {}
    copy = folder / "python"
    if not copy.exists():
        skipped = shutil.ignore_patterns("site-packages", "test", "tests", "__pycache__", "*.a")
        shutil.copytree(base, copy, symlinks=True, ignore=skipped)
    return [copy / "bin" / f"python3.{sys.version_info.minor}"], {"LD_LIBRARY_PATH": str(copy / "lib")}


def get(folder):
    """Make or renew the environment. Raises CalledProcessError if a step fails."""
    folder.mkdir(parents=True, exist_ok=True)
    python, needed = open_python(folder)
    if not (folder / "bin" / "python").exists():
        subprocess.run([*python, "-m", "venv", "--without-pip", folder], check=True, env=os.environ | needed)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
    subprocess.run([*pip, "--constraint", ROOT / "constraints.txt", f"{ROOT}[lab,hub]"], check=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PROXY], check=True)


def main(folder):
    """Make the environment, or say plainly what is missing. Return the exit code."""
    folder = Path(folder).resolve()
    if missing := [name for name in ("node", "npm") if not shutil.which(name)]:
        print(
            f"The Hub's proxy is a program for Node, and there is no {' and no '.join(missing)} here: install Node 18"
        )
        print("or newer with npm (Debian: apt-get install nodejs npm). NONE OF THE HUB'S TESTS WAS RUN.")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    if shut := closed(folder):
        print(f"Learners' accounts may not enter {shut}. Call make with HUB_VENV=/opt/tinymlp-hub, or another folder.")
        return 1
    get(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
