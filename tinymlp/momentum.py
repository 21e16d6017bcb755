"""How a gradient becomes a step: gradient descent with momentum."""

from tinymlp.checks import number


def momentum_step(params, velocity, grads, eta, gamma):
    """Return the next params and velocity: v <- gamma v - eta g, w <- w + v. The first velocity is `net.zeros()`.

    params, velocity, grads: Params of one network; eta >= 0 and 0 <= gamma <= 1: numbers, or arrays over leading axes.
    Raises ValueError for anything else. Source: Polyak 1964, USSR Comp. Math. and Math. Phys. 4(5), 1-17, in the form
    of Sutskever, Martens, Dahl & Hinton 2013, ICML, equations 1 and 2.
    """
    eta, gamma = number("eta", eta, least=0), number("gamma", gamma, least=0, most=1)
    velocity = gamma * velocity - eta * grads
    return params + velocity, velocity
