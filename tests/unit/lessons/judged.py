"""Situations for tests of checks, and what was found in them."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.command_checks import Command
from lessons.facts import CommandDone, Container, EngineFacts, Image, Situation
from lessons.model import Check, Finding
from lessons.page_checks import PageSeen as PageCheck
from lessons.running_checks import ContainerGone, ContainerRunning
from tests.factories import make_facts

HELLO = ContainerRunning("hellonginx", image="nginx", publishes=(80, 80))
GONE = ContainerGone("hellonginx", after="run")
PAGE = PageCheck(80, container="hellonginx")


def on_engine(*containers: Container, images: Sequence[Image] = ()) -> Situation:
    return Situation(make_facts(*containers, images=images))


def after_lines(*lines: str, exit_code: int | None = 0) -> Situation:
    return Situation(EngineFacts(), tuple(CommandDone(line, exit_code) for line in lines))


def command(text: str) -> Command:
    return Command.from_fields({"is": text})


def keys(findings: Sequence[Finding]) -> list[str]:
    return [found.key for found in findings]


def only_missing(check: Check, situation: Situation) -> Finding:
    """The one finding that does not hold."""
    (missing,) = [found for found in check.judge(situation) if not found.ok]
    return missing
