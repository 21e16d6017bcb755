"""The lessons' questions, by name: what is asked, the choices with a reason for each, the truth, and how to see it.

They are here and not in the lessons, so that nobody reads the truth before the guess is locked. A test works out each
truth afresh.
"""

from __future__ import annotations

from tinymlp.teaching.question import Question, Why, moved, taken
from tinymlp.teaching.questions_data import DATA
from tinymlp.teaching.questions_later import LATER
from tinymlp.teaching.questions_playground import PLAYGROUND

QUESTIONS = {
    "00.first": Question(
        "What is the loss after ten steps?",
        {
            "about 0.7: it learns nothing": "It starts there, and each step corrects all eleven numbers a little.",
            "about 0.35: half as much": "It passes that between the sixth and the seventh step, and goes on falling.",
            "less than 0.05": "It is 0.0344: ten small corrections, and most of the mistake is gone.",
        },
        "less than 0.05",
        "Press Step ten times, and watch the loss.",
        taken(10),
    ),
    "01.weight": Question(
        "w grows from 1 to 3. What happens to the sigmoid's curve?",
        {
            "it moves to the right": "It is 0.5 at x = 0 as before: w · 0 is 0, whatever w is.",
            "it becomes steeper": "z changes three times as fast: from no to yes in a third of the way.",
            "it becomes higher": "A sigmoid stays between 0 and 1, whatever goes in.",
        },
        "it becomes steeper",
        "Move w¹₁₁ to 3.",
        moved("W1", (0, 0), lambda w: w >= 3),
    ),
    "01.bias": Question(
        "b grows from 0 to 2. Where does the sigmoid's curve move?",
        {
            "to the left": "It is 0.5 where z = 0. With b = 2 and w = 1 that is at x = -2.",
            "to the right": "Plus goes right on the number line. But now a smaller x is enough to reach z = 0.",
            "nowhere: its height changes": "It stays between 0 and 1. Only the place where it rises has changed.",
        },
        "to the left",
        "Move b¹₁ to 2.",
        moved("b1", (0, 0), lambda b: b >= 2),
    ),
    "02.reach": Question(
        "w¹₁₂ grows. Which results change for sample 1?",
        {
            "h of hidden unit 2, and p": "The weight leads into unit 2, and the output uses what unit 2 passes on.",
            "both h, and p": "Unit 1 has weights of its own: no path leads from w¹₁₂ to it.",
            "p alone": "The only path to p leads through unit 2, so its h changes first.",
        },
        "h of hidden unit 2, and p",
        "Move w¹₁₂ by 0.5 or more, with sample 1, and look for what changes.",
        lambda run, look: abs(run.params.W1[0, 1] + 0.3) > 0.499 and look.sample == 0,
    ),
    "02.swap": Question(
        "We swap the two hidden units. What happens to p?",
        {
            "it changes: each unit had its own job": "What a unit does lies in its weights, and they moved along.",
            "it stays as it was": "The output's sum has the same two terms, in the other order.",
            "it becomes 1 − p": "No sign has changed: each weight moved with its unit, as it was.",
        },
        "it stays as it was",
        "Compare p with the p of the panel above.",
    ),
    "03.tenth": Question(
        "The target is 1, and p falls from 0.001 to 0.0001. The cross-entropy was 6.9 and becomes ...",
        {
            "7.0": "p fell by only 0.0009. But what counts is how many times smaller it has become.",
            "9.2": "A tenth of the probability costs ln 10 = 2.30 more, wherever you start.",
            "69": "That would be ten times the loss. A logarithm turns ten times smaller into 2.30 more.",
        },
        "9.2",
        "Type 0.001 as p, and then 0.0001.",
        lambda run, look: run.trace.p[0, 0] < 0.0002,
    ),
    "03.rate": Question(
        "From t = 1 to t = 10 the error rate stays at 1/3. What about the loss?",
        {
            "it stays the same: one of three is still wrong": "The error rate does. The loss also counts how sure.",
            "it falls": "From 0.6649 to 0.5019: the two right answers became surer.",
            "it rises": "Sample 1 did get worse for a while. The mean over all three fell.",
        },
        "it falls",
        "Press 10 steps.",
        taken(10),
    ),
    "04.shrink": Question(
        "The nudge shrinks from 1 to 0.0001. What happens to the slope of the secant?",
        {
            "it goes to 0": "Rise and run both go to 0, at the same pace: their ratio does not.",
            "it settles between 0.1 and 0.3": "At 0.1914, the slope of the curve itself at this point.",
            "it grows without limit": "It would if only the run shrank. The rise shrinks with it.",
        },
        "it settles between 0.1 and 0.3",
        "Make the nudge smaller, down to 0.001.",
        lambda run, look: look.epsilon is not None and look.epsilon <= 0.001,
    ),
    "04.far": Question(
        "Which of the two is further from its lowest point?",
        {
            "b²₁, which has the steeper slope": "Its lowest point is at -0.69, 0.8 away. Steep, but not far.",
            "w¹₁₁, which has the gentler one": "Its lowest point is at 10.1, 9.7 away: gentle, but far.",
            "both are equally far": "The bias has 0.8 to go and the weight 9.7. No slope could have told you.",
        },
        "w¹₁₁, which has the gentler one",
        "Choose w¹₁₁, type 12 as its value, and look for the lowest point of both.",
        moved("W1", (0, 0), lambda w: w >= 10),
        why=Why(
            "Why did the slopes not tell you how far it is?",
            {
                "a slope is measured here, and the land may bend anywhere": "Both curves bend. How soon, no slope at "
                "one point can say.",
                "the nudge was too long": "With the shortest nudge the slope is exact, and still says nothing of what "
                "comes after.",
                "a steep slope always has far to go": "Here the steep one had 0.8 to go, and the gentle one 9.7.",
            },
            "a slope is measured here, and the land may bend anywhere",
        ),
    ),
    "04.arrow": Question(
        "Where do the arrow and the line extending it point?",
        {
            "straight at the star": "The arrow knows the slope where it stands, and nothing of the star.",
            "past the star": "It goes straight down the steep wall. The star lies further along the valley.",
            "along a line of equal height": "There the loss stays the same. The arrow crosses it at a right angle.",
        },
        "past the star",
        "Look where the line leads.",
    ),
    "04.line": Question(
        "You walk from the dot along the line, and only along it. Point at the lowest place that you come to.",
        {},
        (0.07, -0.70),
        "Press Step: this one step is as long as the line goes down.",
        taken(1),
        kind="place",
        within=0.2,
        because="There the line touches a line of equal height: before it, the line goes down, and behind it up again. "
        "The arrow's tip is further out. Its length says nothing of how far to go.",
        why=Why(
            "Why is the lowest place on the line not the star?",
            {
                "the line leads down the wall, and the star lies further along the valley": "So at the lowest place on "
                "the line the valley still goes down, at a right angle to the line: look at the new arrow.",
                "the step was too short": "A longer one goes up the other wall. On this line nothing is lower.",
                "the arrow was not the steepest way down": "It was, where it began. The steepest way is another one "
                "at each place.",
            },
            "the line leads down the wall, and the star lies further along the valley",
        ),
    ),
    "05.sign": Question(
        "Which way should w¹₁₂ go to make the loss of sample 1 smaller?",
        {
            "up": "The product of the five factors is +0.0091, so going up makes the loss larger.",
            "down": "Minus times minus is plus: the loss grows with the weight, so the weight should go down.",
        },
        "down",
        "Choose w¹₁₂, and look at the sign of the product.",
        lambda run, look: tuple(look.chosen) == ("W1", (0, 1)) and look.sample == 0,
    ),
    "05.lower": Question(
        "You lower w¹₁₂ from -0.3 to -2. Its gradient for sample 1, +0.0091 before, becomes ...",
        {
            "positive, as before: no factor changes its sign": "One does: SiLU's slope, which is -0.0997 by then.",
            "negative": "SiLU's slope has turned negative, -0.0997, and the product with it.",
            "exactly 0": "It is 0 on the way, at z = -1.278, where SiLU is lowest. Then it goes on.",
        },
        "negative",
        "Move w¹₁₂ to -2, and watch the fourth bar.",
        moved("W1", (0, 1), lambda w: w <= -2),
    ),
    "06.passes": Question(
        "All eleven gradients the other way: how many passes does that take?",
        {
            "2": "One forward and one backward, however many numbers there are.",
            "11": "Going back, all numbers are served at once: none needs a pass of its own.",
            "22, as before": "That is what nudging costs. Going back, each result is used again.",
        },
        "2",
        "Read on to the panel, go through its stages up to 12, and count the passes.",
        lambda run, look: look.stage is not None and look.stage >= 12,
    ),
    "06.changed": Question(
        "Stage 12 ends the backward pass. Which weights have changed by then?",
        {
            "all of them: that is what the backward pass does": "It says how much the loss feels each. No more.",
            "those of the last layer": "Not even those: first all gradients are there, then all weights move.",
            "none": "The backward pass only asks. The update, the last stage, moves the weights.",
        },
        "none",
        "Go to stage 12, and look at the weights in the diagram.",
        lambda run, look: look.stage is not None and look.stage >= 12,
    ),
    "07.fate": Question(
        "20 steps with eta 0.1, 2 or 20. Which ends lowest?",
        {
            "0.1": "Safe, but slow: after 20 steps it has hardly moved, with a loss of 0.6949.",
            "2": "It goes down into the deep hollow, to 0.3329.",
            "20": "It leaps across the map, and ends in the shallow hollow, at 0.628.",
            "all end in the same place": "One hardly moves, and the other two end in two different hollows.",
        },
        "2",
        "Take 20 steps with 0.1, go back to t = 0 and do it with 2, and then with 20.",
        lambda run, look: run.t >= 20 and run.eta >= 20,
    ),
    "07.on": Question(
        "eta stays at 5. What do the losses do over the next 5 steps?",
        {
            "they keep falling, to about 0.24": "They did as long as the valley was wide. Here it has become narrow.",
            "they stay near 0.25": "That would need steps that get shorter. On these steep walls they get longer.",
            "they rise, to about 0.87": "The valley is narrow here: each step goes from wall to wall, and higher.",
        },
        "they rise, to about 0.87",
        "Take 22 steps, and then five more.",
        taken(27),
        why=Why(
            "Why do they rise, with the same eta that served so well?",
            {
                "the valley is narrower here, so the same eta is too long": "The gradient is right at each step, but "
                "it holds for a short way only.",
                "the gradient has become wrong": "It is exact at every step. It says what the slope is here, and no "
                "more.",
                "after 22 steps it has learned too much": "Back at t = 22, with eta 0.5, the loss goes on falling.",
            },
            "the valley is narrower here, so the same eta is too long",
        ),
    ),
    "07.lands": Question(
        "The dot stands on a wall of the valley. Point at the place where the next step, with eta 2, lands.",
        {},
        (2.30, -2.71),
        "Press Step, with eta at 2.",
        lambda run, look: run.t >= 1 and run.at(0).eta == 2,
        kind="place",
        within=0.25,
        because="The step is eta times -g: 2 · (-0.3476, 0.1466) = (-0.70, 0.29). That is about half as far as the "
        "arrow's tip: the arrow shows the direction, and its length means nothing.",
        why=Why(
            "What decides how far a step goes?",
            {
                "eta, and how steep it is here": "The step is eta times g. On flat land the same eta takes a short "
                "step, and on a wall a long one.",
                "eta alone": "On the flat land near the middle of the map, eta 2 moves the dot by 0.02. Here it is "
                "0.75.",
                "how far away the lowest point is": "The step knows nothing of it: g is measured here.",
            },
            "eta, and how steep it is here",
        ),
    ),
    "08.when": Question(
        "In which step does momentum first make a difference?",
        {
            "the first": "The velocity starts at 0, so the first step has nothing to keep.",
            "the second": "The first step leaves a velocity behind, and the second is the first to keep a share of it.",
            "the tenth": "A share is kept from the second step on. It does grow for a while.",
        },
        "the second",
        "Press Step twice, and look for what is carried on.",
        taken(2),
        why=Why(
            "Why not in the first step?",
            {
                "the velocity starts at 0, so there is nothing to keep": "0.9 times 0 is 0: the whole step is new.",
                "gamma is still small at the start": "It is 0.9 from the start. But 0.9 of nothing is nothing.",
                "the first gradient is too small": "It moves the bias by 0.1531. However large: it is all new.",
            },
            "the velocity starts at 0, so there is nothing to keep",
        ),
    ),
    "08.curve": Question(
        "Draw the loss of the next ten steps, with eta 0.8 and gamma 0.9. (Plain descent would come to 0.50.)",
        {},
        (0.626, 0.574, 0.404, 0.148, 0.034),
        "Press Step ten times.",
        taken(10),
        kind="curve",
        at=(2, 4, 6, 8, 10),
        within=0.06,
        because="Slowly at first, then faster and faster: pushes that agree add up, and the velocity grows from step "
        "to step.",
        why=Why(
            "Why does it fall faster with each step, and not at an even pace?",
            {
                "the velocity has to grow first": "Each step keeps 0.9 of the last velocity and adds a push. The "
                "first one has nothing to keep.",
                "eta grows from step to step": "eta is 0.8 all the time. It is the velocity that grows.",
                "the loss always falls fastest at the end": "At the end it falls slowly again: from t = 10 on there is "
                "little left to fall.",
            },
            "the velocity has to grow first",
        ),
    ),
    "08.bias": Question(
        "Which way will the output's bias move in the first step?",
        {
            "up": "That would help sample 1 alone. The other two have the target 0, and pull harder.",
            "down": "Two of the three targets are 0, so the mean of p − y is positive, and the bias goes against it.",
            "stays": "A bias has a gradient as any weight has: here the mean of p − y, which is 0.1914.",
        },
        "down",
        "Press Step.",
        taken(1),
    ),
} | LATER
QUESTIONS |= PLAYGROUND | DATA
