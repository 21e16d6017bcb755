"""What axe-core finds on a page."""

from axe_playwright_python.sync_playwright import Axe


def violations(page, inside=True):
    """Return what axe-core finds against accessibility inside panels, cards and tables, or outside of them."""
    found = Axe().run(page, context={"include" if inside else "exclude": [[".tinymlp"]]}).response["violations"]
    return [(violation["id"], node["html"][:300]) for violation in found for node in violation["nodes"]]
