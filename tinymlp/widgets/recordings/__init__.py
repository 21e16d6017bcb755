"""Recordings: a panel that still steps where there is no kernel; and panels as pictures, still and moving."""

from tinymlp.widgets.recordings.files import save
from tinymlp.widgets.recordings.frames import Recording, record
from tinymlp.widgets.recordings.page import head, page, recorded

__all__ = ["Recording", "head", "page", "record", "recorded", "save"]
