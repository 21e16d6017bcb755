"""Notebooks as pages that need no kernel, each with all its pictures: `python -m tinymlp export`.

nbconvert prefers the live view of a widget to its picture, and shows nothing where there is neither kernel nor network.
"""

from html import escape

from nbconvert.preprocessors import Preprocessor

from tinymlp.lab.saved import VIEW, outputs, reached, states


class StillPictures(Preprocessor):
    """Puts a picture in the place of each panel: as it was left, where that was saved, or else as its cell drew it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.enabled = True

    def preprocess(self, nb, resources):
        """Return the notebook without views and states of widgets."""
        known, styled = states(nb), False
        for data in outputs(nb):
            name = data.pop(VIEW, {}).get("model_id")
            parts = [known[part]["state"] for part in reached(name, known)] if name in known else []
            for picture in (part for part in parts if "tiles" in part):
                styles = "" if styled else "".join(f"<style>{part['_css']}</style>" for part in parts if "_css" in part)
                data["text/html"], styled = styles + as_left(picture), True
        nb.metadata.pop("widgets", None)
        return nb, resources


def as_left(picture):
    """Return the saved state of a panel's picture as HTML: its status and its tiles, as on the page."""
    parts = []
    for tile in picture["tiles"]:
        name, size = tile["name"], f"{tile['width']}/{tile['height']}"
        kind = "tinymlp-table" if tile["table"] else "tinymlp-figure"
        lower, upper, said, note = (picture.get(f"{part}_{name}", "") for part in ("lower", "upper", "text", "note"))
        label = "" if tile["table"] else f' role="img" aria-label="{escape(said)}" style="aspect-ratio:{size}"'
        layers = f'<div class="tinymlp-lower">{lower}</div><div class="tinymlp-upper">{upper}</div>'
        parts.append(
            f'<div class="tinymlp-tile" style="--width:{tile["width"]}px;--ratio:{size}">'
            f'<div class="{kind}"{label}>{layers}</div>{_line("note", note)}</div>'
        )
    lines = _line("alarm", picture.get("alarm", "")) + _line("status", picture.get("status", ""))
    covered = " tinymlp-covered" if picture.get("covered") else ""
    return f'<div class="tinymlp-panel">{lines}<div class="tinymlp-picture{covered}">{"".join(parts)}</div></div>'


def _line(kind, words):
    return f'<div class="tinymlp-{kind}">{escape(words)}</div>' if words else ""
