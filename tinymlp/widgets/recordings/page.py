"""A recording as HTML: what a page needs once, a recording on it, and a page of its own in one file."""

import base64
import gzip
import json
from dataclasses import asdict
from html import escape
from pathlib import Path

from tinymlp.widgets.recordings.frames import record

HERE = Path(__file__).parent
WIDGETS = HERE.parent
EXPORT = "export default { render };"  # of picture.js, which here is one script with the player
KEPT = ("tiles", "picks", "missing", "columns", "pieces", "texts", "seen")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0 auto; max-width: 1400px; padding: 8px 16px; font: 16px/1.4 system-ui, sans-serif; }}
body {{ color: #000; background: #fff; }}
h1 {{ font-size: 22px; margin: 4px 0 8px; }}
footer {{ font-size: 14px; color: #595959; margin-top: 12px; }}
[data-jp-theme-light="false"] body {{ color: #ededed; background: #121212; }}
[data-jp-theme-light="false"] footer {{ color: #b5b5b5; }}
</style>
<script>
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.setAttribute("data-jp-theme-light", String(!dark.matches));
dark.addEventListener("change", follow);
follow();
</script>
</head>
<body>
<main>
<h1>{title}</h1>
{recording}
</main>
<footer>A recording made with tinymlp: every number in it was computed, and it needs no network.</footer>
{head}
</body>
</html>
"""


def head() -> str:
    """Return the style and the script that a page with recordings needs once, after them or before."""
    style = (WIDGETS / "picture.css").read_text(encoding="utf-8") + (HERE / "player.css").read_text(encoding="utf-8")
    picture = (WIDGETS / "picture.js").read_text(encoding="utf-8")
    if EXPORT not in picture:
        raise AssertionError(f"picture.js: expected the line {EXPORT}")
    script = picture.replace(EXPORT, "") + (HERE / "player.js").read_text(encoding="utf-8")
    return f'<style>{style}</style>\n<script type="module">\n{script}</script>'


def recorded(panel, steps=40, slider=None, stops=None, alone=False) -> str:
    """Return the HTML of a panel as a recording, for a page with `head()`; arguments as for `record`.

    One whose panel has a prediction waits until the page says that it is locked, by an event "tinymlp:locked" with
    detail.name, and tells by an event "tinymlp:seen" that it has happened. alone: whether arrow keys anywhere on the
    page are meant for it.
    """
    asked = panel.after
    made = record(panel, steps, slider, stops, seen=None if asked is None else asked.seen)
    data = {name: getattr(made, name) for name in KEPT} | {"axes": [asdict(axis) for axis in made.axes]}
    packed = gzip.compress(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(), 9, mtime=0)
    words = made.text("words", made.start)
    attributes = f' data-words="{escape(words)}"' + (" data-alone" if alone else "")
    if asked is not None and not alone:
        attributes, words = f' data-after="{escape(asked.name)}" data-words=""', "Covered until a prediction is locked."
    return (
        f'<div class="tinymlp-recording"{attributes}>'
        f'<div class="tinymlp-loading">A recording. It plays in a browser with JavaScript.</div>'
        f"<noscript><pre>{escape(words)}</pre></noscript>"
        f'<script type="application/gzip">{base64.b64encode(packed).decode()}</script></div>'
    )


def page(panel, title, steps=40, slider=None, stops=None) -> str:
    """Return a recording as a page of its own, in one file that needs nothing else."""
    recording = recorded(panel, steps, slider, stops, alone=True)
    return PAGE.format(title=escape(title), recording=recording, head=head())
