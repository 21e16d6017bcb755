"""The lessons' questions, by name: what is asked, the options, and the truth.

They are here and not in the lessons, so that nobody reads the truth before the guess is locked. A test works out each
truth afresh.
"""

from tinymlp.teaching.predictions import DIRECTIONS

QUESTIONS = {
    "00.first": (
        "What is the loss after ten steps?",
        ("about 0.7: it learns nothing", "about 0.35: half as much", "less than 0.05"),
        "less than 0.05",
    ),
    "01.weight": (
        "w grows from 1 to 3. What happens to the sigmoid's curve?",
        ("it moves to the right", "it becomes steeper", "it becomes higher"),
        "it becomes steeper",
    ),
    "01.bias": (
        "b grows from 0 to 2. Where does the sigmoid's curve move?",
        ("to the left", "to the right", "nowhere: its height changes"),
        "to the left",
    ),
    "02.reach": (
        "w¹₁₂ grows. Which results change for sample 1?",
        ("h of hidden unit 2, and p", "both h, and p", "p alone"),
        "h of hidden unit 2, and p",
    ),
    "02.swap": (
        "We swap the two hidden units. What happens to p?",
        ("it changes: each unit had its own job", "it stays as it was", "it becomes 1 − p"),
        "it stays as it was",
    ),
    "03.tenth": (
        "The target is 1, and p falls from 0.001 to 0.0001. The cross-entropy was 6.9 and becomes ...",
        ("7.0", "9.2", "69"),
        "9.2",
    ),
    "03.rate": (
        "From t = 1 to t = 10 the error rate stays at 1/3. What about the loss?",
        ("it stays the same: one of three is still wrong", "it falls", "it rises"),
        "it falls",
    ),
    "04.shrink": (
        "The nudge shrinks from 1 to 0.0001. What happens to the slope of the secant?",
        ("it goes to 0", "it settles between 0.1 and 0.3", "it grows without limit"),
        "it settles between 0.1 and 0.3",
    ),
    "04.far": (
        "Which of the two is further from its lowest point?",
        ("b²₁, which has the steeper slope", "w¹₁₁, which has the gentler one", "both are equally far"),
        "w¹₁₁, which has the gentler one",
    ),
    "04.arrow": (
        "Where do the arrow and the line extending it point?",
        ("straight at the star", "past the star", "along a line of equal height"),
        "past the star",
    ),
    "05.sign": (
        "Which way should w¹₁₂ go to make the loss of sample 1 smaller?",
        ("up", "down"),
        "down",
    ),
    "05.lower": (
        "You lower w¹₁₂ from -0.3 to -2. Its gradient for sample 1, +0.0091 before, becomes ...",
        ("positive, as before: no factor changes its sign", "negative", "exactly 0"),
        "negative",
    ),
    "06.passes": (
        "All eleven gradients the other way: how many passes does that take?",
        ("2", "11", "22, as before"),
        "2",
    ),
    "06.changed": (
        "Stage 12 ends the backward pass. Which weights have changed by then?",
        ("all of them: that is what the backward pass does", "those of the last layer", "none"),
        "none",
    ),
    "07.fate": (
        "20 steps with eta 0.1, 2 or 20. Which ends lowest?",
        ("0.1", "2", "20", "all end in the same place"),
        "2",
    ),
    "07.on": (
        "eta stays at 5. What do the losses do over the next 5 steps?",
        ("they keep falling, to about 0.24", "they stay near 0.25", "they rise, to about 0.87"),
        "they rise, to about 0.87",
    ),
    "08.when": (
        "In which step does momentum first make a difference?",
        ("the first", "the second", "the tenth"),
        "the second",
    ),
    "08.bias": ("Which way will the output's bias move in the first step?", DIRECTIONS, "down"),
}
