"""What the service counts, in the form that Prometheus reads.

No label ever holds anything of a learner's: numbers about people belong into the audit log, where
an operator decides whether there are any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from sandbox.engine import KEEPER_ENDED, LEARNERS_SIDE_ENDED, START_FAILED

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OPENING_BUCKETS_S = (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 20, 30)
COMMAND_BUCKETS_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
SESSION_BUCKETS_S = (1, 5, 15, 60, 300, 900, 1800, 3600, 7200)
PLACE_BUCKETS_S = (0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800)
_KILLED = 128


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is looked up when somebody asks, rather than counted; None: it can't be known here."""

    running: int
    frozen: int
    starting: int
    warm: int
    """Started ahead, for nobody yet."""
    outdated: int
    """Those of all that run an older engine image."""
    stopped: int
    capacity: int
    waiting: int
    """Learners who wait for a place."""
    seats_kept: int
    seats_taken: int
    disks_bytes: int
    home_free_bytes: int
    home_size_bytes: int
    memory_bytes: int | None
    able: dict[str, bool] = field(default_factory=dict)
    """Part of `HealthProblem` → whether it is well."""


class Metrics:
    """The service's numbers. Each call notes one thing that happened."""

    def __init__(self) -> None:
        # When a series began: one more for each of ours, and nobody looks at it.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._now = _Now()
        self._registry.register(self._now)
        ProcessCollector(registry=self._registry)  # memory, processor time and files of ours
        self._opening = self._histogram(
            "docent_sandbox_opening_seconds",
            "Time from the decision to start a sandbox until its engine answers",
            "disk",
            OPENING_BUCKETS_S,
        )
        self._ends = self._counter(
            "docent_sandbox_ends", "Sandboxes that ended though nobody asked for it", "cause"
        )
        self._reaped = self._counter(
            "docent_reaped", "What was left of sandboxes that are gone, and removed", "what"
        )
        self._commands = self._histogram(
            "docent_command_seconds",
            "Time that command lines ran, from start to end",
            "outcome",
            COMMAND_BUCKETS_S,
        )
        self._waits = self._histogram(
            "docent_command_wait_seconds",
            "Time from request to start of a command line: its turn, and opening the sandbox",
            None,
            OPENING_BUCKETS_S,
        )
        self._limits = self._counter(
            "docent_limits_hit", "Command lines and sessions that a limit ended or refused", "limit"
        )
        self._pulls = self._counter(
            "docent_images_pulled", "Images that learners pulled, as their engines tell", None
        )
        self._requests = self._histogram(
            "docent_request_seconds",
            "Time to answer requests; command lines are counted as such",
            ("request", "status"),
            REQUEST_BUCKETS_S,
        )
        self._places = self._histogram(
            "docent_place_wait_seconds",
            "Time that learners waited for a place; 0 when there was one",
            None,
            PLACE_BUCKETS_S,
        )
        self._sessions = self._histogram(
            "docent_session_seconds",
            "Time that sessions lasted, from start to end",
            "outcome",
            SESSION_BUCKETS_S,
        )
        self._live_sessions = self._gauge("docent_sessions_running", "Sessions that run")
        self._waiting = self._gauge("docent_commands_waiting", "Command lines that did not start")
        self._running = self._gauge("docent_commands_running", "Command lines that run")

    def sandbox_opened(self, *, fresh: bool, took_s: float) -> None:
        """A sandbox was started; `fresh`: with a new disk."""
        self._opening.labels("new" if fresh else "used").observe(took_s)

    def sandbox_ended(self, exit_code: int) -> None:
        """A sandbox ended by itself, or by somebody else's hand."""
        self._ends.labels(_cause(exit_code)).inc()

    def place_taken(self, *, waited_s: float) -> None:
        """A learner got a place, at once or after a wait."""
        self._places.observe(waited_s)

    def reaped(self, what: str, count: int) -> None:
        """So many things of a kind were left behind by somebody who died, and removed."""
        self._reaped.labels(what).inc(count)

    def command_waits(self) -> None:
        """A command line was asked for."""
        self._waiting.inc()

    def command_starts(self, waited_s: float) -> None:
        """A command line that waited runs now."""
        self._waiting.dec()
        self._running.inc()
        self._waits.observe(waited_s)

    def command_over(self, outcome: str, *, started: bool, ran_s: float) -> None:
        """A command line is over, whether or not it ever started."""
        (self._running if started else self._waiting).dec()
        self._commands.labels(outcome).observe(ran_s)

    def session_starts(self) -> None:
        """Somebody asked for a session."""
        self._live_sessions.inc()

    def session_over(self, outcome: str, *, ran_s: float) -> None:
        """A session is over, or could not start."""
        self._live_sessions.dec()
        self._sessions.labels(outcome).observe(ran_s)

    def limit_hit(self, limit: str) -> None:
        """A limit ended or refused a command line, or a session."""
        self._limits.labels(limit).inc()

    def images_pulled(self, count: int) -> None:
        """Learners pulled so many images, if their engines tell the truth."""
        self._pulls.inc(count)

    def request_answered(self, request: str, status: int, took_s: float) -> None:
        """A request was answered; `request` is one of a few names, never a path."""
        self._requests.labels(request, str(status)).observe(took_s)

    def exposed(self, now: Snapshot) -> bytes:
        """Everything as text, with what was looked up just now."""
        self._now.snapshot = now
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, label: str | None) -> Counter:
        return Counter(name, text, [label] if label else [], registry=self._registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self._registry)

    def _histogram(
        self, name: str, text: str, labels: str | tuple[str, ...] | None, buckets: tuple[float, ...]
    ) -> Histogram:
        names = [labels] if isinstance(labels, str) else labels or ()
        return Histogram(name, text, names, buckets=buckets, registry=self._registry)


class _Now(Collector):
    """Turns the latest snapshot into metrics."""

    def __init__(self) -> None:
        self.snapshot: Snapshot | None = None

    def collect(self) -> Iterator[Metric]:
        """Called by the registry."""
        if self.snapshot is not None:
            yield from _families(self.snapshot)


def _families(now: Snapshot) -> Iterator[Metric]:
    by_state = {
        "running": now.running,
        "frozen": now.frozen,
        "starting": now.starting,
        "warm": now.warm,
        "stopped": now.stopped,
    }
    yield _labelled("docent_sandboxes", "Sandboxes by state", "state", by_state)
    yield GaugeMetricFamily(
        "docent_sandbox_capacity", "Sandboxes that may run at once", now.capacity
    )
    yield GaugeMetricFamily(
        "docent_sandboxes_outdated", "Sandboxes that run an older engine image", now.outdated
    )
    yield GaugeMetricFamily("docent_learners_waiting", "Learners who wait for a place", now.waiting)
    seats = {"kept": now.seats_kept, "taken": now.seats_taken}
    yield _labelled("docent_seats", "Places that classes keep, and have taken", "state", seats)
    yield GaugeMetricFamily(
        "docent_disks_bytes", "What learners' disks take of the file system", now.disks_bytes
    )
    yield GaugeMetricFamily(
        "docent_home_free_bytes", "Free on the home's file system", now.home_free_bytes
    )
    yield GaugeMetricFamily(
        "docent_home_size_bytes", "Size of the home's file system", now.home_size_bytes
    )
    if now.memory_bytes is not None:
        yield GaugeMetricFamily(
            "docent_sandboxes_memory_bytes",
            "Memory of all sandboxes of this machine together",
            now.memory_bytes,
        )
    well = {part: int(is_well) for part, is_well in now.able.items()}
    yield _labelled("docent_able", "1 when this part would serve one more learner", "part", well)


def _labelled(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _cause(exit_code: int) -> str:
    """A handful of words for exit statuses; sandbox/image/README.md has all of them."""
    if exit_code == LEARNERS_SIDE_ENDED:
        return "learners_side"
    if exit_code == KEEPER_ENDED:
        return "keeper"
    if exit_code in START_FAILED:
        return "start_failed"
    return "killed" if exit_code > _KILLED else "other"
