"""Questions of learners, answered out of lessons and glossary."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.ask.finding import AnswerBook
from bot.ask.passages import Passage, passages_of
from bot.ask.pasting import pasted
from bot.ask.problems import as_met, passage_id, problems, twin_id
from bot.ask.reference import commands, options
from bot.classroom.library import Library
from bot.classroom.troubles import Trouble
from bot.errors import LearnerError
from bot.terminal.error_help import ErrorHelp
from bot.texts import LANGUAGES, Language, Speech, Texts
from db import history
from db.engine import Database
from db.history import Record
from lessons.glossary_file import load_glossary
from lessons.model import Catalogue

MOST_MORE: Final = 2
MOST_SUGGESTIONS: Final = 3
RECENT: Final = timedelta(minutes=30)
"""What failed longer ago than this is not what somebody asks about."""
_LOOKED_BACK: Final = 5
_TELLING_FROM: Final = 125
"""From here on exit codes mean the same whatever ran."""

_ID: Final = re.compile("[0-9a-f]{12,64}")

BASICS: Final = ("term:container", "term:image", "command:run")
"""Where to begin for who asks about nothing that we know."""

Source = Callable[[Catalogue], Iterable[Passage]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say to a question.

    `passage` is None when nothing fits; `more` are then what is nearest. `text` is the part of the
    passage that answers. `failed` is the command that the question was taken to be about.
    """

    passage: Passage | None
    text: str
    more: Sequence[Passage]
    failed: Record | None = None


def sources(texts: Texts | None) -> Source:
    """All that comes with Docent: lessons, glossary, and what the bot says of commands.

    Texts that are not given are read when they are needed.
    """

    def passages(catalogue: Catalogue) -> Iterable[Passage]:
        said = texts or Texts.load()
        speeches: dict[str, Speech] = {
            language: said.for_language(language) for language in LANGUAGES
        }
        taught = passages_of(catalogue, load_glossary())
        said_of = (*commands(speeches, taught), *options(speeches))
        return (*taught, *said_of, *problems(speeches, taught))

    return passages


class Asking:
    """Answers questions. Methods raise `DatabaseError` when the database can't be used."""

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        clock: Callable[[], datetime],
        source: Source,
        newest: Callable[[int], Trouble | None] = lambda _: None,
    ) -> None:
        """`newest` tells the last error of a learner, with what their engine knew of it."""
        self._database = database
        self._library = library
        self._clock = clock
        self._source = source
        self._newest = newest
        self._opening = asyncio.Lock()
        self._book: tuple[Catalogue, AnswerBook] | None = None

    async def open_book(self) -> AnswerBook:
        """The book of the lessons that there are now; made anew when they have changed."""
        async with self._opening:
            catalogue = self._library.catalogue
            if self._book is None or self._book[0] is not catalogue:
                # Half a second of work, which chat must not notice.
                book = await asyncio.to_thread(lambda: AnswerBook(tuple(self._source(catalogue))))
                self._book = catalogue, book
            return self._book[1]

    async def ask(self, learner_id: int, question: str, speech: Speech) -> Answer:
        """The best answer to the question, or the nearest that there is.

        An error message in it is explained with the names that it has, as error help does.

        Raises:
            LearnerError: There is no word in it.
        """
        if not any(letter.isalnum() for letter in question):
            raise LearnerError("ask.empty")
        book = await self.open_book()
        language = speech.language
        met = self._pasted(learner_id, question)
        failed = None
        asked = question
        if met is None and book.leans_on_what_happened(question):
            failed = await self._failed(learner_id)
            asked = question if failed is None else f"{question} {_said_of(failed)}"
            met = self._met(learner_id, failed)
        if met is not None and (known := book.get(passage_id(met.id))) is not None:
            return _explained(book, as_met(known, met, speech), met, language, failed)
        found = book.ask(asked)
        if not found:
            near = [one.passage for one in book.nearest(asked) if one.called]
            basics = [passage for name in BASICS if (passage := book.get(name)) is not None]
            return Answer(None, "", (near or basics)[:MOST_SUGGESTIONS])
        best, *others = (one.passage for one in found)
        text = book.excerpt(best, language, asked)
        return Answer(best, text, others[:MOST_MORE], failed)

    async def passage(self, passage_id: str, language: Language) -> Answer:
        """A passage by its id, as a button has it.

        Raises:
            LearnerError: There is no such passage any more.
        """
        book = await self.open_book()
        passage = book.get(passage_id)
        if passage is None:
            raise LearnerError("ask.gone")
        return Answer(passage, book.excerpt(passage, language), ())

    def _pasted(self, learner_id: int, question: str) -> ErrorHelp | None:
        """The known error that was pasted, with what the engine told if it was just met."""
        error, newest = pasted(question), self._newest(learner_id)
        same = error is not None and newest is not None and _is_the_same(error, newest.help)
        return newest.help if newest is not None and same else error

    def _met(self, learner_id: int, failed: Record | None) -> ErrorHelp | None:
        """The known error that this command met; None when nothing but its exit code is known."""
        newest = self._newest(learner_id)
        if failed is None or newest is None or newest.line != failed.line:
            return None
        return None if newest.help.is_exit_code else newest.help

    async def _failed(self, learner_id: int) -> Record | None:
        """The newest command of the learner that failed a moment ago."""
        async with self._database.transaction() as session:
            records = await history.recent(session, learner_id, _LOOKED_BACK)
        since = self._clock() - RECENT
        return next(
            (one for one in records if one.kind == "command" and one.exit_code and one.at >= since),
            None,
        )


def _explained(
    book: AnswerBook, about: Passage, met: ErrorHelp, language: Language, failed: Record | None
) -> Answer:
    """What error help says of it, and what leads further: a message itself is like all others."""
    said = about.texts[language].body
    left_out = {about.id, twin_id(met.id)}
    more = [one.passage for one in book.ask(said) if one.passage.id not in left_out]
    return Answer(about, said, more[:MOST_MORE], failed)


def _is_the_same(pasted: ErrorHelp, met: ErrorHelp) -> bool:
    """Whether this is what was pasted, though it has names where the message has ids."""
    return pasted.id == met.id and all(
        _ID.fullmatch(said) or met.values.get(name, said) == said
        for name, said in pasted.values.items()
    )


def _said_of(failed: Record) -> str:
    """What the history knows of it, as somebody would say it."""
    code = failed.exit_code or 0
    return f"{failed.line} exit code {code}" if code >= _TELLING_FROM else failed.line
