"""What came out of a challenge, as its instructors may know it: of everybody, task by task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.classroom.challenge_views import CLASS, Board
from bot.classroom.challenges import Challenges
from bot.errors import LearnerError
from db import challenges
from db.engine import Database


@dataclass(frozen=True, slots=True)
class ChallengeResult:
    """What was done until now; `board` hides nothing.

    By learner and task: `solved` is after how many seconds from the common start, `hints` is how
    many were taken.
    """

    board: Board
    solved: Mapping[tuple[int, str], int]
    hints: Mapping[tuple[int, str], int]


class ChallengeResults:
    """Reads results; raises `DatabaseError` when it can't."""

    def __init__(self, *, database: Database, book: Challenges) -> None:
        self._database = database
        self._book = book

    async def of(self, challenge_id: int) -> ChallengeResult:
        """What came out of a challenge of a class; who may know it was judged by whoever asks.

        Raises:
            LearnerError: There is none, or its lesson is no more.
        """
        board = await self._book.board(challenge_id, all_seen=True)
        if board is None or board.challenge.kind != CLASS:
            raise LearnerError("challenge.gone")
        async with self._database.transaction() as session:
            stored = await challenges.marks(session, challenge_id)
        start = board.challenge.starts_at or board.challenge.created_at
        solved: dict[tuple[int, str], int] = {}
        hints: dict[tuple[int, str], int] = {}
        for mark in stored:  # the oldest first
            key = mark.learner_id, mark.task_id
            if mark.kind == "hint":
                hints[key] = max(mark.number, hints.get(key, 0))
            else:
                solved.setdefault(key, max(0, int((mark.at - start).total_seconds())))
        return ChallengeResult(board, solved, hints)
