"""The only place where the parts meet: opens database and client, builds the classroom."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from bot.bot import DocentBot
from bot.classroom import Classroom
from bot.classroom.asking import Asking, sources
from bot.classroom.assignments import Assignments
from bot.classroom.banks import Banks
from bot.classroom.boards import Boards
from bot.classroom.challenge_engines import ChallengeEngines
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
from bot.classroom.holding import Holding
from bot.classroom.judge import Judge
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
from bot.classroom.quiz_sources import LessonQuestions, QuestionSources
from bot.classroom.quizzes import Quizzes
from bot.classroom.recording import Recorder
from bot.classroom.seats import ClassSeats
from bot.classroom.seeing import ClassSight
from bot.classroom.sessions import Sessions
from bot.classroom.settings import SettingsBook
from bot.classroom.transcript import Transcripts
from bot.classroom.troubles import Troubles
from bot.classroom.visiting import Visits
from bot.errors import StartupError
from bot.settings import BotSettings
from bot.texts import Texts
from db.engine import Database
from db.errors import DatabaseError, SchemaMismatch
from lessons.drills import load_drills
from lessons.error_questions import load_error_questions
from lessons.loader import AuthoringErrors, load_catalogue
from lessons.model import Catalogue
from sandbox.client import SandboxClient, Sandboxes

EXIT_DATABASE = 6
EXIT_LESSONS = 8


def now() -> datetime:
    """The time now, as every part of the bot has it."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_bot(settings: BotSettings) -> AsyncIterator[DocentBot]:
    """The bot with everything it needs, not yet connected; all is closed again at the end.

    Raises:
        StartupError: The database is not ready, a lesson is broken, or a token can't be read.
    """
    texts = Texts.load()
    catalogue = _lessons(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.open(settings.database))
        await _check(database, settings)
        sandboxes = await _sandboxes(settings, stack)
        classroom = build_classroom(
            database=database, sandboxes=sandboxes, catalogue=catalogue, texts=texts
        )
        bot = DocentBot(settings=settings, classroom=classroom, texts=texts)
        yield await stack.enter_async_context(bot)


def build_classroom(
    *,
    database: Database,
    sandboxes: Sandboxes | None,
    catalogue: Catalogue,
    clock: Callable[[], datetime] = now,
    texts: Texts | None = None,
) -> Classroom:
    """Every use case; without sandboxes there are lessons, and commands say why they can't run."""
    library = Library(catalogue)
    holding, all_sandboxes = Holding(), sandboxes
    sandboxes = holding.guard(all_sandboxes)
    lessons = LessonDesk(database=database, library=library, clock=clock)
    enrol, settings = Enrol(database=database), SettingsBook(database=database)
    engines = Engines(sandboxes)
    banks = Banks(database=database, library=library, clock=clock)
    error_questions = ErrorQuestions(library, load_error_questions())
    questions = QuestionSources(banks, LessonQuestions(library), error_questions)
    book = Challenges(
        database=database,
        library=library,
        clock=clock,
        engines=ChallengeEngines(
            database=database, sandboxes=all_sandboxes, holding=holding, swapped=engines.forget
        ),
    )
    quizzes = Quizzes(database=database, sources=questions, clock=clock)
    commands = Commands(database=database, sandboxes=sandboxes, clock=clock)
    maps, troubles = Maps(sandboxes), Troubles(sandboxes, settings=settings)
    forks = Forks(database=database, sandboxes=sandboxes, clock=clock)
    return Classroom(
        enrol=enrol,
        commands=commands,
        machines=Machines(sandboxes, clock=clock),
        maps=maps,
        load=LoadBook(sandboxes, clock=time.monotonic),
        lessons=lessons,
        checking=Checking(database=database, sandboxes=sandboxes, library=library, clock=clock),
        progress=ProgressBook(database=database, lessons=lessons, clock=clock),
        preparing=Preparing(sandboxes),
        library=library,
        settings=settings,
        engines=engines,
        changes=Changes(engines),
        transcripts=Transcripts(database=database, library=library),
        privacy=PersonalData(
            database=database,
            sandboxes=sandboxes,
            enrol=enrol,
            settings=settings,
            clock=clock,
            forks=forks,
        ),
        troubles=troubles,
        files=Files(sandboxes),
        visits=Visits(commands=commands, sandboxes=sandboxes),
        explaining=Explaining(database=database),
        quizzes=quizzes,
        error_questions=error_questions,
        quiz_results=QuizResults(database=database, quizzes=quizzes),
        quiz_engine=QuizEngine(sandboxes, quizzes=quizzes),
        sessions=Sessions(sandboxes, Recorder(database, clock)),
        challenges=book,
        challenge_judging=ChallengeJudging(
            database=database,
            challenges_book=book,
            judge=Judge(all_sandboxes),
            library=library,
            clock=clock,
        ),
        challenge_results=ChallengeResults(database=database, book=book),
        duels=Duels(database=database, book=book, library=library, clock=clock),
        asking=Asking(
            database=database,
            library=library,
            clock=clock,
            source=sources(texts),
            newest=troubles.newest,
        ),
        classes=Classes(database=database, clock=clock),
        leaving=Leaving(database=database, clock=clock),
        sight=ClassSight(database=database, library=library, clock=clock),
        boards=Boards(database=database, library=library, sandboxes=sandboxes, clock=clock),
        hands=Hands(database=database, forks=forks, clock=clock),
        forks=forks,
        help_looks=HelpLooks(sandboxes, maps),
        assignments=Assignments(database=database, library=library, clock=clock),
        seats=ClassSeats(database=database, sandboxes=sandboxes, clock=clock),
        banks=banks,
        drills=Drills(database=database, sandboxes=sandboxes, drills=load_drills(), clock=clock),
        practice=Practice(database=database, sources=questions, sandboxes=sandboxes, clock=clock),
        following=Following(database=database, commands=commands, troubles=troubles, clock=clock),
    )


async def _sandboxes(settings: BotSettings, stack: AsyncExitStack) -> Sandboxes | None:
    if not settings.sandbox_url:
        return None
    token = settings.sandbox_token()
    return await stack.enter_async_context(SandboxClient.connect(settings.sandbox_url, token))


async def _check(database: Database, settings: BotSettings) -> None:
    try:
        await database.check_schema()
    except SchemaMismatch as exc:
        raise StartupError(
            f"The database is not ready: {exc}. Run `./docent migrate` first.",
            exit_code=EXIT_DATABASE,
        ) from exc
    except (DatabaseError, OSError, ValueError) as exc:
        where = settings.database if settings.database.startswith("sqlite") else "PostgreSQL"
        raise StartupError(
            f"The database can't be opened ({where}): {exc}. Look at DOCENT_DATABASE_URL.",
            exit_code=EXIT_DATABASE,
        ) from exc


def _lessons(settings: BotSettings) -> Catalogue:
    try:
        return load_catalogue(settings.lessons)
    except AuthoringErrors as exc:
        raise StartupError(f"The lessons have mistakes. {exc}", exit_code=EXIT_LESSONS) from exc
