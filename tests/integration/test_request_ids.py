"""One id leads from a message in chat through the bot's log to the service's and the audit log."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from sandbox.client import SandboxClient
from sandbox.http.app import make_app
from tests.bot_stage import BotStage, bot_stage, saying
from tests.unit.sandbox.serving import TOKEN, serving
from tests.unit.sandbox.stage import Stage


@pytest.fixture
def service(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "home")


@pytest.fixture
async def chat(tmp_path: Path, service: Stage) -> AsyncIterator[BotStage]:
    """The bot, on the real client and service over an engine that is none."""
    async with (
        serving(make_app(service.service, TOKEN), tmp_path / "s.sock") as url,
        SandboxClient.connect(url, TOKEN) as client,
        bot_stage(tmp_path, sandboxes=client) as stage,
    ):
        yield stage


@pytest.fixture
def events() -> Any:
    """All that is logged, with what is bound."""
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture.entries
    structlog.configure(processors=before)


def audit(service: Stage) -> list[dict[str, Any]]:
    return [json.loads(line) for line in service.home.audit.read_text().splitlines()]


def ids(events: list[dict[str, Any]], name: str) -> list[str | None]:
    """The ids of all events of this name."""
    return [event.get("request_id") for event in events if event["event"] == name]


async def test_a_command_in_chat_has_one_id_everywhere(
    events: list[dict[str, Any]], chat: BotStage, service: Stage
) -> None:
    """The number of the message: playground, bot, service and audit log agree on it."""
    newcomer = chat.playground.person("newcomer")
    dm = newcomer.dm_id()
    said = [newcomer.say("docker ps", dm)]
    await saying(newcomer, "종료 코드 0", dm)
    said.append(newcomer.say("docker images", dm))
    await saying(newcomer, "docker images", dm)
    await newcomer.until(lambda: len(audit(service)) == 2)

    expected = [f"m{message['id']}" for message in said]
    assert [record["request_id"] for record in audit(service)] == expected
    await newcomer.until(lambda: ids(events, "command_shown") == expected)
    assert ids(events, "message_sent") == ids(events, "command_ended") == expected
    assert ids(events, "sandbox_opened") == expected[:1]


async def test_a_slash_command_has_the_id_of_its_interaction(
    events: list[dict[str, Any]], chat: BotStage, service: Stage
) -> None:
    """And what it sets off in the sandbox service."""
    newcomer = chat.playground.person("newcomer")
    interaction = newcomer.slash("docker", command="ps")
    expected = [f"i{interaction.interaction_id}"]
    await newcomer.until(lambda: ids(events, "command_shown") == expected)

    assert [record["request_id"] for record in audit(service)] == expected
    assert ids(events, "interaction_sent") == expected
