"""What a neuron does with its sum z, each function with its slope right beneath it.

A function takes z and returns h; its slope takes z and h and returns dh/dz, all of one shape.
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + e^-z). Below -700, where e^-z would overflow, z is taken as -700: the result is 1e-304."""
    return 1 / (1 + np.exp(-np.maximum(z, -700)))


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
    """Return 1 where z > 0, else 0: at the corner itself we take 0, as most libraries do."""
    return (z > 0).astype(float)


def identity(z):
    return z


def identity_slope(z, h):
    return np.ones_like(z)


def softmax(z):
    """Return e^z over its sum along the last axis. Taking the largest z from all changes nothing but the overflow."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


HIDDEN = {
    "silu": (silu, silu_slope),
    "sigmoid": (sigmoid, sigmoid_slope),
    "tanh": (tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "identity": (identity, identity_slope),
}
OUTPUT = {"sigmoid": sigmoid, "softmax": softmax, "identity": identity}
