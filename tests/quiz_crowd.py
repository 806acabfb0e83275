"""Hundreds of people in a live quiz: the real bot as a program of its own, over gateway and REST.

Everybody is as patient as people are: who gets no answer within Discord's three seconds presses
again. What each one meant last is counted here, apart from the bot.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from db.migrate import migrate
from playground.app import Options, Playground
from playground.events import Event
from playground.interaction import Interaction
from playground.json_types import Json
from playground.person import Person
from tests.quiz_story import button_for, write_quiz_lesson

ROOT = Path(__file__).parents[1]
READY_WITHIN_S = 30.0
MOST_PRESSES = 12
POLL_S = 0.05


class BotProgram:
    """`python -m bot` at a playground; `kill` is SIGKILL."""

    def __init__(self, playground: Playground, home: Path, lessons: Path) -> None:
        self._home = home
        self._environment = {
            "PATH": os.environ["PATH"],
            "DISCORD_TOKEN": playground.token,
            "DOCENT_DISCORD_URL": playground.base_url,
            "DOCENT_HOME": str(home),
            "DOCENT_LESSONS": str(lessons),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it is connected."""
        ready = self._home / "run" / "bot.ready"
        ready.parent.mkdir(exist_ok=True)
        ready.unlink(missing_ok=True)
        with (self._home / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=ROOT, env=self._environment,
                stdout=log, stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(READY_WITHIN_S):
            while not ready.exists():
                if self._process.returncode is not None:
                    raise RuntimeError(f"the bot ended: {self.log()[-2000:]}")
                await asyncio.sleep(POLL_S)

    async def kill(self) -> None:
        """End it at once, without any goodbye; safe to repeat."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def log(self) -> str:
        """What it wrote until now."""
        return (self._home / "bot.log").read_text(encoding="utf-8", errors="replace")


@dataclass(slots=True)
class Crowd:
    """The people, and what each of them meant; `waits_s` is press → private confirmation."""

    playground: Playground
    bot: BotProgram
    host: Person
    database_url: str
    people: list[str]
    meant: dict[str, tuple[str, ...]] = field(default_factory=dict)
    waits_s: list[float] = field(default_factory=list)
    confirmed: set[str] = field(default_factory=set)
    _heard: dict[str, asyncio.Future[str]] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        """Take down whose press was answered privately, or not at all."""
        if event.only_for is None:
            return
        if event.name == "MESSAGE_CREATE":
            pressed = event.data.get("interaction_metadata", {}).get("id", "")
            self._settle(pressed, event.data["content"])
        elif event.name == "INTERACTION" and event.data["state"] == "failed":
            self._settle(event.data["id"], "")

    def _settle(self, pressed: str, said: str) -> None:
        waiting = self._heard.get(pressed)
        if waiting is not None and not waiting.done():
            waiting.set_result(said)

    async def press(
        self, person: str, message: Json, custom: str, values: list[str] | None = None
    ) -> str:
        """Press until there is an answer, as people do; what was said."""
        began = time.monotonic()
        for _ in range(MOST_PRESSES):
            interaction = self._send(person, message, custom, values)
            said = await self._answer_to(interaction)
            if said:
                self.waits_s.append(time.monotonic() - began)
                return said
        raise AssertionError(f"{person} pressed {MOST_PRESSES} times and was never answered")

    def _send(
        self, person: str, message: Json, custom: str, values: list[str] | None
    ) -> Interaction:
        return self.playground.actions.component(
            person, message["channel_id"], message["id"], custom, values
        )

    async def _answer_to(self, interaction: Interaction) -> str:
        """What was said privately; nothing when Discord's three seconds passed."""
        waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._heard[interaction.interaction_id] = waiting
        return await waiting

    async def all_join(self, lobby: Json, custom: str, *, within_s: float, seed: int) -> None:
        """Everybody joins, at a moment of their own within this time."""
        moments = random.Random(seed)

        async def one(person: str, after_s: float) -> None:
            await asyncio.sleep(after_s)
            await self.press(person, lobby, custom)

        await asyncio.gather(*(one(person, moments.uniform(0, within_s)) for person in self.people))

    async def all_press(
        self,
        message: Json,
        choose: Callable[[str], Sequence[tuple[str, tuple[str, ...]]]],
        *,
        within_s: float,
        seed: int,
    ) -> None:
        """Everybody presses what `choose` says, at a moment of their own within this time.

        `choose` gives (custom id, letters that are meant) one after the other; a select's letters
        are its values.
        """
        moments = random.Random(seed)

        async def one(person: str, after_s: float) -> None:
            await asyncio.sleep(after_s)
            for custom, letters in choose(person):
                values = list(letters) if "quizchoose" in custom else None
                said = await self.press(person, message, custom, values)
                assert "답했어요" in said or "답을 바꿨어요" in said or "답은 한 번만" in said, said
                if "답은 한 번만" not in said:
                    self.meant[person] = letters
                self.confirmed.add(person)

        await asyncio.gather(*(one(person, moments.uniform(0, within_s)) for person in self.people))

    def percentile_s(self, percent: int) -> float:
        """So many percent of the confirmations took no longer."""
        ordered = sorted(self.waits_s)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@asynccontextmanager
async def crowd(folder: Path, size: int) -> AsyncIterator[Crowd]:
    """So many people and a bot; all of it is gone at the end."""
    home = folder / "home"
    home.mkdir()
    url = f"sqlite+aiosqlite:///{home}/docent.sqlite3"
    await asyncio.to_thread(migrate, url)
    async with Playground.start(Options(rate_limits=True)) as playground:
        bot = BotProgram(playground, home, write_quiz_lesson(folder))
        people = [
            playground.actions.join(f"learner{number:03}")["user"]["id"] for number in range(size)
        ]
        made = Crowd(playground, bot, playground.person("instructor"), url, people)
        playground.events.listen(made.hear)
        try:
            await bot.start()
            yield made
        finally:
            await bot.kill()


def letters_of(question: Json, *options: str) -> tuple[str, ...]:
    """The letters under which these options stand in this quiz."""
    return tuple(sorted(button_for(question, option) for option in options))
