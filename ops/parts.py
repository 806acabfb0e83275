"""The processes of Docent on one machine: how each is started and seen to be ready."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ops import ROOT
from ops.children import Part
from ops.plan import Plan, machine_memory_mib, sandbox_limits
from ops.probe import status_of
from sandbox.home import Home

PYTHON = sys.executable
SECRETS = ("DISCORD_TOKEN", "DOCENT_DATABASE_URL")
"""Variables that only the bot gets."""


def sandbox_environment(plan: Plan) -> dict[str, str]:
    """Environment of everything that runs `python -m sandbox`."""
    return _environment(
        {"DOCENT_SANDBOX_HOME": str(plan.home), **sandbox_limits(machine_memory_mib())}
    )


def sandbox_service(plan: Plan) -> Part:
    """The sandbox service, on a unix socket in the home folder."""
    places = Home(plan.home)
    token = places.token.read_text(encoding="ascii").strip()

    async def answers() -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        return await status_of(places.socket, "/health/live", headers) == 200  # noqa: PLR2004 - HTTP's OK

    return Part(
        name="sandbox service",
        command=_python("-m", "sandbox"),
        environment=sandbox_environment(plan),
        directory=ROOT,
        log=plan.home / "log" / "sandbox.log",
        is_ready=answers,
        ready_limit_s=30,
        stop_limit_s=4,
    )


def playground(plan: Plan, token: str) -> Part:
    """The stand-in for Discord with its page."""

    async def answers() -> bool:
        return await status_of(("127.0.0.1", plan.port), "/") == 200  # noqa: PLR2004 - HTTP's OK

    arguments = ["--port", str(plan.port), "--host", "127.0.0.1"]
    return Part(
        name="playground",
        command=_python("-m", "playground", *arguments, "--state", str(plan.home / "playground")),
        environment=_environment({"DOCENT_PLAYGROUND_TOKEN": token}),
        directory=ROOT,
        log=plan.home / "log" / "playground.log",
        is_ready=answers,
        ready_limit_s=20,
        stop_limit_s=3,
    )


def bot(plan: Plan, token: str) -> Part:
    """The bot; on Discord, or at the playground when the plan has no token of Discord's."""
    ready_file = plan.home / "run" / "bot.ready"

    async def is_connected() -> bool:
        return ready_file.exists()

    settings = {
        "DISCORD_TOKEN": token,
        "DOCENT_HOME": str(plan.home),
        "DOCENT_DISCORD_URL": "" if plan.discord_token else plan.page,
        "DOCENT_SANDBOX_URL": f"unix:{Home(plan.home).socket}" if plan.with_engine else "",
    }
    return Part(
        name="bot",
        command=_python("-m", "bot"),
        environment=_environment(settings, secrets=SECRETS),
        directory=ROOT,
        log=plan.home / "log" / "bot.log",
        is_ready=is_connected,
        ready_limit_s=60,
        stop_limit_s=12,  # commands under way end, answers are given, Discord is left
        marks=[ready_file],
    )


def database_environment(plan: Plan) -> dict[str, str]:
    """Environment of `python -m db`."""
    return _environment({"DOCENT_HOME": str(plan.home)}, secrets=("DOCENT_DATABASE_URL",))


def bot_name(home: Path) -> str:
    """The name under which the bot is connected, as it says itself."""
    try:
        name = (home / "run" / "bot.ready").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        name = ""
    return name if name and name != "ready" else "Docent"


def _python(*arguments: str) -> list[str]:
    return [PYTHON, *arguments]


def _environment(settings: Mapping[str, str], *, secrets: tuple[str, ...] = ()) -> dict[str, str]:
    """Our own environment without the secrets that the part has no use for, plus its settings."""
    hidden = set(SECRETS) - set(secrets)
    ours = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**ours, "PYTHONUNBUFFERED": "1", **settings}
