"""The questions of lessons 09 to 12, as in `questions`: each is asked why, once the learner has seen it happen."""

from tinymlp.teaching.question import Question, Why, taken

LATER = {
    "09.remember": Question(
        "gamma is 0.9. For how long does one push count in the velocity?",
        {
            "for one step": "Each step keeps 0.9 of the whole velocity, and what came before is part of that.",
            "for ever, in full": "Each step takes a tenth of it away: it counts 0.9, then 0.81, then 0.73 ...",
            "less and less: a tenth is left after 22 steps": "0.9 to the power of 22 is 0.098. It never is quite 0.",
        },
        "less and less: a tenth is left after 22 steps",
        "Take 22 steps, and read down the column of what is kept: 0.349 of a push that is ten steps old, and after ten "
        "more 0.349 of that.",
        taken(22),
        why=Why(
            "Why does a push fade, although nothing is thrown away?",
            {
                "each step multiplies all that is there by gamma": "0.9 times 0.9 times 0.9 ...: after k steps, gamma "
                "to the power of k.",
                "new pushes take the place of old ones": "They are added, and take nothing away. gamma does that.",
                "the gradients get smaller": "They may, but an old push keeps the size that it had, times gamma to the "
                "power of k.",
            },
            "each step multiplies all that is there by gamma",
        ),
    ),
    "09.angle": Question(
        "Twelve samples, eta 1, gamma 0.9. After seven steps, what is the angle between the velocity and the way "
        "downhill?",
        {},
        124.0,
        "Press Step seven times, and watch the black arrow.",
        taken(7),
        kind="angle",
        within=20,
        because="It is beyond 90 degrees: the run goes uphill, on what it has kept of earlier pushes.",
        why=Why(
            "How can the velocity point uphill?",
            {
                "it is made of earlier pushes, and the land has turned since": "Each push went downhill where it was "
                "made. Nine tenths of them are carried on to where downhill is another way.",
                "the gradient had the wrong sign": "Each -g points downhill, where it is measured.",
                "eta is so long that the run diverges": "It does not: at t = 40 the loss is 0.199, and it goes on "
                "falling.",
            },
            "it is made of earlier pushes, and the land has turned since",
        ),
    ),
    "09.friction": Question(
        "A bowl, with an eta so long that plain descent goes from wall to wall. Which gamma settles fastest?",
        {
            "0: it keeps nothing, so it is damped most": "It has the most friction, but each step shrinks the distance "
            "to 0.9 of it at best.",
            "0.15: a little": "Each step shrinks the distance to 0.387 of it, in the long run.",
            "0.9: the most momentum": "It swings to and fro, and shrinks to 0.949 of it a step.",
        },
        "0.15: a little",
        "Take 20 steps with gamma 0, then with 0.15, and at last with 0.9.",
        lambda run, look: run.t >= 20 and run.gamma >= 0.9,
        why=Why(
            "Why does a little momentum help here?",
            {
                "what is kept points against the new push, and shortens it": "Wall to wall, each push is against the "
                "last. A share of the last one takes away what is too long.",
                "momentum always makes a run faster": "0.9 is slower here than none.",
                "gamma is friction, so more of it damps more": "It is the other way round: the friction is 1 - gamma.",
            },
            "what is kept points against the new push, and shortens it",
        ),
    ),
    "10.race": Question(
        "Two runs from one start, eta 2: one with gamma 0.9, its rival with 0. Which has the lower loss at t = 14?",
        {
            "gamma 0.9: momentum is faster": "It was far ahead at t = 8. Then it shot past the valley's floor: 0.4252.",
            "gamma 0": "It came late, and did not overshoot: 0.3844.",
            "both have the same": "They share only the first step.",
        },
        "gamma 0",
        "Take 14 steps, and watch both paths.",
        taken(14),
        why=Why(
            "Why does the faster run lose its lead?",
            {
                "it cannot stop where it wants": "Most of its velocity is of earlier pushes, and they carry it up the "
                "other wall.",
                "momentum makes the gradient wrong": "The gradient is exact at every step.",
                "eta is too large for any run": "The rival has the same eta, and goes down at every step.",
            },
            "it cannot stop where it wants",
        ),
    ),
    "10.first_rise": Question(
        "gamma is 0.9. How large must eta be before the loss rises at all, in 200 steps? Point at that place on the "
        "map.",
        {},
        (0.07, 0.9),
        "Follow the thick line, the first rise, up to gamma 0.9. Then press Tell me.",
        kind="place",
        within=(0.04, 0.06),
        because="Near eta 0.07, far below the limit of 12.3 up to which small wobbles die out: with gamma 0.9 a run "
        "swings past the bottom and climbs a little, long before it diverges. Without momentum it takes an eta "
        "of about 4.",
        why=Why(
            "Why does it rise so soon with gamma 0.9?",
            {
                "the velocity carries it past the bottom, and up the other side": "That is overshoot. It swings back, "
                "and settles.",
                "eta is beyond the limit, so it diverges": "The limit is 12.3 here. It is a border of another kind.",
                "the gradient is wrong at high speed": "It is exact. The velocity does not follow it at once.",
            },
            "the velocity carries it past the bottom, and up the other side",
        ),
    ),
    "10.rising": Question(
        "Twelve samples, eta 1, gamma 0.9: the loss rises in 13 of the first 40 steps. Does the run diverge?",
        {
            "yes: a loss that rises is diverging": "It rises and falls again, each time less. It ends far below where "
            "it began.",
            "no: it rings, and settles": "It swings past the bottom and back. At t = 400 the loss is 0.0074.",
            "it neither settles nor diverges": "The swings get smaller: after t = 39 the loss never rises again.",
        },
        "no: it rings, and settles",
        "Take 60 steps, and watch the loss.",
        taken(60),
        why=Why(
            "How can you tell ringing from diverging?",
            {
                "the swings get smaller, and not larger": "A run that diverges swings further each time, until it is "
                "stopped.",
                "ringing never lets the loss rise": "It does so here, in 13 steps.",
                "only by the size of eta": "The same eta rings in one place and diverges in another. It depends on the "
                "sharpness and on gamma as well.",
            },
            "the swings get smaller, and not larger",
        ),
    ),
    "11.zeros": Question(
        "All eleven numbers of the worked example start at 0. Which of them have a gradient that is not 0?",
        {
            "all eleven: each has something to learn": "What comes back to a weight is a product, and here each has a "
            "factor 0, but one.",
            "none: from all zeros nothing moves": "The output's bias does: no weight stands between it and the output.",
            "b²₁ alone": "It is 0.1667, the mean of p - y. With as many 1s as 0s among the targets it would be 0, too.",
        },
        "b²₁ alone",
        "Press Step, and see which numbers move.",
        taken(1),
        why=Why(
            "Why do the weights stay where they are?",
            {
                "each of their gradients has a factor that is 0": "Those of the output have h = 0, those before have "
                "the output's weight, 0.",
                "0 is the best value for them": "It is not: from another start the loss goes to 0.",
                "eta is too small": "eta times 0 is 0, for any eta.",
            },
            "each of their gradients has a factor that is 0",
        ),
    ),
    "11.curve": Question(
        "Draw the loss of the next ten steps from all zeros, with eta 0.8 and gamma 0.9.",
        {},
        (0.649, 0.640, 0.662, 0.658, 0.639),
        "Press Step ten times.",
        taken(10),
        kind="curve",
        at=(2, 4, 6, 8, 10),
        within=0.03,
        because="It swings round 0.6365: no lower loss is possible if all samples get the same answer.",
        why=Why(
            "Why does it not fall towards 0, as from the other start?",
            {
                "only one number moves": "One bias gives all samples the same p, and 1/3 is the best p for all three.",
                "gamma is too large": "It makes the swings, and not the floor: without momentum it ends there as well.",
                "it needs more steps": "After 300 steps it is still there.",
            },
            "only one number moves",
        ),
    ),
    "11.twins": Question(
        "Two hidden units start with equal weights, both into them and out of them. How do they differ after 100 "
        "steps?",
        {
            "not at all": "Equal numbers give equal gradients, and equal gradients give equal steps, for ever.",
            "each has found a job of its own": "Nothing tells one from the other: what is right for one is right for "
            "both.",
            "one of them has gone to 0": "Why that one, and not the other? They are equal in all that counts.",
        },
        "not at all",
        "Take 100 steps, and compare the two.",
        taken(100),
        why=Why(
            "What would part them?",
            {
                "one small nudge to one of them": "From then on their gradients differ, and the difference can grow.",
                "a larger eta": "It takes longer steps, and still equal ones.",
                "more steps": "Equal after 100 steps means equal in step 101.",
            },
            "one small nudge to one of them",
        ),
    ),
    "12.curve": Question(
        "The average's rule, from the start of the worked example, with eta 0.8 and gamma 0.9. Draw the loss of its "
        "first ten steps. (Ours comes to 0.03.)",
        {},
        (0.686, 0.668, 0.647, 0.627, 0.610),
        "Press Step ten times.",
        taken(10),
        kind="curve",
        at=(2, 4, 6, 8, 10),
        within=0.05,
        because="It adds only a tenth of each gradient, 1 - gamma, so its steps are a tenth of ours.",
        why=Why(
            "What would make it walk our path?",
            {
                "ten times the eta": "eta / (1 - gamma) is 8: with that each of its steps is ours.",
                "a larger gamma": "The share that it adds, 1 - gamma, would be smaller still.",
                "more steps": "It gets down in the end, but not by our steps.",
            },
            "ten times the eta",
        ),
    ),
    "12.part": Question(
        "A steady gradient of 1, gamma 0.9. The first step has eta 0.1, the second 0.01. Where do our rule and "
        "PyTorch's stand after the second?",
        {
            "at the same place: it is the same momentum": "They are the same as long as eta is. Here it has changed "
            "between the steps.",
            "ours is further": "At -0.200. PyTorch's is at -0.119.",
            "PyTorch's is further": "Its new eta shortens what is carried on as well, so it goes less far: -0.119.",
        },
        "ours is further",
        "Take two steps of each, with eta 0.01 in the second.",
        taken(2),
        why=Why(
            "Why do they part when eta changes?",
            {
                "ours has eta inside the velocity, PyTorch's multiplies all of it by the new eta": "So with ours the "
                "first push keeps its old eta, 0.1, and with PyTorch's it gets the new one.",
                "PyTorch's keeps a smaller share": "Both keep 0.9.",
                "one of them has a bug": "Neither has. They are two rules, that agree while eta is fixed.",
            },
            "ours has eta inside the velocity, PyTorch's multiplies all of it by the new eta",
        ),
    ),
    "12.same": Question(
        "The same eta and gamma for all, and both fixed. Which of these three walks the same path as our rule?",
        {
            "PyTorch's": "Its velocity is ours divided by -eta, and a step multiplies it by -eta again.",
            "the average's": "It adds only a tenth of each gradient, at gamma 0.9. With ten times the eta it walks our "
            "path.",
            "Nesterov's": "It looks ahead: another method, with another path, unless gamma is 0.",
            "all three: momentum is momentum": "They part from the first step on: -0.1, -0.01 and -0.19 with eta 0.1 "
            "and a gradient of 1.",
        },
        "PyTorch's",
        "Take three steps of each.",
        taken(3),
        why=Why(
            "What must you look up before you take eta from somebody else's page?",
            {
                "the formula: what their velocity adds up": "eta times the gradient, the gradient, or a share of it: "
                "the same eta means another step.",
                "nothing: eta is eta": "The average's needs ten times ours for the same path, at gamma 0.9.",
                "only their gamma": "With the same gamma the average's step is still a tenth of ours.",
            },
            "the formula: what their velocity adds up",
        ),
    ),
}
