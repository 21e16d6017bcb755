"""The exercises of lesson 0: start here."""

from tinymlp.problems import worked_example
from tinymlp.run import Run
from tinymlp.teaching.judges import Number
from tinymlp.teaching.task import Task

# What the judges know


def _loss_after(steps, **settings):
    return Run(worked_example()).fork(**settings).step(steps).loss


TASKS = (
    Task(
        "00.weight",
        asked="What is the weight from input 3 to hidden unit 2 at the start? Read it off the diagram at t = 0.",
        judge=Number(
            0.1,
            0.004,
            (
                ("that weight leads to hidden unit 1.", -0.5),
                ("that weight comes from input 2.", 0.2),
                ("that weight leads from hidden unit 2 to the output.", -0.1),
                ("that weight leads from hidden unit 1 to the output.", 0.3),
                ("that weight comes from input 1.", -0.3),
                ("that weight leads from input 1 to hidden unit 1.", 0.4),
                ("that is the bias of hidden unit 2.", -0.4),
            ),
        ),
        hints=(
            "Inputs are on the left; the lowest one is input 3.",
            "Its label is w¹₃₂: choose it in the list of weights.",
        ),
        solution="weight = 0.1",
    ),
    Task(
        "00.loss",
        asked="Press Reset, set eta to 2 and take 5 steps. What is the loss then? Four decimals.",
        judge=Number(
            lambda: _loss_after(5, eta=2.0),
            6e-5,
            lambda: (
                ("that is the loss with eta = 0.8.", _loss_after(5)),
                ("that is the loss without momentum, the dotted line.", _loss_after(5, eta=2.0, gamma=0.0)),
                ("that is the loss after 4 steps.", _loss_after(4, eta=2.0)),
                ("that is the loss after 6 steps.", _loss_after(6, eta=2.0)),
            ),
        ),
        hints=("Set eta before the first step.", "The line under the buttons shows t and the loss: t should be 5."),
        solution="run = tm.Run(tm.worked_example())\nrun.eta = 2.0\nloss = run.step(5).loss",
    ),
)
