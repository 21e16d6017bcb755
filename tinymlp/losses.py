"""The loss functions: each sample's loss from the last layer's z and p, each followed by its slope dL/dz.

Shapes: z, p and y (..., N, C); a loss (..., N); a slope (..., N, C).
Cross-entropy is computed from z, and its slope is p - y: both stay finite where log(p) and y / p do not
(Goodfellow, Bengio & Courville 2016, Deep Learning, section 6.2.2).
"""

import numpy as np

from tinymlp.activations import ACTIVATIONS, sigmoid_slope


def softplus(z):
    """Return log(1 + e^z), which is -log(sigmoid(-z))."""
    return np.logaddexp(0, z)


def binary_cross_entropy(z, p, y):
    """Return -y log p - (1 - y) log(1 - p), summed over outputs, with p = sigmoid(z)."""
    return (y * softplus(-z) + (1 - y) * softplus(z)).sum(axis=-1)


def cross_entropy(z, p, y):
    """Return -sum over outputs of y log p, with p = softmax(z)."""
    z = z - z.max(axis=-1, keepdims=True)
    return (y * (np.log(np.exp(z).sum(axis=-1, keepdims=True)) - z)).sum(axis=-1)


def cross_entropy_slope(z, p, y):
    return p - y


def squared(z, p, y):
    """Return the sum over outputs of (p - y)^2 / 2."""
    return ((p - y) ** 2).sum(axis=-1) / 2


def squared_slope(activation_slope):
    """Return the slope of `squared` through an output whose activation has this slope: (p - y) times it."""

    def slope(z, p, y):
        return (p - y) * activation_slope(z, p)

    return slope


squared_sigmoid_slope = squared_slope(sigmoid_slope)

# The loss and its slope for each output and loss that go together.
LOSSES = {
    ("sigmoid", "cross_entropy"): (binary_cross_entropy, cross_entropy_slope),
    ("softmax", "cross_entropy"): (cross_entropy, cross_entropy_slope),
} | {(output, "squared"): (squared, squared_slope(slope)) for output, (_, slope) in ACTIVATIONS.items()}
