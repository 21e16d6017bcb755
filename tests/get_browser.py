"""Finds a Chromium for the browser tests, or installs one; `find()` is what the tests use.

It tries, in turn: an installed one, Playwright's own, Debian's package (as root). If there is none, it says so loudly.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "msedge")


def find():
    """Return the path of a Chromium, or None."""
    if os.environ.get("TINYMLP_CHROMIUM"):
        return os.environ["TINYMLP_CHROMIUM"]
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return find_playwrights()


def find_playwrights():
    """Return the path of the Chromium that Playwright downloaded, or None."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def get():
    """Try to install a Chromium, and return its path or None."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
        if subprocess.run(["apt-get", "update", "-qq"], **quiet).returncode == 0:
            subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], **quiet)
    if not find():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    return find()


def main():
    """Find or get a Chromium, and say which."""
    path = find() or get()
    if path:
        print(f"Browser tests use {path}")
        return
    bar = "!" * 100
    print(f"{bar}\nNo Chromium was found and none could be installed: ALL BROWSER TESTS WILL BE SKIPPED.\n{bar}")
    print("Install Chromium or Chrome, or name one in the environment variable TINYMLP_CHROMIUM.")


if __name__ == "__main__":
    main()
