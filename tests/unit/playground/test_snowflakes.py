"""Ids."""

import time

from playground.identity import APP_ID, app_id_of, token_for
from playground.snowflakes import Snowflakes, is_snowflake, made_at, named


def test_ids_grow_and_carry_their_time() -> None:
    """Thousands in a row are different, in order, and made about now."""
    ids = Snowflakes()
    made = [int(ids.next()) for _ in range(5000)]

    assert made == sorted(set(made))
    assert abs(made_at(str(made[0])) - time.time()) < 5


def test_ids_go_on_after_those_of_a_saved_state() -> None:
    """Even when the machine's clock went back."""
    ids = Snowflakes()
    future = int(ids.next()) + (10**6 << 22)

    ids.start_after(future)

    assert int(ids.next()) > future


def test_a_name_has_one_id() -> None:
    """The same in every run, different for different names and kinds, and a valid id."""
    assert named("user", "newcomer") == named("user", "newcomer")
    assert named("user", "newcomer") != named("user", "other")
    assert named("user", "general") != named("channel", "general")
    assert is_snowflake(named("user", "새내기"))
    assert made_at(named("user", "새내기")) < time.time()


def test_a_token_contains_its_application() -> None:
    """Clients read the application's id out of the token; other tokens mean the usual bot."""
    assert app_id_of(token_for("123456789")) == "123456789"
    for token in ("", "secret", "a.b.c", "한국어.b.c", "MTIz"):
        assert app_id_of(token) in (APP_ID, "123")
