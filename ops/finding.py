"""One line of what `./docent doctor` reports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What something missing costs, and how to mend it."""

    costs: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about this machine or this home.

    `well` False: Docent can't work so. None: it works; with a remedy, less well than it could.
    """

    name: str
    value: str
    well: bool | None = None
    remedy: Remedy | None = None


def report(findings: Iterable[Finding]) -> int:
    """Print the findings as they come; exit status 0 only if nothing stands in the way."""
    in_the_way = 0
    for finding in findings:
        print(f"  {finding.name:<24} {_mark(finding):<3} {finding.value}")
        if finding.remedy is not None and finding.well is not True:
            print(f"  {'':<28} costs: {finding.remedy.costs}")
            print(f"  {'':<28} mend:  {finding.remedy.mend}")
        in_the_way += finding.well is False
    return 1 if in_the_way else 0


def _mark(finding: Finding) -> str:
    if finding.well is None:
        return "!" if finding.remedy is not None else ""
    return "ok" if finding.well else "NO"
