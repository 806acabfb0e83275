"""How busy an engine was: worked out from counters, while somebody looks."""

from __future__ import annotations

import pytest

from bot.classroom.load import GAP_S, KEPT_S, LEARNERS_KEPT, LoadBook
from bot.errors import LearnerError
from sandbox.contract import ContainerLoad, LimitsFact, LoadFact
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts

YUNA = 1001
WEB, DB = "a" * 64, "b" * 64
SECOND = 10**9


class Clock:
    """Seconds that go on when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def fact(
    at: float, cpu_s: float | None, *containers: tuple[str, float], memory: int = 100
) -> LoadFact:
    """A look at this time of the machine: seconds of processors used until then."""
    return LoadFact(
        at=at,
        cpu_ns=None if cpu_s is None else int(cpu_s * SECOND),
        memory_bytes=memory,
        containers=[
            ContainerLoad(id=name, cpu_ns=int(used_s * SECOND), memory_bytes=len(name))
            for name, used_s in containers
        ],
    )


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    """Yuna has a sandbox with two containers."""
    fake = FakeSandboxes()
    fake.known.add(str(YUNA))
    fake.running.add(str(YUNA))
    fake.set_facts(
        str(YUNA),
        make_facts(
            containers=[
                make_container("web", id=WEB, memory_bytes=64 * 2**20, nano_cpus=SECOND // 2),
                make_container("db", id=DB),
            ],
            limits=LimitsFact(memory_bytes=2**30, nano_cpus=2 * SECOND, pids=9, disk_bytes=9),
        ),
    )
    return fake


@pytest.fixture
def clock() -> Clock:
    """The bot's."""
    return Clock()


@pytest.fixture
def book(sandboxes: FakeSandboxes, clock: Clock) -> LoadBook:
    """Nobody has looked yet."""
    return LoadBook(sandboxes, clock=clock)


async def test_two_looks_tell_how_busy_it_was(book: LoadBook, sandboxes: FakeSandboxes) -> None:
    """One alone knows the memory only."""
    sandboxes.loads[str(YUNA)] = [fact(10, 5, (WEB, 1)), fact(12, 6, (WEB, 1.5), (DB, 3))]
    first, second = await book.look(YUNA), await book.look(YUNA)

    assert first.now.whole.cpus is None
    assert first.now.whole.memory_bytes == 100
    assert second.now.whole.cpus == pytest.approx(0.5)
    assert second.now.containers[WEB].cpus == pytest.approx(0.25)
    assert second.now.containers[DB].cpus is None  # it has just begun
    assert (second.limits.cpus, second.limits.memory_bytes) == (2, 2**30)
    assert [second.name_of(key) for key in (WEB, DB)] == ["web", "db"]
    assert [second.memory_limit(key) for key in (WEB, DB)] == [64 * 2**20, 2**30]


@pytest.mark.parametrize(
    "later",
    [
        fact(12, 4),  # the sandbox was started anew
        fact(10, 6),  # no time has passed
        fact(9, 6),
        fact(10 + GAP_S + 1, 6),  # nobody looked for long
        fact(12, None),
    ],
)
async def test_what_nobody_can_know_is_not_made_up(
    book: LoadBook, sandboxes: FakeSandboxes, later: LoadFact
) -> None:
    """No number is better than a wrong one."""
    sandboxes.loads[str(YUNA)] = [fact(10, 5), later]
    await book.look(YUNA)

    assert (await book.look(YUNA)).now.whole.cpus is None


async def test_only_the_last_minutes_are_kept(
    book: LoadBook, sandboxes: FakeSandboxes, clock: Clock
) -> None:
    """Of each learner; of many learners the last who looked."""
    sandboxes.loads[str(YUNA)] = [fact(10, 5)]
    for clock.now in (0, 10, KEPT_S, KEPT_S + 5):
        load = await book.look(YUNA)
    assert [point.at for point in load.points] == [10, KEPT_S, KEPT_S + 5]

    for other in range(LEARNERS_KEPT):
        sandboxes.known.add(str(other))
        await book.look(other)
        await sandboxes.close(str(other))
    assert len((await book.look(YUNA)).points) == 1


async def test_of_what_was_only_the_largest_are_kept(
    book: LoadBook, sandboxes: FakeSandboxes
) -> None:
    """A hundred containers of a hundred learners would fill the bot's memory."""
    many = [ContainerLoad(id=f"{n:064x}", cpu_ns=0, memory_bytes=n) for n in range(50)]
    sandboxes.loads[str(YUNA)] = [
        LoadFact(at=at, cpu_ns=0, memory_bytes=0, containers=many) for at in (1, 2)
    ]
    await book.look(YUNA)
    before, now = (await book.look(YUNA)).points

    assert len(now.containers) == 50
    assert sorted(use.memory_bytes for use in before.containers.values()) == list(range(42, 50))


async def test_what_nobody_looks_at_is_forgotten(
    book: LoadBook, sandboxes: FakeSandboxes, clock: Clock
) -> None:
    """When somebody else looks later."""
    await book.look(YUNA)
    clock.now = KEPT_S + 1
    sandboxes.known.add("5")
    await book.look(5)

    assert list(book._kept) == [5]


async def test_names_are_asked_for_when_somebody_is_new(
    book: LoadBook, sandboxes: FakeSandboxes
) -> None:
    """Once each: the engine has better things to do; one that is gone is called by its id."""
    asked = []
    facts = sandboxes.facts

    async def counting(learner: str, *, usage: bool = False) -> object:
        asked.append(learner)
        return await facts(learner, usage=usage)

    sandboxes.facts = counting  # type: ignore[method-assign, assignment]
    gone = "c" * 64
    sandboxes.loads[str(YUNA)] = [
        fact(1, 1, (WEB, 1)), fact(2, 1, (WEB, 1)), fact(3, 1, (WEB, 1), (gone, 1)),
        fact(4, 1, (WEB, 1), (gone, 1)),
    ]  # fmt: skip
    for _ in range(4):
        load = await book.look(YUNA)

    assert len(asked) == 2
    assert load.name_of(gone) == "c" * 12


async def test_nothing_is_started_to_find_out(book: LoadBook, sandboxes: FakeSandboxes) -> None:
    """Off is off; who never had one has none."""
    assert await book.is_on(YUNA)
    await sandboxes.close(str(YUNA))
    assert not await book.is_on(YUNA)
    assert not await book.is_on(77)
    with pytest.raises(LearnerError):
        await LoadBook(None, clock=Clock()).is_on(YUNA)
