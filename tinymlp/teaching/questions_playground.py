"""The questions of lesson 13, as in `questions`: what depth, noise and width do."""

from tinymlp.teaching.question import Question, Why, taken


def _trained_on(name, steps):
    """Return a condition: a run on these data has taken so many steps."""
    return lambda run, look: run.problem.name == name and run.t >= steps


PLAYGROUND = {
    "13.line": Question(
        "Two inputs, one output, no hidden layer. On which of these data can it get every training sample right?",
        {
            "two clouds": "A straight border can pass between them.",
            "circles": "No straight border has one ring on each side: it gets about six in ten right.",
            "four clouds (xor)": "A straight border can cut off one cloud of four at best. Training ends with half "
            "of them right.",
            "all three, if it trains for long enough": "The border stays straight, however long it trains.",
        },
        "two clouds",
        "Choose the circles, then xor, and the two clouds last, and press Play for each.",
        _trained_on("blobs", 50),
        why=Why(
            "What can a network without a hidden layer not do?",
            {
                "bend its border": "Its z is a weighted sum of x1 and x2, and z = 0 is a straight line.",
                "learn more than 50 samples": "What matters is how they lie, and not how many there are.",
                "find a small enough loss": "On two clouds its loss goes towards 0.",
            },
            "bend its border",
        ),
    ),
    "13.ring": Question(
        "Circles, and four hidden units. After training, on whose map does the border close, all the way round?",
        {
            "on each hidden unit's": "Each of them has one straight border, with one colour on either side.",
            "on one hidden unit's": "No unit of the first hidden layer can bend its border.",
            "on the output's alone": "It adds up four straight borders, and fences the inner ring in.",
        },
        "on the output's alone",
        "Press Play until the training loss is below 0.1, and look at the small maps.",
        lambda run, look: run.loss < 0.1,
        why=Why(
            "Where does the ring come from?",
            {
                "four straight borders, added up": "Each cuts off one side. What no border cuts off is the middle.",
                "one unit has learned it": "None has: each small map shows one straight border.",
                "the inputs are round": "The inputs are x1 and x2: their maps are straight stripes.",
            },
            "four straight borders, added up",
        ),
    ),
    "13.noise": Question(
        "Without noise the training and the test loss both come to 0.009 in 400 steps. Now noise of 0.2: the training "
        "loss comes to 0.13. And the test loss?",
        {
            "it stays near 0.01": "The test samples are as noisy as those that it learned from.",
            "0.13 as well": "The network has fitted some of the noise, and the test samples have other noise.",
            "three times as much: 0.42": "It has bent its border to the noise of its own samples, where it is of no "
            "use for others.",
        },
        "three times as much: 0.42",
        "Set the noise to 0.2, and take 400 steps.",
        lambda run, look: run.problem.recipe is not None and run.problem.recipe.noise >= 0.2 and run.t >= 400,
        why=Why(
            "Why is the test loss higher than the training loss?",
            {
                "the border follows noise that only the training samples have": "That is overfitting: it learns the "
                "samples, and not what they have in common.",
                "there are fewer test samples": "There are as many, 100 of each.",
                "the network has never learned": "It gets 95 of its 100 training samples right.",
            },
            "the border follows noise that only the training samples have",
        ),
    ),
    "13.width": Question(
        "The same twelve samples. One network has 4 hidden units, another two layers of 8. Which has the lower test "
        "loss after 400 steps?",
        {
            "8 and 8: more units can do more": "They do: they fit the twelve samples more closely, noise included. "
            "1.31.",
            "4": "1.14, and with no hidden layer at all it would be 0.69.",
            "both have the same": "Of the test samples they get the same share right, but the larger one is surer of "
            "its mistakes.",
        },
        "4",
        "Take 400 steps. Then set two hidden layers of 8 units, and take 400 steps again.",
        lambda run, look: run.problem.net.sizes[1:-1] == (8, 8) and run.t >= 400,
        why=Why(
            "What does the larger network do with its extra units here?",
            {
                "it grows too sure of what twelve samples say": "Its training loss is 0.0004, its test loss 1.31.",
                "nothing: they are dead": "They all work. That is the trouble.",
                "it learns more slowly": "It is quicker: its training loss is lower from the second step on.",
            },
            "it grows too sure of what twelve samples say",
        ),
    ),
    "13.curve": Question(
        "Twelve samples to learn from, two layers of 8. Draw the test loss of the first 100 steps. (It starts at "
        "0.93.)",
        {},
        (0.381, 0.577, 0.983, 1.056, 1.107),
        "Take 100 steps.",
        taken(100),
        kind="curve",
        at=(10, 20, 40, 60, 100),
        within=0.25,
        because="It is lowest at t = 10. From there on each step that helps the twelve hurts the others.",
        why=Why(
            "The training loss falls all the way. When should one stop?",
            {
                "when the test loss is lowest": "That is early stopping. The samples that decide when to stop are then "
                "no test any more, though: see lesson 14.",
                "when the training loss is 0": "By then the test loss has tripled.",
                "never: more steps are better": "Better for the twelve samples, and for no other.",
            },
            "when the test loss is lowest",
        ),
    ),
}
