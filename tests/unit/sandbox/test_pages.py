"""What curl printed becomes a page."""

from __future__ import annotations

import shlex
import time

import pytest

from sandbox.contract import PageRequest
from sandbox.pages import BODY_BYTES, fetch_script, parse_page

NGINX = (
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<html><head><TITLE>\n Welcome &amp; hello </TITLE></head></html>"
)


def test_a_page_has_status_type_title_and_body() -> None:
    """The title as a person reads it."""
    page = parse_page(NGINX, 0)

    assert (page.status, page.reason) == (200, "OK")
    assert page.content_type == "text/html; charset=utf-8"
    assert page.title == "Welcome & hello"
    assert page.body.startswith("<html>")
    assert page.problem is None


@pytest.mark.parametrize(
    ("exit_code", "problem"),
    [(7, "refused"), (28, "timeout"), (52, "empty"), (1, "protocol"), (56, "protocol")],
)
def test_no_answer_says_why(exit_code: int, problem: str) -> None:
    """In words that the bot has sentences for."""
    page = parse_page(b"", exit_code)

    assert (page.status, page.problem) == (None, problem)


def test_announcements_are_skipped() -> None:
    """100 Continue is not the answer."""
    assert parse_page(b"HTTP/1.1 100 Continue\r\n\r\n" + NGINX, 0).status == 200


def test_an_answer_without_fields_or_body_is_one() -> None:
    """The shortest that HTTP allows."""
    page = parse_page(b"HTTP/1.0 204 No Content\r\n\r\n", 0)

    assert (page.status, page.body, page.title) == (204, "", None)


@pytest.mark.parametrize(
    "answer", [b"hello\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\xff" * 1000]
)
def test_what_is_no_http_is_said(answer: bytes) -> None:
    """Somebody listens on the port, but not a web server."""
    assert parse_page(answer, 0).problem == "protocol"


def test_a_big_page_is_cut() -> None:
    """And says so; None as exit code means that we had enough."""
    page = parse_page(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000, None)

    assert page.truncated
    assert len(page.body) == BODY_BYTES


def test_korean_pages_are_read_in_their_charset() -> None:
    """What has none, or an unknown one, is taken for UTF-8."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=%s\r\n\r\n"

    assert parse_page(head % b"euc-kr" + "안녕".encode("euc-kr"), 0).body == "안녕"
    assert parse_page(head % b"rot13" + "안녕".encode(), 0).body == "안녕"
    assert parse_page(b"HTTP/1.1 200 OK\r\n\r\n\xff", 0).body == "\ufffd"


def test_a_page_made_to_be_slow_is_read_quickly() -> None:
    """Many beginnings of a title and no end."""
    started = time.monotonic()
    page = parse_page(b"HTTP/1.1 200 OK\r\n\r\n" + b"<title" * 11_000, 0)

    assert page.title is None
    assert time.monotonic() - started < 0.2


@pytest.mark.parametrize("path", ["/", "/a'b", "/$(reboot)", "/`id`;ls&|", '/"x"', "/--data"])
def test_the_path_stays_one_word(path: str) -> None:
    """Whatever the shell would make of it."""
    words = shlex.split(fetch_script(PageRequest(port=80, path=path)))

    assert f"http://localhost:80{path}" in words
    assert words[words.index("--") + 1] == f"http://localhost:80{path}"


def test_headers_and_the_aim_of_a_redirect_are_told() -> None:
    """The first of them, cut; a page may send thousands."""
    many = b"".join(b"X-%d: %s\r\n" % (n, b"v" * 2000) for n in range(15))
    head = b"HTTP/1.1 302 Found\r\nlocation:  http://elsewhere/\xc3\xa9 \r\nno colon\r\n"
    page = parse_page(head + many + b"\r\n", 0)

    assert page.location == "http://elsewhere/\xc3\xa9"
    assert page.headers[0] == ("location", "http://elsewhere/\xc3\xa9")
    assert page.headers[1] == ("X-0", "v" * 1100)
    assert parse_page(NGINX, 0).location is None
    flood = b"".join(b"a:b\r\n" for _ in range(5000))
    assert len(parse_page(b"HTTP/1.1 200 OK\r\n" + flood + b"\r\n", 0).headers) == 24
