"""How a bug shows: the loss of a run that a broken function drives, beside that of the same run without it."""

from tinymlp.views.loss import LossView
from tinymlp.views.view import Facts


class SymptomView(LossView):
    """The loss up to now; as a dotted line that of the healthy run, where the run has one (see `teaching.hunts`)."""

    def read(self, run, look):
        facts = Facts(t=run.t, end=run.end, losses=run.losses, shown=run.losses, ahead=False)
        facts.rival = getattr(run, "healthy", None)
        if facts.rival is not None:
            facts.rival_t, facts.rival_losses = facts.rival.t, facts.rival.losses
            facts.rival_name = facts.rival_words = "without the bug"
        return facts
