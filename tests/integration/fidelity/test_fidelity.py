"""A program can't tell a learner's engine from an ordinary one, but where that is said."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from ops.testing import TOGETHER_VARIABLE
from tests.integration.fidelity import (  # noqa: F401 # they add their operations
    compose,
    containers,
    images,
    limits,
    networks,
    storage,
    streams,
    swarm,
    system,
)
from tests.integration.fidelity.by_design import DIFFERENCES, Difference
from tests.integration.fidelity.conftest import IMAGES, Pair
from tests.integration.fidelity.operation import OPERATIONS, Operation, satisfies
from tests.integration.fidelity.subject import Subject

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(120),
    # The SDK leaves the sockets of its streams to the garbage collector.
    pytest.mark.filterwarnings("ignore:.*<socket:pytest.PytestUnraisableExceptionWarning"),
]

Value = TypeVar("Value")

COMPARED = OPERATIONS[:: 2 if TOGETHER_VARIABLE in os.environ else 1]
"""When all tests run together, every second one: `./docent test tests/integration/fidelity`."""
MOST_MISSES = 0.001
"""By how much the sizes of images may differ: the learner's engine reckons them another way."""


@pytest.mark.parametrize("operation", COMPARED, ids=lambda operation: operation.name)
def test_same_as_a_plain_engine(pair: Pair, operation: Operation) -> None:
    """The same comes of it on both engines, and it is what should."""
    learners, plain = _on_both(pair, operation.act)
    assert satisfies(plain, operation.gives), plain
    assert learners == plain


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.name)
def test_differs_by_design(pair: Pair, difference: Difference) -> None:
    """Just as the list says, so that a difference which goes away leaves the list too."""
    learners, plain = _on_both(pair, difference.act)
    assert satisfies(plain, difference.plain), plain
    assert satisfies(learners, difference.learners), learners
    assert learners != plain


def test_sizes_of_images_are_nearly_the_same(pair: Pair) -> None:
    """The learner's engine counts files, a plain one may count what it unpacked."""
    for learners, plain in zip(*_on_both(pair, _sizes), strict=True):
        assert learners == pytest.approx(plain, rel=MOST_MISSES)


def _sizes(subject: Subject) -> list[int]:
    return [subject.docker.images.get(name).attrs["Size"] for name in IMAGES]


def _on_both(pair: Pair, act: Callable[[Subject], Value]) -> tuple[Value, Value]:
    """What comes of it on the learner's engine and on the plain one, at the same time."""
    with ThreadPoolExecutor() as both:
        learners, plain = both.map(lambda on: _try(on, act), (pair.learners, pair.plain))
    _collect_sockets()
    return learners, plain


def _collect_sockets() -> None:
    """Here, where their warnings are expected, and not in somebody else's test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def _try(subject: Subject, act: Callable[[Subject], Value]) -> Value:
    try:
        return act(subject)
    except BaseException as exc:
        exc.add_note(f"on the {subject.name} engine")
        raise
    finally:
        subject.sweep()
