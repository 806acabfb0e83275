"""The kind `page_seen`: the page of a published port, looked at or fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self
from urllib.parse import urlsplit

from lessons.checks import finding, number_in, port_in
from lessons.command_line import simple_commands
from lessons.facts import Container, Situation
from lessons.model import Finding

_OK_STATUS = 200


@dataclass(frozen=True, slots=True)
class PageSeen:
    """The learner looked at the page of a port that a running container publishes.

    Docent's own page look counts when it had this status; `curl` and `wget` to localhost count when
    they ended well.
    """

    REQUIRED: ClassVar = frozenset({"port"})
    OPTIONAL: ClassVar = frozenset({"status", "container"})

    port: int
    status: int = _OK_STATUS
    container: str | None = None
    """Only this container's port counts."""
    kind: ClassVar = "page_seen"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {
            *("page_seen", "page_not_seen", "page_no_answer", "page_other_status"),
            *("page_nothing_published", "page_other_container"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        status = number_in(fields.get("status", str(_OK_STATUS)), "status", 100, 599)
        return cls(port_in(fields["port"]), status, fields.get("container"))

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: seen, or what is in the way."""
        publishing = [c for c in situation.facts.containers if _publishes(c, self.port)]
        if not publishing:
            return (finding("page_nothing_published", port=self.port),)
        if self.container is not None and self.container not in {c.name for c in publishing}:
            return (
                finding(
                    "page_other_container",
                    port=self.port,
                    name=self.container,
                    actual=publishing[0].name,
                ),
            )
        return (self._judge_looks(situation),)

    def _judge_looks(self, situation: Situation) -> Finding:
        statuses = [page.status for page in situation.pages if page.port == self.port]
        if self.status in statuses or (self.status == _OK_STATUS and self._fetched(situation)):
            return finding("page_seen", ok=True, port=self.port, status=self.status)
        if not statuses:
            return finding("page_not_seen", port=self.port)
        if statuses[-1] is None:
            return finding("page_no_answer", port=self.port)
        return finding("page_other_status", port=self.port, status=self.status, actual=statuses[-1])

    def _fetched(self, situation: Situation) -> bool:
        return any(
            self.port in _fetched_ports(words)
            for done in situation.commands
            if done.exit_code == 0
            for words in simple_commands(done.line)
        )


def _publishes(container: Container, host_port: int) -> bool:
    return container.running and any(
        port.host_port == host_port and port.protocol == "tcp" for port in container.ports
    )


_LOCAL = {"localhost", "127.0.0.1", "0.0.0.0", "::1"}  # noqa: S104 - addresses to recognise


def _fetched_ports(words: tuple[str, ...]) -> set[int]:
    """The local ports that a curl or wget command asks over HTTP."""
    if words[0] not in {"curl", "wget"} or {"--help", "--version", "-V"} & set(words):
        return set()
    return {port for word in words[1:] if (port := _local_port(word)) is not None}


def _local_port(word: str) -> int | None:
    if word.startswith("-"):
        return None
    try:
        url = urlsplit(word if "://" in word else f"http://{word}")
        port = url.port
    except ValueError:
        return None
    if url.scheme != "http" or url.hostname not in _LOCAL:
        return None
    return 80 if port is None else port
