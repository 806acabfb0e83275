"""Drives challenges: one task for each that is not over, which goes on where the database says.

A task does what the phase asks for (prepare engines, count down, draw the board, end, give engines
back) and then waits for a bell or for the next moment that matters. After a sudden end of the bot
nothing is known but the database, and that is enough.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bot.challenge import rules
from bot.challenge.phases import OVER
from bot.classroom.challenge_views import DUEL, Board
from bot.features.challenge import _labs
from bot.features.challenge._painter import Painter
from bot.on_error import as_learner_error, report_bug
from bot.tasks import end_tasks

if TYPE_CHECKING:
    from bot.bot import DocentBot

AT_ONCE: Final = 4
"""Engines that are prepared or given back at the same time."""
RETRY_S: Final = 30.0
"""How long after a failure an engine is tried to be given back again."""
TROUBLE_S: Final = 5.0
LABS_AT_ONCE: Final = 10

log = structlog.get_logger(__name__)


class Runner:
    """All challenges under way; `countdown_s`, `pace_s`, `retry_s` are how long things take."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._book = bot.classroom.challenges
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._bells: dict[int, asyncio.Event] = {}
        self._later: set[asyncio.Task[None]] = set()
        self._told_not_back: set[tuple[int, int]] = set()
        self._next_try: dict[int, float] = {}
        self._carded: dict[int, set[int]] = {}
        self._closed = False
        self.painter = Painter(bot)
        self.countdown_s = rules.COUNTDOWN_S
        self.retry_s = RETRY_S
        self.trouble_s = TROUBLE_S

    def go_on(self, challenge_id: int) -> None:
        """Have a challenge driven that the bot before us was at."""
        self.painter.take_over(challenge_id)
        self.drive(challenge_id)

    def drive(self, challenge_id: int) -> None:
        """Have this challenge driven; one that is driven already is looked at anew."""
        driving = self._tasks.get(challenge_id)
        # One that has just ended hears no bell any more, although it is not forgotten yet.
        if self._closed or (driving is not None and not driving.done()):
            self.ring(challenge_id)
            return
        self._bells[challenge_id] = asyncio.Event()
        task = asyncio.create_task(self._drive(challenge_id), name=f"challenge-{challenge_id}")
        self._tasks[challenge_id] = task
        task.add_done_callback(partial(self._forget, challenge_id))

    def ring(self, challenge_id: int) -> None:
        """Something happened in this challenge."""
        bell = self._bells.get(challenge_id)
        if bell is not None:
            bell.set()

    def join_late(self, challenge_id: int, learner_id: int) -> None:
        """Prepare somebody's engine now, beside all else: they join late, or try again."""
        name = f"challenge-late-{learner_id}"
        if any(task.get_name() == name for task in self._later):
            return
        task = asyncio.create_task(self._late(challenge_id, learner_id), name=name)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def give_back_soon(self, challenge_id: int, learner_id: int) -> None:
        """Give somebody's engine back now, beside all else: they left."""
        task = asyncio.create_task(
            self._give_back_safely(challenge_id, learner_id), name=f"challenge-back-{learner_id}"
        )
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        """Stop driving; the next start goes on."""
        self._closed = True
        await end_tasks([*self._tasks.values(), *self._later])

    def _forget(self, challenge_id: int, task: asyncio.Task[None]) -> None:
        if self._tasks.get(challenge_id) is task:
            del self._tasks[challenge_id], self._bells[challenge_id]
            self.painter.forget(challenge_id)
            self._next_try.pop(challenge_id, None)
            self._carded.pop(challenge_id, None)

    async def _drive(self, challenge_id: int) -> None:
        await self._bot.wait_until_ready()
        while True:
            bell = self._bells[challenge_id]
            bell.clear()
            try:
                wait_s = await self._step(challenge_id)
            except Exception as error:  # noqa: BLE001 - nobody awaits this task
                self._report(error, challenge_id)
                wait_s = self.trouble_s
            if wait_s is None:
                if bell.is_set():
                    # Something happened while the last cards were shown.
                    continue
                return
            try:
                async with asyncio.timeout(wait_s):
                    await bell.wait()
            except TimeoutError:
                continue

    async def _step(self, challenge_id: int) -> float | None:
        """Do what is to be done now; how long to wait for a bell then, None: all is done."""
        board = await self._book.board(challenge_id)
        if board is None:
            # Its lesson is no more: nobody can go on with it, and all get their engines back.
            await self._book.end(challenge_id, cancel=True)
            return await self._give_all_back(challenge_id)
        match board.phase:
            case "lobby":
                return await self._lobby(board)
            case "preparing":
                return await self._preparing(board)
            case "countdown":
                return await self._countdown(board)
            case "running":
                return await self._running(board)
            case _:
                painted = await self.painter.paint(board)
                again_s = await self._give_all_back(challenge_id)
                # Discord was ill just then: nobody else would say how it ended.
                return self.retry_s if again_s is None and not painted else again_s

    async def _lobby(self, board: Board) -> float:
        challenge = board.challenge
        duel = challenge.kind == DUEL
        # People who were named begin at once; whoever gathered a team says when.
        if (
            duel
            and challenge.role_b is None
            and await self._bot.classroom.duels.begin(challenge.id)
        ):
            return 0.0
        lasts = rules.INVITATION_LASTS if duel else rules.LOBBY_LASTS
        left_s = self._book.seconds_until(challenge.created_at + lasts)
        if left_s <= 0 or challenge.message_id is None:  # nobody could join what has no board
            await self._book.end(challenge.id, cancel=True)
            return 0.0
        await self.painter.paint(board)
        return left_s

    async def _preparing(self, board: Board) -> float:
        challenge_id = board.challenge.id
        room = asyncio.Semaphore(AT_ONCE)
        work = {
            asyncio.create_task(self._prepare(challenge_id, member.learner_id, room))
            for member in board.of_state("joined", "preparing")
        }
        try:
            while work:
                now = await self._book.board(challenge_id)
                if now is None or now.phase != "preparing":
                    break
                await self.painter.paint(now)
                _, work = await asyncio.wait(work, timeout=self.painter.pace_s)
            if work:
                await asyncio.wait(work)
        finally:
            for task in work:
                task.cancel()
        now = await self._book.board(challenge_id)
        if now is not None and now.phase == "preparing":
            enough = {m.side for m in now.of_state("ready")}
            needed = {1, 2} if now.challenge.kind == DUEL else {0}
            if enough >= needed:
                await self._book.count_down(challenge_id, self.countdown_s)
            else:
                await self._book.end(challenge_id, cancel=True)
        return 0.0

    async def _countdown(self, board: Board) -> float:
        challenge = board.challenge
        await self.painter.paint(board)
        left_s = (
            0.0 if challenge.starts_at is None else self._book.seconds_until(challenge.starts_at)
        )
        if left_s > 0:
            return left_s
        await self._book.start(challenge.id)
        return 0.0

    async def _running(self, board: Board) -> float:
        challenge = board.challenge
        # Late in a night of trouble: members whose engine was being made when the bot died.
        for member in board.of_state("joined", "preparing"):
            self.join_late(challenge.id, member.learner_id)
        all_shown = await self._show_cards(board)
        whole = await self._book.board(challenge.id, all_seen=True)
        left_s = 0.0 if challenge.ends_at is None else self._book.seconds_until(challenge.ends_at)
        if left_s <= 0 or whole is None or _is_decided(whole):
            await self._bot.classroom.challenge_judging.settle(challenge.id)
            await self._book.end(challenge.id)
            return 0.0
        await self.painter.paint(board)
        await self._try_those_due(challenge.id)
        freeze = rules.freeze_at(challenge.ends_at, challenge.freeze_s)
        until_freeze = left_s if freeze is None else self._book.seconds_until(freeze)
        again_s = self.retry_s if all_shown else self.trouble_s
        return min(left_s, until_freeze if until_freeze > 0 else left_s, again_s)

    async def _show_cards(self, board: Board) -> bool:
        """Show those their card who have none yet: it has begun, or they have come late.

        False when it is to be tried again soon. Whoever has no lab to show it in is tried again
        after a restart.
        """
        challenge_id = board.challenge.id
        carded = self._carded.setdefault(challenge_id, set())
        sent = self.painter.sent(challenge_id)
        room = asyncio.Semaphore(LABS_AT_ONCE)

        async def show(learner_id: int) -> None:
            async with room:
                await _labs.show_card(self._bot, challenge_id, learner_id, sent)
            carded.add(learner_id)

        wanting = [
            member.learner_id
            for member in board.of_state("ready")
            if member.card_message_id is None and member.learner_id not in carded
        ]
        shown = await asyncio.gather(*map(show, wanting), return_exceptions=True)
        failed = [error for error in shown if isinstance(error, Exception)]
        for error in failed:
            self._report(error, challenge_id)
        return not failed

    async def _prepare(self, challenge_id: int, learner_id: int, room: asyncio.Semaphore) -> bool:
        async with room:
            try:
                ready = await self._book.prepare(challenge_id, learner_id)
            except Exception as error:  # noqa: BLE001 - of one member, who must not stop the others
                self._report(error, challenge_id)
                return False
            if not ready:
                await self._give_back(challenge_id, learner_id)
                await _labs.tell_failed(self._bot, challenge_id, learner_id)
            return ready

    async def _late(self, challenge_id: int, learner_id: int) -> None:
        try:
            ready = await self._prepare(challenge_id, learner_id, asyncio.Semaphore(1))
            board = await self._book.board(challenge_id)
            if ready and board is not None and board.phase == "running":
                self._book.engines.release(learner_id)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            self._report(error, challenge_id)
        self.ring(challenge_id)

    async def _give_all_back(self, challenge_id: int) -> float | None:
        """Give every engine back that is due; None when none is left."""
        room = asyncio.Semaphore(AT_ONCE)

        async def one(learner_id: int) -> bool:
            async with room:
                return await self._give_back(challenge_id, learner_id)

        due = await self._book.engines_due(challenge_id)
        done = await asyncio.gather(*(one(learner_id) for learner_id in due))
        if not due:
            await self._book.let_go(challenge_id)
            await self._last_cards(challenge_id)
            return None
        return 0.0 if all(done) else self.retry_s

    async def _last_cards(self, challenge_id: int) -> None:
        """Say the result on the cards of those whose engine was theirs before."""
        board = await self._book.board(challenge_id)
        for member in () if board is None else board.members:
            if member.card_message_id is not None and board is not None and board.phase in OVER:
                await _labs.refresh_card(
                    self._bot, challenge_id, member.learner_id, engine="challenge.back"
                )

    async def _try_those_due(self, challenge_id: int) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._next_try.get(challenge_id, 0.0):
            return
        self._next_try[challenge_id] = now + self.retry_s
        for learner_id in await self._book.engines_due(challenge_id):
            await self._give_back(challenge_id, learner_id)

    async def _give_back_safely(self, challenge_id: int, learner_id: int) -> None:
        try:
            if await self._give_back(challenge_id, learner_id):
                await _labs.refresh_card(
                    self._bot, challenge_id, learner_id, engine="challenge.back"
                )
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            self._report(error, challenge_id)
        self.drive(challenge_id)

    async def _give_back(self, challenge_id: int, learner_id: int) -> bool:
        """Give this engine back; whether it is. The learner is told once when it is not."""
        why = await self._book.give_back(challenge_id, learner_id)
        if why is None:
            self._told_not_back.discard((challenge_id, learner_id))
            return True
        if (challenge_id, learner_id) not in self._told_not_back:
            self._told_not_back.add((challenge_id, learner_id))
            await _labs.tell_not_back(self._bot, challenge_id, learner_id, why)
        return False

    def _report(self, error: Exception, challenge_id: int) -> None:
        if as_learner_error(error) is None:
            report_bug(error, event_name="challenge", challenge=challenge_id)
        else:
            log.warning("challenge_trouble", challenge=challenge_id, error=type(error).__name__)


def _is_decided(board: Board) -> bool:
    """Whether nobody could change anything by going on."""
    waiting = board.of_state("joined", "preparing")
    if board.challenge.kind != DUEL:
        return board.all_done and not waiting
    sides = {member.side for member in board.of_state("ready")}
    return len(sides) < 2 or any(len(row.done) >= board.total for row in board.rows)  # noqa: PLR2004
