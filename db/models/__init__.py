"""The tables.

base.py      what they share      learning.py   learners, progress, history, settings
classes.py   servers, classes, who is in them, what instructors did
boards.py    live boards of classes
quizzes.py   live quizzes
help.py      raised hands
assignments.py   what a class has to do, reminders, places for a lesson
banks.py     question banks of servers      practice.py   practice alone, drills
banks.py     question banks of servers
challenges.py   challenges and duels
following.py     follow-me
"""

from db.models.assignments import AssignmentRow, ClassSeatsRow, ReminderRow
from db.models.banks import BankRow, BankVersionRow
from db.models.base import PERSON, SCHEMA_REVISION, AnyText, Base, Counted, UtcDateTime
from db.models.boards import BoardRow
from db.models.challenges import ChallengeMarkRow, ChallengeMemberRow, ChallengeRow
from db.models.classes import ClassMemberRow, ClassRow, InstructorActRow, ServerRow
from db.models.following import FollowerRow, FollowOutcomeRow, FollowRow, FollowRunRow
from db.models.help import HandNoticeRow, HandRow, HelpLineRow
from db.models.learning import (
    AttemptRow,
    HistoryRow,
    LearnerRow,
    LessonRow,
    SettingsRow,
    TaskRow,
)
from db.models.practice import DrillRow, PracticeCardRow, PracticeRunRow
from db.models.quizzes import QuizAnswerRow, QuizPlayerRow, QuizRoundRow, QuizRow

__all__ = [
    "PERSON",
    "SCHEMA_REVISION",
    "AnyText",
    "AssignmentRow",
    "AttemptRow",
    "BankRow",
    "BankVersionRow",
    "Base",
    "BoardRow",
    "ChallengeMarkRow",
    "ChallengeMemberRow",
    "ChallengeRow",
    "ClassMemberRow",
    "ClassRow",
    "ClassSeatsRow",
    "Counted",
    "DrillRow",
    "FollowOutcomeRow",
    "FollowRow",
    "FollowRunRow",
    "FollowerRow",
    "HandNoticeRow",
    "HandRow",
    "HelpLineRow",
    "HistoryRow",
    "InstructorActRow",
    "LearnerRow",
    "LessonRow",
    "PracticeCardRow",
    "PracticeRunRow",
    "QuizAnswerRow",
    "QuizPlayerRow",
    "QuizRoundRow",
    "QuizRow",
    "ReminderRow",
    "ServerRow",
    "SettingsRow",
    "TaskRow",
    "UtcDateTime",
]
