"""The activation functions, each followed by its slope (derivative).

A function takes z and returns h; its slope takes z and h and returns dh/dz, all of the same shape.
"""

import numpy as np

LEAK = 0.01


def sigmoid(z):
    """Return 1 / (1 + e^-z). z is clipped at -700, below which e^-z would overflow: the result is then 1e-304."""
    return 1 / (1 + np.exp(-np.maximum(z, -700.0)))


def sigmoid_slope(z, h):
    return h * (1 - h)


def silu(z):
    """Return z times sigmoid(z), also called swish (Elfwing, Uchibe & Doya 2018, arXiv:1702.03118)."""
    return z * sigmoid(z)


def silu_slope(z, h):
    s = sigmoid(z)
    return s + h * (1 - s)


def tanh(z):
    return np.tanh(z)


def tanh_slope(z, h):
    return 1 - h * h


def relu(z):
    return np.maximum(z, 0)


def relu_slope(z, h):
    """Return 1 where z > 0, else 0: at the kink itself we use 0, as most libraries do."""
    return (z > 0).astype(float)


def leaky_relu(z):
    """Return z where z > 0, else LEAK times z (Maas, Hannun & Ng 2013, ICML workshop on deep learning)."""
    return np.where(z > 0, z, LEAK * z)


def leaky_relu_slope(z, h):
    return np.where(z > 0, 1.0, LEAK)


def identity(z):
    return z


def identity_slope(z, h):
    return np.ones_like(z)


def softmax(z):
    """Return e^z over its sum along the last axis. The largest z is subtracted only to avoid overflow."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


ACTIVATIONS = {
    "silu": (silu, silu_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "leaky_relu": (leaky_relu, leaky_relu_slope),
    "identity": (identity, identity_slope),
}
