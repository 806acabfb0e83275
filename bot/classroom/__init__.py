"""Use cases, without Discord: what learners can do, whoever asks for it.

Learners and their machines
    enrol.py       who learns, in which language, where    settings.py    what they chose
    privacy.py     what is kept of a learner               transcript.py  what they did, in order
    commands.py    run a line, look at a page              recording.py   what was run, remembered
    sessions.py    terminals that keep going               machines.py    the sandbox as a machine
    files.py       a learner's files                       visiting.py    pages, what is published
    engines.py     what is in an engine                    changes.py     what a command changed
    engine_map.py  the engine at a glance                  load.py        how busy it is
    holding.py     engines that nobody may use for now     early_ends.py  why a container ended
    troubles.py    errors that are met, explained          explaining.py  which command to explain
    asking.py      answers to questions                    engines_now.py  how many engines run

Lessons
    lessons.py     opened, turned, begun anew; hints       library.py     all there are
    open_lessons.py  one as a learner sees it              lesson_search.py  which one is meant
    checking.py    judge tasks, tick them                  judge.py       judge, and nothing else
    facts.py       what the sandbox reports, for checks    looking.py     commands of our own
    preparing.py   set-ups of lessons                      cleaning.py    what has names of ours
    progress.py    how far a learner is                    badges.py      days in a row, badges

Quizzes and practice
    quizzes.py     live quizzes                            live_quiz.py   one of them as it is now
    quiz_sources.py  where questions are from              quiz_drawing.py  which are asked
    quiz_questions.py  the one that is asked now           quiz_players.py  who plays, their answers
    error_questions.py  what is asked about an error       quiz_gate.py   who was in time
    quiz_engine.py  answers found on an engine             quiz_results.py  what came out
    together.py    many answers in one transaction         banks.py       banks of a server's own
    practice.py    practising alone                        drills.py      errors made anew

Challenges
    challenges.py  challenges of a class                   duels.py       duels until they begin
    challenge_members.py  who may take part                challenge_playing.py  whose engine it has
    challenge_engines.py  engines kept, given back         challenge_judging.py  what counts
    challenge_views.py  boards and cards                   challenge_results.py  what came out

Classes
    classes.py     instructors, classes                    seeing.py      a class as they see it
    assignments.py  what a class has to do, reminders      seats.py       places for a lesson
    boards.py      live boards of classes                  help_looks.py  what a helper may see
    hands.py       raised hands, who helps whom            forks.py       copies of engines
    following.py   a line on many engines                  outcomes.py    what came out of it
    follow_lines.py  a line that is run for others         seat_bounds.py  how many places
    leaving.py     who left a server
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.classroom.asking import Asking
from bot.classroom.assignments import Assignments
from bot.classroom.banks import Banks
from bot.classroom.boards import Boards
from bot.classroom.challenge_judging import ChallengeJudging
from bot.classroom.challenge_results import ChallengeResults
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
from bot.classroom.error_questions import ErrorQuestions
from bot.classroom.explaining import Explaining
from bot.classroom.files import Files
from bot.classroom.following import Following
from bot.classroom.forks import Forks
from bot.classroom.hands import Hands
from bot.classroom.help_looks import HelpLooks
from bot.classroom.leaving import Leaving
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
    error_questions: ErrorQuestions
    quiz_results: QuizResults
    quiz_engine: QuizEngine
    classes: Classes
    leaving: Leaving
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
    challenge_results: ChallengeResults
    duels: Duels
    drills: Drills
    following: Following
