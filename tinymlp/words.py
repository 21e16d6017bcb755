"""Labels and numbers as they appear on the page: one set of rules for views, texts and homework headings."""

import textwrap

BENDS = {
    "silu": "SiLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "identity": "identity",
    "softmax": "softmax",
}

INPUTS = {
    "x1": "x₁",
    "x2": "x₂",
    "x1^2": "x₁²",
    "x2^2": "x₂²",
    "x1 x2": "x₁x₂",
    "sin pi x1": "sin πx₁",
    "sin pi x2": "sin πx₂",
}
RULES = {
    "momentum": "momentum",
    "pytorch": "PyTorch's",
    "average": "average",
    "nesterov": "Nesterov",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}

_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def capital(text):
    """Return a sentence with its first letter raised, the others as they are."""
    return text[:1].upper() + text[1:]


def above(number):
    """Return a whole number in superscript digits: 12 as ¹²."""
    return str(number).translate(_ABOVE)


def below(*numbers):
    """Return whole numbers in subscript digits: 1, 2 as ₁₂, with commas between them if any has two digits or more."""
    lowered = [str(number).translate(_BELOW) for number in numbers]
    return ("," if any(len(text) > 1 for text in lowered) else "").join(lowered)


def raised(name):
    """Return the name of an array as it appears on the page: W1 as W¹."""
    return name[0] + above(name[1:])


def symbol(net, letter, layer, number):
    """Return the symbol of a unit's z, h or p: layer as superscript, number as subscript if there are several."""
    return (letter if letter == "p" else f"{letter}{above(layer)}") + (
        below(number + 1) if net.sizes[layer] > 1 else ""
    )


def label(name, index):
    """Return the label of the entry `name[index]`: layer as superscript, then input and unit, all counted from 1.

    label("W1", (0, 1)) is w¹₁₂, the weight from input 1 to hidden unit 2; label("b1", (0, 1)) is b¹₂.
    """
    row, column = index
    layer = above(name[1:])
    return f"w{layer}{below(row + 1, column + 1)}" if name.startswith("W") else f"b{layer}{below(column + 1)}"


def meaning(net, name, index):
    """Return in words what the entry `name[index]` does, e.g. "from input 1 to hidden unit 2"."""
    (row, column), layer = index, int(name[1:])
    if name.startswith("W"):
        return f"from {unit(net, layer - 1, row)} to {unit(net, layer, column)}"
    if net.biases == "shared" and net.sizes[layer] > 1:
        units = "outputs" if layer == len(net.sizes) - 1 else f"units of hidden layer {layer}"
        return f"bias of all {net.sizes[layer]} {units}"
    return f"bias of {unit(net, layer, column)}"


def unit(net, layer, number):
    """Return the name of a unit, e.g. "hidden unit 2": layer 0 holds the inputs, the last layer the outputs."""
    last = len(net.sizes) - 1
    if layer == 0:
        return f"input {number + 1}"
    if layer == last:
        return "the output" if net.sizes[-1] == 1 else f"output {number + 1}"
    return f"hidden unit {number + 1}" + (f" of layer {layer}" if last > 2 else "")


def decimal(value, digits=4, sign=False):
    """Return a number as short text: no rounding noise, no signed zero, powers of ten only if it is very large."""
    value = float(value)
    if abs(value) >= 10_000:
        return f"{value:{'+' if sign else ''}.{max(1, digits - 2)}e}"
    digits = digits if abs(value) < 100 else max(1, digits - 2)
    rounded = round(value, digits) + 0.0  # + 0.0 turns -0.0 into 0.0
    return f"{rounded:{'+' if sign and rounded else ''}.{digits}f}"


def wrapped(text, width=96):
    """Return a text wrapped between words: a notebook page would break longer lines in mid-word."""
    return textwrap.fill(text, width)


def on_page(text):
    """Return the text with true minus signs in place of the hyphens that Python prints."""
    return text.replace("-", "\N{MINUS SIGN}")


def short(value):
    """Return a setting or an input as a person would write it: 0.5 for 0.5, 1 for 1.0. Noise below 1e-12 becomes 0."""
    value = float(value)
    return f"{value if abs(value) >= 1e-12 else 0.0:.6g}"


def given(value, digits=3):
    """Return an input or target as short text: as it was given if that is short, else rounded."""
    text = short(value)
    return text if len(text) <= 4 else decimal(value, digits)
