"""A formula of LaTeX as MathML, which a browser shows by itself: no script, and no network."""

import re

from latex2mathml.converter import convert

THIN = "0.167em"  # LaTeX's thin space
OPEN, CLOSE = r"(?:&#x00028;|\()", r"(?:&#x00029;|\))"
# What the library leaves out of LaTeX's spacing: a sign is no difference, a slash and bars stand tight, and the name of
# a function has a thin space beside it, but not before a bracket.
SPACING = [
    (rf"(<mo[^>]*>(?!{CLOSE})[^<]*</mo>)<mo>(&#x02212;|&#x0002B;)</mo>", r'\1<mo form="prefix">\2</mo>'),
    (r"<mo[^>]*>(/|&#x0002F;)</mo>", r'<mo lspace="0" rspace="0">\1</mo>'),
    (r"<mo[^>]*>(\||&#x0007C;|&#x02223;)</mo>", r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>'),
    (r"(</m\w+>)<mi>(exp|ln|log|max|min)</mi>", rf'\1<mspace width="{THIN}"/><mi>\2</mi>'),
    (rf"<mi>(exp|ln|log|max|min)</mi>(?!<mo[^>]*>{OPEN})", rf'<mi>\1</mi><mspace width="{THIN}"/>'),
]


def mathml(formula, display):
    """Return a LaTeX formula as MathML; display: "inline" or "block". Raises what latex2mathml does if it cannot be."""
    made = convert(formula, display=display)
    for pattern, spaced in SPACING:
        made = re.sub(pattern, spaced, made)
    return made
