"""The questions of lesson 14, as in `questions`: each is asked why, once the learner has seen it happen."""

from tinymlp.scores import labels
from tinymlp.teaching.question import Question, Why, taken

DATA = {
    "14.commonest": Question(
        "How good is the answer 'Adelie' for every bird, on the birds held out?",
        {
            "right for one bird in three": "There are three species, but not as many birds of each: 151 of the 342 are "
            "Adelies.",
            "right for about four in ten": "35 of these 86 are Adelies, 0.407. Over thirty splits it is 0.434.",
            "right for none: it has learned nothing": "It knows nothing of the birds, and is right whenever one is an "
            "Adelie.",
        },
        "right for about four in ten",
        "Raise b²₁, the bias of the first output, until every bird is called Adelie. Then read the table.",
        lambda run, look: not labels(run.trace.p).any(),
        why=Why(
            "What is such an answer good for?",
            {
                "a score means something only beside it": "0.5 would be a poor score here, and a good one with a "
                "hundred species.",
                "it is a first step of training": "Training does not start from it. It is a score to compare with.",
                "nothing: it is no model": "It is the simplest one. Whatever takes more work has to beat it.",
            },
            "a score means something only beside it",
        ),
    ),
    "14.features": Question(
        "Which of these pairs is enough to tell the three species apart in 19 of 20 birds?",
        {
            "length and depth of the bill": "0.962 of the held-out birds, on average. Chinstraps have the Adelies' "
            "depth and the Gentoos' length.",
            "flipper length and body mass": "0.804: they tell the large Gentoos from the others, and no more.",
            "bill depth and flipper length": "0.819: Adelies and Chinstraps have nearly the same of both.",
        },
        "length and depth of the bill",
        "Run the cell below the question, and read the scores. Then press Tell me.",
        why=Why(
            "Why does one feature more help so much, and another so little?",
            {
                "it helps if it separates what the others leave mixed": "Only the length of the bill separates "
                "Adelies from Chinstraps.",
                "the best two features alone are the best pair": "Alone the flipper is best, 0.805. Beside the mass it "
                "tells nothing new.",
                "more features are always better": "All four come to 0.992. But flipper and mass say much the same.",
            },
            "it helps if it separates what the others leave mixed",
        ),
    ),
    "14.held": Question(
        "Forty birds to learn from, two features. After 100 steps it gets all forty right: 1.000. How many of the 302 "
        "held-out birds does it get right?",
        {
            "all of them: it has learned to tell the species": "It gets 18 of them wrong. It has learned these forty "
            "birds.",
            "about 0.94": "0.940, while the training loss is 0.006. At t = 9 it was 0.944 already.",
            "a third: it knows the forty by heart and nothing else": "Birds of a species are alike. What fits forty of "
            "them fits most of the others.",
        },
        "about 0.94",
        "Take 100 steps, and compare the two tables.",
        taken(100),
        why=Why(
            "The training loss is nearly 0. What does that say?",
            {
                "that these forty birds fit": "The loss of the held-out birds was lowest at t = 9, 0.192. At t = 100 "
                "it is 0.286, and rising.",
                "that the network is good: a low training loss is success": "From t = 9 on the training loss fell and "
                "the held-out loss rose.",
                "that it needs more steps": "After 2,000 the held-out loss is 0.423, and the accuracy 0.930.",
            },
            "that these forty birds fit",
        ),
    ),
    "14.leak": Question(
        "We standardise with the mean and spread of all birds, the held-out ones too. What happens to the held-out "
        "score, over thirty splits?",
        {
            "it rises by some hundredths": "That is what one fears. With 342 birds the two means are nearly the same.",
            "nothing": "In each of the thirty splits it is the same both ways, 0.992 on average. It is "
            "the wrong way even so.",
            "it falls by some hundredths": "The network gets nearly the same numbers, so it cannot do much worse.",
        },
        "nothing",
        "Run the cell below the question. Then press Tell me.",
        why=Why(
            "Then why the training birds alone?",
            {
                "a score should come from birds you knew nothing about": "Here the leak is tiny. With few birds, or "
                "features chosen by all rows, it need not be, and you cannot see it in the score.",
                "training is faster that way": "The numbers are nearly the same, and so are the steps.",
                "there is no reason, as nothing changes": "You know that it changes nothing only after doing it the "
                "right way as well.",
            },
            "a score should come from birds you knew nothing about",
        ),
    ),
    "14.best": Question(
        "The species are shuffled: there is nothing to learn. We train sixty starts on 30 birds, and keep the one with "
        "the best score on 30 test birds. What is that score, on average?",
        {
            "about 0.34, as for any of the sixty": "0.339 is the mean of the sixty. The chosen one has 0.358 on the "
            "282 birds that chose nothing.",
            "about 0.47": "0.473. Of sixty random scores the largest is far above the mean, 0.339.",
            "about 1.00: one of sixty will be lucky": "To be lucky with 30 birds at once is too much to ask of sixty.",
        },
        "about 0.47",
        "Run the cell below the question. Then press Tell me.",
        why=Why(
            "What is wrong with the 0.47?",
            {
                "the birds that chose the network have scored it as well": "Choosing by a set uses it up. A score "
                "needs birds that chose nothing.",
                "the network has seen the test birds in training": "It has not: no gradient came from them. "
                "They chose.",
                "sixty starts are too few": "With six hundred it would be higher still, and as empty.",
            },
            "the birds that chose the network have scored it as well",
        ),
    ),
}
