"""Formulas as MathML, which browsers show by themselves: an extension of Sphinx."""

import re

from docutils import nodes
from latex2mathml.converter import convert

THIN = "0.167em"  # TeX's thin space
# What the converter leaves out of TeX's spacing: a sign is no difference, a slash and bars stand tight, and the name of
# a function has a thin space beside it, but for a bracket.
SPACING = [
    (r"(<mo[^>]*>(?!&#x00029;|\))[^<]*</mo>)<mo>(&#x02212;|&#x0002B;)</mo>", r'\1<mo form="prefix">\2</mo>'),
    (r"<mo[^>]*>(/|&#x0002F;)</mo>", r'<mo lspace="0" rspace="0">\1</mo>'),
    (r"<mo[^>]*>(\||&#x0007C;|&#x02223;)</mo>", r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>'),
    (r"(</m\w+>)<mi>(ln|log)</mi>", rf'\1<mspace width="{THIN}"/><mi>\2</mi>'),
    (r"<mi>(ln|log)</mi>(?!<mo[^>]*>(&#x00028;|\())", rf'<mi>\1</mi><mspace width="{THIN}"/>'),
]


def setup(app):
    """Register the renderer with Sphinx, as `html_math_renderer = "mathml"`."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def mathml(formula, display="inline"):
    """Return a LaTeX formula as MathML; display: "inline" or "block"."""
    made = convert(formula, display=display)
    for pattern, spaced in SPACING:
        made = re.sub(pattern, spaced, made)
    return made


def _inline(translator, node):
    translator.body.append(f'<span class="math">{mathml(node.astext())}</span>')
    raise nodes.SkipNode


def _block(translator, node):
    translator.body.append(f'<div class="math">{mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode
