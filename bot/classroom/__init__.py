"""Use cases, without Discord: what learners can do, whoever asks for it.

enrol.py      who learns, in which language, where        commands.py   run a line, look at a page
lessons.py    lessons opened, turned, begun anew; hints   checking.py   judge tasks, tick them
open_lessons.py  a lesson as one learner sees it          lesson_search.py  which one is meant
recording.py  what was run, remembered
facts.py      what the sandbox reports, as checks see it  progress.py   how far a learner is
machines.py   the sandbox as a machine             load.py       how busy it is
engine_map.py the engine at a glance                  badges.py   days in a row, badges
preparing.py  set-ups of lessons                          looking.py    commands of our own
settings.py   what a learner chose for themselves         privacy.py    what is kept of a learner
transcript.py what a learner did, in order                engines.py    what is in an engine
changes.py    what a command changed                    troubles.py   errors that are met, explained
files.py      a learner's files                           visiting.py   pages, and what is published
explaining.py which command to explain
sessions.py   terminals that keep going           banks.py      banks of a server's own
asking.py     answers to questions                        classes.py    instructors, classes
seeing.py     a class as its instructors see it         boards.py     live boards of classes
hands.py      raised hands, who helps whom                forks.py      copies of engines
help_looks.py what a helper may see
assignments.py  what a class has to do, reminders           seats.py      places for a lesson
practice.py   practising alone                        cleaning.py   what has names of ours
drills.py     errors made anew
quizzes.py    live quizzes                live_quiz.py     one of them as it is now
quiz_sources.py  where questions are from  quiz_drawing.py  which of them are asked
quiz_questions.py  the one that is asked now  quiz_players.py  who takes part, their answers
quiz_engine.py   answers found on an engine  quiz_results.py  what came out
following.py  a line on many engines
outcomes.py   what came out of it
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.classroom.asking import Asking
from bot.classroom.assignments import Assignments
from bot.classroom.banks import Banks
from bot.classroom.boards import Boards
from bot.classroom.challenge_judging import ChallengeJudging
from bot.classroom.challenges import Challenges
from bot.classroom.changes import Changes
from bot.classroom.checking import Checking
from bot.classroom.classes import Classes
from bot.classroom.commands import Commands
from bot.classroom.drills import Drills
from bot.classroom.duels import Duels
from bot.classroom.engine_map import Maps
from bot.classroom.engines import Engines
from bot.classroom.enrol import Enrol
from bot.classroom.explaining import Explaining
from bot.classroom.files import Files
from bot.classroom.following import Following
from bot.classroom.forks import Forks
from bot.classroom.hands import Hands
from bot.classroom.help_looks import HelpLooks
from bot.classroom.lessons import LessonDesk
from bot.classroom.library import Library
from bot.classroom.load import LoadBook
from bot.classroom.machines import Machines
from bot.classroom.practice import Practice
from bot.classroom.preparing import Preparing
from bot.classroom.privacy import PersonalData
from bot.classroom.progress import ProgressBook
from bot.classroom.quiz_engine import QuizEngine
from bot.classroom.quiz_results import QuizResults
from bot.classroom.quizzes import Quizzes
from bot.classroom.seats import ClassSeats
from bot.classroom.seeing import ClassSight
from bot.classroom.sessions import Sessions
from bot.classroom.settings import SettingsBook
from bot.classroom.transcript import Transcripts
from bot.classroom.troubles import Troubles
from bot.classroom.visiting import Visits


@dataclass(frozen=True, slots=True)
class Classroom:
    """Every use case; features get it from the bot."""

    enrol: Enrol
    commands: Commands
    machines: Machines
    maps: Maps
    load: LoadBook
    lessons: LessonDesk
    checking: Checking
    progress: ProgressBook
    preparing: Preparing
    library: Library
    asking: Asking
    settings: SettingsBook
    privacy: PersonalData
    transcripts: Transcripts
    engines: Engines
    changes: Changes
    troubles: Troubles
    files: Files
    visits: Visits
    explaining: Explaining
    sessions: Sessions
    quizzes: Quizzes
    quiz_results: QuizResults
    quiz_engine: QuizEngine
    classes: Classes
    sight: ClassSight
    boards: Boards
    banks: Banks
    hands: Hands
    forks: Forks
    help_looks: HelpLooks
    assignments: Assignments
    seats: ClassSeats
    practice: Practice
    challenges: Challenges
    challenge_judging: ChallengeJudging
    duels: Duels
    drills: Drills
    following: Following
