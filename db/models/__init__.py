"""The tables.

base.py      what they share      learning.py   learners, progress, history, settings
"""

from db.models.base import SCHEMA_REVISION, AnyText, Base, Counted, UtcDateTime
from db.models.learning import (
    AttemptRow,
    HistoryRow,
    LearnerRow,
    LessonRow,
    SettingsRow,
    TaskRow,
)

__all__ = [
    "SCHEMA_REVISION",
    "AnyText",
    "AttemptRow",
    "Base",
    "Counted",
    "HistoryRow",
    "LearnerRow",
    "LessonRow",
    "SettingsRow",
    "TaskRow",
    "UtcDateTime",
]
