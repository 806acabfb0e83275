"""Judges a playground's traffic, where Discord's description is at hand."""

from functools import cache

from playground import Playground
from tests.openapi.description import PATH, Description
from tests.openapi.known_deviations import is_known


@cache
def _description() -> Description:
    return Description()


def judge(playground: Playground) -> None:
    """Fail with all findings about the traffic so far; say nothing without the description."""
    if not PATH.is_file():
        return
    findings = [
        finding
        for exchange in playground.exchanges
        for finding in _description().findings(exchange)
        if not is_known(finding)
    ]
    assert not findings, "\n".join(dict.fromkeys(findings))
