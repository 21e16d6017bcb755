"""How a gradient becomes a step: gradient descent with momentum, in the four conventions in use.

All have one signature. params, velocity, grads: Params of one network; eta >= 0 and 0 <= gamma <= 1: numbers, or arrays
over leading axes. All return (params, velocity), take a first velocity of `net.zeros()`, and raise ValueError for
anything else. With gamma = 0 all are plain descent, but for the velocity they carry.
"""

from tinymlp.checks import number


def momentum_step(params, velocity, grads, eta, gamma):
    """Return the next params and velocity: v <- gamma v - eta g, w <- w + v. The workbook's own convention.

    Source: Polyak 1964, USSR Comp. Math. and Math. Phys. 4(5), 1-17, in the form of Sutskever, Martens, Dahl & Hinton
    2013, ICML, equations 1 and 2.
    """
    eta, gamma = _settings(eta, gamma)
    velocity = gamma * velocity - eta * grads
    return params + velocity, velocity


def pytorch_step(params, velocity, grads, eta, gamma):
    """Return the next params and velocity: v <- gamma v + g, w <- w - eta v, as torch.optim.SGD does (PyTorch 2).

    With a fixed eta its path is that of `momentum_step`. When eta changes, it rescales what is carried on as well.
    """
    eta, gamma = _settings(eta, gamma)
    velocity = gamma * velocity + grads
    return params - eta * velocity, velocity


def average_step(params, velocity, grads, eta, gamma):
    """Return the next params and velocity: v <- gamma v + (1 - gamma) g, w <- w - eta v: v is an average of gradients.

    With fixed settings, gamma below 1, its path is that of `momentum_step` with eta times (1 - gamma). It is the first
    moment of Adam without the correction of its start (Kingma & Ba 2015, arXiv:1412.6980).
    """
    eta, gamma = _settings(eta, gamma)
    velocity = gamma * velocity + (1 - gamma) * grads
    return params - eta * velocity, velocity


def nesterov_step(params, velocity, grads, eta, gamma):
    """Return the next params and velocity: v <- gamma v - eta g, w <- w + gamma v - eta g.

    Nesterov's method in the look-ahead form: w is the point looked ahead to, so the gradient is taken at w itself
    (Bengio, Boulanger-Lewandowski & Pascanu 2013, arXiv:1212.0901, equations 6 and 7).
    """
    eta, gamma = _settings(eta, gamma)
    velocity = gamma * velocity - eta * grads
    return params + gamma * velocity - eta * grads, velocity


RULES = {"momentum": momentum_step, "pytorch": pytorch_step, "average": average_step, "nesterov": nesterov_step}


def _settings(eta, gamma):
    return number("eta", eta, least=0), number("gamma", gamma, least=0, most=1)
