"""How far the recording of a panel goes on a page, and what its slider moves: so that what was predicted happens."""

from typing import Any, NamedTuple

BIAS = ("b2", (0, 0))
W11, W12 = ("W1", (0, 0)), ("W1", (0, 1))


class Tour(NamedTuple):
    """steps: to which iteration it goes. slider, stops: as `tinymlp.widgets.recordings.recorded` takes them.

    shows: whether what the question tells the learner to do can be done in the recording.
    """

    steps: int = 30
    slider: Any = None
    stops: tuple[float, ...] | None = None
    shows: bool = True


# By the name of the prediction that a panel waits for.
TOURS = {
    "00.first": Tour(15, "eta", (0.2, 0.8, 2.0)),
    "01.weight": Tour(0, W11, (-2, -1, 0, 1, 2, 3)),
    "01.bias": Tour(0, ("b1", (0, 0)), (-4, -2, -1, 0, 1, 2)),
    "02.reach": Tour(0, W12, (-1.3, -0.8, -0.3, 0.2, 0.7)),
    "02.swap": Tour(0),
    "03.tenth": Tour(0, "p", (0.0001, 0.001, 0.01, 0.1, 0.3, 0.4, 0.5, 0.6, 0.9, 0.99)),
    "03.rate": Tour(20),
    "04.shrink": Tour(0, "epsilon"),
    "04.far": Tour(0, W11, (-6, -3, 0.4, 3, 6, 10.1, 12)),
    "04.arrow": Tour(0, BIAS, (-2, -1, 0, 0.1, 1, 2)),
    "04.line": Tour(3),
    "05.lower": Tour(0, W12, (-2, -1.5, -1, -0.3, 0.5)),
    "06.changed": Tour(2),
    "07.fate": Tour(20, "eta", (0.1, 0.8, 2, 20)),
    "07.lands": Tour(3),
    "07.on": Tour(27),
    "08.bias": Tour(3),
    "08.when": Tour(6),
    "08.curve": Tour(12),
    "09.remember": Tour(22),
    "09.friction": Tour(20, "gamma", (0, 0.15, 0.5, 0.9)),
    "09.angle": Tour(15),
    "10.race": Tour(20),
    "10.rising": Tour(60),
    "10.first_rise": Tour(0, "gamma", (0, 0.5, 0.9)),
    "11.zeros": Tour(3),
    "11.curve": Tour(12),
    "11.twins": Tour(100),
    "12.curve": Tour(12),
    "12.same": Tour(5),
    "12.part": Tour(3),
    "13.line": Tour(20, shows=False),
    "13.ring": Tour(65),
    "13.noise": Tour(20, shows=False),
    "13.curve": Tour(100),
    "13.width": Tour(20, shows=False),
    "14.commonest": Tour(0, BIAS, (0, 1, 2, 3, 4, 5, 6)),
    "14.held": Tour(100),
}


PLAYGROUND = Tour(20)  # its maps of the plane are large: each frame has one of its own for every unit


def tour(panel):
    """Return the Tour of a panel."""
    usual = Tour() if panel.run.problem.recipe is None else PLAYGROUND
    return TOURS.get(getattr(panel.after, "name", ""), usual)
