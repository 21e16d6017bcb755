"""The votes on one question, counted: before and after a discussion, who moved, and what to do next.

No text of a tally names the right answer, or tells it by a count, unless it is asked to.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinymlp.words import wrapped

ROUNDS = ("first vote", "second vote")
LEAST, MOST = 30, 70  # percent: see `advice`


@dataclass(frozen=True)
class Tally:
    """The votes on one question.

    bars: what each bar stands for; first, second: how many voted so, (bars,), and None without a second vote. rights:
    for each of these votes how many were right, or None where nobody can say. right: the bars that hold the right
    answer; answer: that answer in words, "" if it is not known. moves: {(bar, bar): who}, and turned: {(right, right):
    how many}, of those who voted twice; None for hands, which do not tell. sure: as `calibration` returns it, of the
    first vote.
    """

    name: str
    question: str
    bars: tuple[str, ...]
    first: tuple[int, ...]
    second: tuple[int, ...] | None
    rights: tuple[int | None, ...]
    right: tuple[str, ...]
    answer: str
    moves: dict[tuple[str, str], tuple[str, ...]] | None = None
    turned: dict[tuple[bool, bool], int] | None = None
    sure: tuple[tuple[float, int, float], ...] = ()

    @property
    def rounds(self) -> tuple[tuple[int, ...], ...]:
        """The counts of the first vote, and of the second if there was one."""
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def shares(self) -> list[float | None]:
        """The percentage that was right in each vote; None where it is not known."""
        return [
            None if n is None or not sum(counts) else 100 * n / sum(counts)
            for n, counts in zip(self.rights, self.rounds, strict=True)
        ]

    def advice(self) -> str:
        """Return what to do next. It lets one guess which answer is right, so that it is told only on demand."""
        share = self.shares[-1]
        if not sum(self.rounds[-1]):
            return "No votes yet."
        if share is None:
            return "Nothing says which answer is right, so there is no advice."
        return advice(share, discussed=self.second is not None)

    def counted(self) -> list[str]:
        """Return a line for each bar, with the counts of both votes, and one for all."""
        width = max(map(len, (*self.bars, "all")))
        rows = [*zip(self.bars, *self.rounds, strict=True), ("all", *map(sum, self.rounds))]
        heads = " " * width + "".join(f"  {words:>11}" for words in ROUNDS[: len(self.rounds)])
        return [heads, *(f"{bar:{width}}" + "".join(f"  {n:11}" for n in counts) for bar, *counts in rows)]

    def moved(self, names: bool = False) -> list[str]:
        """Return who moved from what to what: a line for each, the most frequent first, and who stayed."""
        if self.second is None:
            return []
        if self.moves is None:
            return ["Hands do not tell who moved."]
        stayed = [who for (before, after), found in self.moves.items() if before == after for who in found]
        lines = [_people(stayed, names) + " stayed"]
        went = [(pair, who) for pair, who in self.moves.items() if pair[0] != pair[1]]
        for (before, after), who in sorted(went, key=lambda move: (-len(move[1]), move[0])):
            lines.append(f"{_people(who, names)} moved from {_quoted(before)} to {_quoted(after)}")
        return lines

    def told(self) -> list[str]:
        """Return what gives the right answer away: the answer itself, how many had it, and how many turned to it."""
        lines = [f"The right answer: {self.answer}." if self.answer else "Nothing says what the right answer is."]
        for words, share, n, counts in zip(ROUNDS, self.shares, self.rights, self.rounds, strict=False):
            if share is not None:
                lines.append(f"{words.capitalize()}: {n} of {sum(counts)} right, {share:.0f} %.")
        if self.turned:
            turns = {(False, True): "wrong to right", (True, False): "right to wrong", (True, True): "stayed right"}
            turns |= {(False, False): "stayed wrong"}
            lines.append("; ".join(f"{words}: {self.turned.get(turn, 0)}" for turn, words in turns.items()) + ".")
        return lines

    def calibrated(self) -> list[str]:
        """Return a line for each certainty of the first vote, with how many were right: that gives answers away too."""
        return [f"{sure:g} % sure: {round(share * count)} of {count} right" for sure, count, share in self.sure]

    def describe(self, shown: bool = False, names: bool = False) -> str:
        """Return the votes in words; shown: with the right answer, and all that gives it away."""
        lines = [wrapped(f"{self.name}: {self.question}"), *self.counted(), *self.moved(names)]
        return "\n".join([*lines, *([*self.told(), *self.calibrated()] if shown else [])])


def _people(who, names):
    return f"{len(who)} ({', '.join(who)})" if names and who else str(len(who))


def _quoted(bar):
    return f'"{bar}"'


def advice(share: float, discussed: bool = False) -> str:
    """Return what to do with a class of which so many percent were right.

    Below 30 % there are too few who could convince their neighbours, and above 70 % too few left to convince: N. Lasry,
    E. Mazur, J. Watkins, "Peer instruction: From Harvard to the two-year college", Am. J. Phys. 76, 1066 (2008), after
    E. Mazur, "Peer Instruction: A User's Manual" (1997). discussed: whether this was the vote after the discussion.
    """
    if share > MOST:
        return f"Go on: more than {MOST} % are right. Say in a sentence why."
    if share < LEAST:
        return f"Explain: fewer than {LEAST} % are right. Give a hint or an example first, and vote afterwards."
    if discussed:
        return f"Explain: after the discussion {LEAST} to {MOST} % are right. Ask one of each side for their reason."
    return f"Discuss: {LEAST} to {MOST} % are right. Let neighbours convince each other, and vote again."
