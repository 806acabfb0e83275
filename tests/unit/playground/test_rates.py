"""Rate limits, with a clock of the test's own."""

from playground.rates import POST_MESSAGE, TYPING, RateLimits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    """Five messages pass, the sixth waits for the end of the window, then it passes."""
    clock = Clock()
    rates = RateLimits(clock=clock)
    left = [rates.admit(POST_MESSAGE, "a").headers["X-RateLimit-Remaining"] for _ in range(5)]
    clock.now += 2

    refused = rates.admit(POST_MESSAGE, "a")

    assert left == ["4", "3", "2", "1", "0"]
    assert refused.refusal == {
        "message": "You are being rate limited.",
        "retry_after": 3.0,
        "global": False,
    }
    assert refused.headers["Retry-After"] == "4"
    assert refused.headers["X-RateLimit-Scope"] == "user"
    clock.now += 3
    assert rates.admit(POST_MESSAGE, "a").refusal is None


def test_each_channel_and_each_kind_counts_by_itself() -> None:
    """A full bucket closes neither another channel nor another route."""
    rates = RateLimits(clock=Clock())
    for _ in range(6):
        full = rates.admit(POST_MESSAGE, "a")

    assert full.refusal is not None
    assert rates.admit(POST_MESSAGE, "b").refusal is None
    assert rates.admit(TYPING, "a").refusal is None


def test_fifty_a_second_in_all() -> None:
    """The global limit holds over all buckets, and says that it is global."""
    rates = RateLimits(clock=Clock())
    refusals = [rates.admit(POST_MESSAGE, str(n)).refusal for n in range(51)]

    assert refusals[:50] == [None] * 50
    assert refusals[50] is not None
    assert refusals[50]["global"] is True


def test_answers_to_interactions_have_no_limit() -> None:
    """A route without a bucket always passes."""
    rates = RateLimits(clock=Clock())

    assert all(rates.admit(None, "x").refusal is None for _ in range(100))
