"""How a bug shows: the loss of a run that a broken function drives, beside that of the same run without it."""

from tinymlp.views.loss import LossView, standing
from tinymlp.views.view import Facts


class SymptomView(LossView):
    """The loss up to now; as a dotted line that of the healthy run, where the run has one (see `teaching.hunts`)."""

    def read(self, run, look):
        losses = run.losses
        facts = Facts(
            t=run.t, end=run.end, losses=losses, shown=losses, ahead=False, highest=losses.max(),
            standing=standing(run, look), alone="", rival=getattr(run, "healthy", None),
        )  # fmt: skip
        if facts.rival is not None:
            facts.rival_t, facts.rival_losses = facts.rival.t, facts.rival.losses
            facts.highest = max(facts.highest, facts.rival_losses.max())
            facts.rival_name = facts.rival_words = "without the bug"
        return facts
