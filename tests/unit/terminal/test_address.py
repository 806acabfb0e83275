"""Addresses of pages, and which redirects stay on the learner's machine."""

from __future__ import annotations

import pytest

from bot.errors import LearnerError
from bot.terminal.address import Address, aim_of, read_address


@pytest.mark.parametrize(
    ("port", "typed", "address"),
    [
        (80, "/", Address(80, "/")),
        (None, "", Address(None, "/")),
        (80, "a/b?c=1#d", Address(80, "/a/b?c=1")),
        (80, "한", Address(80, "/%ED%95%9C")),
        (80, "/a b", Address(80, "/a%20b")),
        (None, "http://localhost:8080/x", Address(8080, "/x")),
        (None, "localhost:8080", Address(8080, "/")),
        (None, "8080", Address(8080, "/")),
        (None, ":8080/x", Address(8080, "/x")),
        (80, "8080", Address(80, "/8080")),
        (81, "http://127.0.0.1:8080/x", Address(81, "/x")),
        (80, "//elsewhere/x", Address(80, "//elsewhere/x")),
        (80, "/\r\nHost: x", Address(80, "/%0D%0AHost:%20x")),
    ],
)
def test_what_people_type_becomes_a_page(port: int | None, typed: str, address: Address) -> None:
    """A whole address counts, too; nothing in it can leave the line."""
    assert read_address(port, typed) == address


@pytest.mark.parametrize("typed", ["http://example.com/", "https://localhost/", "ftp://localhost/"])
def test_other_hosts_are_refused(typed: str) -> None:
    """There is no way to them."""
    with pytest.raises(LearnerError, match=r"visit\.outside"):
        read_address(None, typed)


def test_a_path_has_a_limit() -> None:
    """As it is sent."""
    assert read_address(80, "/" + "x" * 999).path
    for typed in ("/" + "x" * 1000, "가" * 400):
        with pytest.raises(LearnerError, match=r"visit\.too_long"):
            read_address(80, typed)


@pytest.mark.parametrize(
    ("location", "aim"),
    [
        ("/login", Address(80, "/login")),
        ("b", Address(80, "/a/b")),
        ("http://localhost/x?y", Address(80, "/x?y")),
        ("http://localhost:8080/", Address(8080, "/")),
        ("http://[::1]/x", Address(80, "/x")),
        ("//example.com/", None),
        ("http://example.com/", None),
        ("https://localhost/", None),
        ("javascript:alert(1)", None),
        ("http://user@localhost/", None),
        ("http://localhost:99999/", None),
        ("http://[::1/", None),
        ("/" + "x" * 1100, None),
        ("http://localhost.example.com/", None),
    ],
)
def test_only_redirects_on_this_machine_have_an_aim(location: str, aim: Address | None) -> None:
    """Whatever a server writes there."""
    assert aim_of(location, Address(80, "/a/page")) == aim
