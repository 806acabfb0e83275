"""How full a sandbox is, and the word before its end."""

from __future__ import annotations

import pytest

from bot.classroom.machines import End, Machine, Machines, Use
from bot.features.sandbox import _buttons
from bot.features.sandbox._card import end_card, sandbox_card
from bot.features.sandbox._use import use_lines
from bot.texts import Speech, Texts
from sandbox.contract import LimitsFact, SandboxTimers, SandboxView
from tests.fakes.sandboxes import FakeSandboxes, make_usage
from tests.unit.bot import test_cards
from tests.unit.bot.conftest import FakeClock
from tests.unit.bot.test_cards import OWNER, assert_fits

YUNA = 7
LIMITS = LimitsFact(memory_bytes=1_073_741_824, nano_cpus=1, pids=1024, disk_bytes=4 * 2**30)


@pytest.fixture(autouse=True)
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buttons of this card are answered, too."""
    both = (*test_cards.ANSWERED, *_buttons.BUTTONS)
    monkeypatch.setattr(test_cards, "ANSWERED", both)


async def test_what_is_left_and_what_takes_it(texts: Texts) -> None:
    """The biggest first; what is next to nothing is left out."""
    usage = make_usage(images_bytes=900_000_000, volumes_bytes=5_000_000, containers_bytes=10)
    use = Use(usage, LIMITS, memory_bytes=300_000_000, pids=40)
    disk, parts, memory, processes = use_lines(use, texts.for_language("en"))

    assert "4.2 GB of 4.3 GB left" in disk
    assert parts == "-# images 900 MB · volumes 5 MB"
    assert "774 MB of 1.1 GB left" in memory
    assert "40 of 1024" in processes


async def test_little_memory_names_what_takes_it(speech: Speech) -> None:
    """And what to do; many processes likewise. Names are an engine's, and harmless."""
    biggest = (("@everyone", 900_000_000), ("\u202e`db", 10))
    use = Use(None, LIMITS, memory_bytes=2**60, pids=1000, biggest=biggest)
    text = "\n".join(use_lines(use, speech))

    assert "`@everyone` 900 MB" in text
    assert "docker stop" in text
    assert "docker stats --no-stream" in text
    assert "\u202e" not in text


@pytest.mark.parametrize(("used", "advice"), [(0.79, False), (0.81, True), (1.2, True)])
async def test_a_disk_that_is_nearly_full_says_what_helps(
    speech: Speech, used: float, advice: bool
) -> None:
    """Before it is full, not after; whatever the engine counts."""
    size = 4 * 2**30
    usage = make_usage(disk_used_bytes=int(size * used), images_bytes=2**53)
    lines = use_lines(Use(usage, None), speech)

    assert ("docker system prune" in "\n".join(lines)) is advice


async def test_a_disk_without_a_size_is_no_division_by_zero(speech: Speech) -> None:
    """An engine is its learner's and may say anything."""
    assert use_lines(Use(make_usage(disk_size_bytes=0, disk_used_bytes=0), None), speech)


@pytest.mark.parametrize("state", ["running", "frozen", "stopped"])
async def test_the_card_fits(speech: Speech, state: str) -> None:
    """With everything on it."""
    timers = SandboxTimers(freeze_s=1, idle_stop_s=1, hard_stop_s=1, extendable_s=9999)
    view = SandboxView.model_validate({"learner": "7", "state": state, "timers": timers})
    biggest = tuple(("x" * 500, 2**53) for _ in range(3))
    use = Use(make_usage(disk_used_bytes=4 * 2**30), LIMITS, 2**53, 2**31, biggest)

    assert_fits(sandbox_card(Machine(view, None, use), speech, owner=OWNER, now=1.0))
    for because in ("idle", "hard_limit"):
        end = End(because, 600)
        assert_fits(end_card(end, speech, owner=OWNER, now=1.0))


async def test_only_one_that_runs_is_asked_how_full_it_is() -> None:
    """A look starts and thaws nothing."""
    sandboxes = FakeSandboxes()
    machines = Machines(sandboxes, clock=FakeClock())
    await sandboxes.open(str(YUNA))
    assert (await machines.look(YUNA)).use is not None
    sandboxes.timers = SandboxTimers(freeze_s=1)
    assert (await machines.look(YUNA)).use is None
    await sandboxes.close(str(YUNA))

    assert (await machines.look(YUNA)).use is None
    assert sandboxes.running == set()


async def test_the_next_end_is_the_nearer_one() -> None:
    """Idle or in any case; of one that is off there is none."""
    sandboxes = FakeSandboxes()
    machines = Machines(sandboxes, clock=FakeClock())
    assert await machines.end_of(YUNA) is None
    await sandboxes.open(str(YUNA))
    assert await machines.end_of(YUNA) == End("idle", 7200)
    sandboxes.timers = SandboxTimers(idle_stop_s=7200, hard_stop_s=60)
    assert await machines.end_of(YUNA) == End("hard_limit", 60)
    await sandboxes.close(str(YUNA))

    assert await machines.end_of(YUNA) is None
    assert await Machines(None, clock=FakeClock()).end_of(YUNA) is None
