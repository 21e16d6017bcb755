"""How long it takes to count a class's votes, beside reading the same files and nothing more.

    python tests/benchmarks/votes.py [--learners N ...] [--questions N]

Each learner has voted twice on each question, and three lines of each file in four are votes. The picture of one
question is drawn once for each look at it.
"""

import argparse
import json
import random
import sys
import tempfile
import timeit
from pathlib import Path

from tinymlp.teaching.askings import FILE
from tinymlp.teaching.questions import QUESTIONS
from tinymlp.teaching.votes import read
from tinymlp.views import VotesChart


def lines(questions, rng):
    """Return a learner's file: two votes on each question, and that it was told."""
    for name in questions:
        asked = {"name": name, "question": QUESTIONS[name].text}
        for vote in (1, 2):
            guess = rng.choice(list(QUESTIONS[name].choices))
            yield asked | {"guess": guess, "sure": rng.choice((50, 70, 90)), "right": guess == QUESTIONS[name].truth,
                           "when": f"2025-01-01T10:{vote:02}:00+00:00", "vote": vote}  # fmt: skip
        yield asked | {"told": True}


def best(call, repeats=7):
    """Return the best time of a call in milliseconds."""
    call()
    return 1000 * min(timeit.repeat(call, number=1, repeat=repeats))


def main():
    """Print a line for each size of class."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--learners", type=int, nargs="+", default=[30, 300])
    parser.add_argument("--questions", type=int, default=18)
    given = parser.parse_args()
    rng = random.Random(0)
    questions = [name for name, question in QUESTIONS.items() if question.choices][: given.questions]
    print(f"{'learners':>8} {'questions':>9} {'counted':>10} {'/ reading JSON':>15} {'picture':>10}")
    for learners in given.learners:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(learners):
                (Path(folder) / f"learner{number}").mkdir()
                content = "".join(json.dumps(line) + "\n" for line in lines(questions, rng))
                (Path(folder) / f"learner{number}" / FILE).write_text(content, encoding="utf-8")
            files = sorted(Path(folder).glob(f"*/{FILE}"))
            plain = best(lambda files=files: [list(map(json.loads, file.read_bytes().splitlines())) for file in files])
            whole = best(lambda folder=folder: read(folder))
            found = read(folder)
        assert all(sum(tally.second) == learners for tally in found.tallies.values())
        drawn = best(VotesChart(found.tallies[questions[0]]).svg)
        print(f"{learners:8} {len(questions):9} {whole:7.1f} ms {whole / plain:15.2f} {drawn:7.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
