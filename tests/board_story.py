"""What tests of boards share: a class of two learners, its instructor, and a board that is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from bot.ui.layout import button, note, row
from bot.wiring import now
from db import boards, classes, history, learners, progress
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, hide, put_in_server, saying

if TYPE_CHECKING:
    from bot.features.class_board._cog import ClassBoardCog
    from bot.features.class_board._watch import Watches

YUNA, MINHO = 2**60 + 1, 2**60 + 2
OTHER_SERVER = 4242
BOARD = "📋 현황판"


@dataclass(frozen=True, slots=True)
class Scene:
    """A class of two learners, its instructor, and a channel that only instructors see."""

    stage: BotStage
    instructor: Person
    class_id: int
    staff: str

    @property
    def watches(self) -> Watches:
        """Who keeps boards up to date."""
        assert self.stage.bot is not None
        return cast("ClassBoardCog", self.stage.bot.get_cog("ClassBoard")).watches

    async def opened(self) -> Json:
        """The board, after the command for it."""
        self.watches.look_s = 0.05
        self.instructor.slash("class board", channel=self.staff, learners=self.instructor.general)
        await saying(self.instructor, "현황판을 올렸어요")
        return await saying(self.instructor, BOARD, self.staff)

    async def board_says(self, wanted: str) -> Json:
        """The board, as soon as it says this."""
        return await saying(self.instructor, wanted, self.staff)

    async def met(self, learner_id: int, error: str | None) -> None:
        """The learner ran a command, and met this error."""
        async with self.stage.database.transaction() as session:
            await history.record(
                session, learner_id, line="docker ps", exit_code=1 if error else 0,
                took_ms=5, at=now(), error=error,
            )  # fmt: skip

    async def acts(self, learner_id: int) -> list[str]:
        """What instructors did to a learner."""
        async with self.stage.database.transaction() as session:
            return [act.act for act in await classes.acts_of(session, learner_id, 10)]

    async def running(self) -> list[int]:
        """The messages that are boards, as the database has it."""
        async with self.stage.database.transaction() as session:
            return [board.message_id for board in await boards.running(session)]

    async def over(self) -> None:
        """Wait until nothing is watched, and see that nothing is left to go on with."""
        await self.instructor.until(lambda: not self.watches.running)
        assert await self.running() == []


async def made_scene(stage: BotStage) -> Scene:
    """The class, both learners at work on a lesson."""
    instructor = stage.playground.person("instructor")
    staff = instructor.channel_id("classroom")
    hide(stage, staff)
    put_in_server(stage, YUNA, MINHO)
    async with stage.database.transaction() as session:
        made = await classes.create(
            session, server_id=int(stage.playground.world.guild_id), name="화요일 반",
            created_by=1, channel_id=None, at=now(),
        )  # fmt: skip
        assert made is not None
        for learner_id, name in ((YUNA, "Yuna"), (MINHO, "**Minho** @everyone")):
            await learners.enrol(session, learner_id, language="ko", name=name)
            await classes.join(session, made.id, learner_id, now() - timedelta(days=1))
            await progress.open_lesson(session, learner_id, "first-container", version=1, at=now())
    return Scene(stage, instructor, made.id, staff)


async def press(stage: BotStage, person: Person, forged: str) -> None:
    """Press a button of this id, which stands where everybody sees it."""
    assert stage.bot is not None
    channel = await stage.bot.fetch_channel(int(person.general))
    sent = await channel.send(view=note("forged", row(button("press", forged))))  # type: ignore[union-attr]
    message = await person.until(
        lambda: next((m for m in person.replies() if m["id"] == str(sent.id)), None)
    )
    await person.click(message, "press")


async def heard(person: Person, wanted: str, times: int) -> None:
    """Wait until the person was told this so many times."""
    await person.until(
        lambda: sum(wanted in all_text(message) for message in person.replies()) == times
    )
