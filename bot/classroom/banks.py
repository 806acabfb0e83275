"""Question banks of a server's own: uploaded, looked through, published, used, exported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.banks.engine_lines import is_trusted
from bot.banks.limits import MOST_BANKS
from bot.banks.model import Bank, BankItem
from bot.banks.patterns import MOST_READ
from bot.banks.reading import read_text
from bot.banks.writing import yaml_text
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.quiz.questions import BankQuestion, Offer, QuizQuestion
from bot.texts import LANGUAGES
from db import banks
from db.banks import BankSummary, BankVersion
from db.engine import Database

DRAFTS_KEPT: Final = timedelta(days=2)
DELETED_KEPT: Final = timedelta(days=30)
"""A quiz that runs may still ask for a bank's questions."""
LESSON_PREFIX: Final = "lesson:"
MOST_PARSED: Final = 4
"""A quiz asks for one question after the other of the same bank; each takes up to a megabyte."""


@dataclass(frozen=True, slots=True)
class BankDraft:
    """A bank that was uploaded and not published; `version` is what it would become."""

    id: int
    name: str
    bank: Bank
    version: int


@dataclass(frozen=True, slots=True)
class BankEntry:
    """A bank in the list of a server, as its newest version is."""

    id: int
    name: str
    version: int
    questions: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnQuestion(BankQuestion):
    """A question that somebody uploaded: its patterns see the beginning of an output only."""

    def answer_from(self, output: str) -> str | None:
        """See `QuizQuestion.answer_from`."""
        return BankQuestion.answer_from(self, output[:MOST_READ])


class Banks:
    """Banks of servers; a `QuestionSource`. Methods raise `DatabaseError` when it can't be used.

    Whatever is asked for is looked for in the server that asks: banks of others don't exist there.
    """

    prefix: str = "bank:"

    def __init__(
        self, *, database: Database, library: Library, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock

    async def keep_draft(self, server_id: int, name: str, bank: Bank) -> BankDraft:
        """Keep a bank that was read, for a preview.

        Raises:
            LearnerError: The server has as many banks as there may be.
        """
        now = self._clock()
        content = await asyncio.to_thread(yaml_text, bank)
        async with self._database.transaction() as session:
            await banks.forget(
                session, server_id, drafts_before=now - DRAFTS_KEPT, banks_before=now - DELETED_KEPT
            )
            await self._check_room(await banks.of_server(session, server_id), name)
            kept = await banks.keep_draft(
                session, server_id, name, content=content, questions=len(bank.items), at=now
            )
            version = await banks.next_number(session, kept.bank_id)
        return BankDraft(kept.id, name, bank, version)

    async def draft(self, server_id: int, draft_id: int) -> BankDraft:
        """A draft of this server.

        Raises:
            LearnerError: There is none, or it was published or discarded.
        """
        async with self._database.transaction() as session:
            kept = await banks.draft(session, server_id, draft_id)
            if kept is None:
                raise LearnerError("bank.draft_gone")
            version = await banks.next_number(session, kept.bank_id)
        return BankDraft(kept.id, kept.name, await _read(kept), version)

    async def publish(self, server_id: int, draft_id: int) -> BankEntry:
        """Have everybody in the server find this draft.

        Raises:
            LearnerError: It is not there any more, or there are too many banks by now.
        """
        async with self._database.transaction() as session:
            kept = await banks.draft(session, server_id, draft_id)
            if kept is not None:
                there = await banks.of_server(session, server_id)
                await self._check_room(there, kept.name)
            published = await banks.publish(session, server_id, draft_id, self._clock())
        if published is None:
            raise LearnerError("bank.draft_gone")
        return _entry(published)

    async def discard(self, server_id: int, draft_id: int) -> None:
        """Forget a draft.

        Raises:
            LearnerError: It is not there any more.
        """
        async with self._database.transaction() as session:
            if not await banks.discard(session, server_id, draft_id):
                raise LearnerError("bank.draft_gone")

    async def of_server(self, server_id: int) -> tuple[BankEntry, ...]:
        """Every bank that can be chosen, by name."""
        async with self._database.transaction() as session:
            return tuple(_entry(each) for each in await banks.of_server(session, server_id))

    async def get(self, server_id: int, bank_id: int) -> BankEntry:
        """A bank of this server.

        Raises:
            LearnerError: There is none.
        """
        async with self._database.transaction() as session:
            found = await banks.newest(session, server_id, bank_id)
        if found is None:
            raise LearnerError("bank.gone")
        return _entry(found)

    async def delete(self, server_id: int, bank_id: int) -> BankEntry:
        """Have nobody find this bank any more; what it was.

        Raises:
            LearnerError: There is none.
        """
        async with self._database.transaction() as session:
            found = await banks.newest(session, server_id, bank_id)
            gone = await banks.mark_deleted(session, server_id, bank_id, self._clock())
        if found is None or not gone:
            raise LearnerError("bank.gone")
        return _entry(found)

    async def exported(self, server_id: int, key: str) -> tuple[Offer, Bank]:
        """A bank of this server or of a lesson, to become a file.

        Raises:
            LearnerError: There is no such thing.
        """
        offered = {offer.key: offer for offer in await self.to_export(server_id)}
        if key not in offered:
            raise LearnerError("bank.gone")
        if key.startswith(LESSON_PREFIX):
            return offered[key], self._of_lesson(key.removeprefix(LESSON_PREFIX))
        kept = await self._newest(server_id, key)
        if kept is None:
            raise LearnerError("bank.gone")
        return offered[key], await _read(kept)

    async def to_export(self, server_id: int) -> tuple[Offer, ...]:
        """Every bank that can become a file: the server's own, then those of the lessons."""
        catalogue = self._library.catalogue
        lessons = (
            Offer(
                f"{LESSON_PREFIX}{lesson.id}",
                {each: catalogue.text(lesson, each).title for each in LANGUAGES},
                sum(map(is_trusted, catalogue.questions[lesson.id].questions)),
            )
            for lesson in catalogue.lessons
            if lesson.id in catalogue.questions and catalogue.questions[lesson.id].questions
        )
        return (*await self.offers(server_id), *lessons)

    async def offers(self, server_id: int) -> tuple[Offer, ...]:
        """See `QuestionSource.offers`."""
        return tuple(
            Offer(
                f"{self.prefix}{each.id}",
                dict.fromkeys(LANGUAGES, each.name),
                each.questions,
            )
            for each in await self.of_server(server_id)
        )

    async def questions(self, server_id: int, key: str) -> tuple[QuizQuestion, ...]:
        """See `QuestionSource.questions`: those of the newest version."""
        kept = await self._newest(server_id, key)
        if kept is None:
            return ()
        return tuple(self._question(kept, item) for item in (await _read(kept)).items)

    async def question(self, server_id: int, ref: str) -> QuizQuestion | None:
        """See `QuestionSource.question`."""
        where, _, question_id = ref.removeprefix(self.prefix).partition("/")
        bank_id, _, number = where.partition(":")
        if not _is_number(bank_id) or not _is_number(number):
            return None
        async with self._database.transaction() as session:
            kept = await banks.version(session, server_id, int(bank_id), int(number))
        item = None if kept is None else (await _read(kept)).get(question_id)
        return None if kept is None or item is None else self._question(kept, item)

    async def _newest(self, server_id: int, key: str) -> BankVersion | None:
        bank_id = key.removeprefix(self.prefix)
        if not _is_number(bank_id):
            return None
        async with self._database.transaction() as session:
            return await banks.newest(session, server_id, int(bank_id))

    async def _check_room(self, there: list[BankSummary], name: str) -> None:
        if len(there) >= MOST_BANKS and all(each.name != name for each in there):
            raise LearnerError("bank.too_many", most=MOST_BANKS)

    def _of_lesson(self, lesson_id: str) -> Bank:
        questions = self._library.catalogue.questions[lesson_id]
        return Bank(
            tuple(
                BankItem(
                    each, {language: questions.text(language, each.id) for language in LANGUAGES}
                )
                for each in questions.questions
                if is_trusted(each)  # what needs a shell could not be uploaded again
            )
        )

    def _question(self, kept: BankVersion, item: BankItem) -> OwnQuestion:
        ref = f"{self.prefix}{kept.bank_id}:{kept.number}/{item.question.id}"
        return OwnQuestion(
            ref, item.question, {str(language): text for language, text in item.texts.items()}
        )


def _entry(kept: BankSummary) -> BankEntry:
    return BankEntry(kept.bank_id, kept.name, kept.number or 0, kept.questions, kept.created_at)


async def _read(kept: BankVersion) -> Bank:
    return await asyncio.to_thread(_parsed, kept.content)


@lru_cache(maxsize=MOST_PARSED)
def _parsed(content: str) -> Bank:
    # What an older Docent took is used as far as this one understands it.
    return read_text("yaml", content, "ko").bank


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18  # noqa: PLR2004 - a BigInteger
