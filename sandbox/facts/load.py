"""How much processor time and memory a learner's engine and its containers take just now.

Their cgroups say it, in one look for all of them: to ask the engine takes it a second for each.
The learner is root where these files are, and may make them say anything; they fool themselves.
"""

from __future__ import annotations

import re
from typing import Final

from sandbox.contract import ContainerLoad, LoadFact
from sandbox.errors import EngineFailed
from sandbox.facts.bounds import MOST_CONTAINERS

LOAD_SAYS_BYTES: Final = 32_768
"""What the script may print: a hundred containers take a third of it."""
LARGEST: Final = 2**53
"""What a number on the wire may be."""

LOAD_SCRIPT: Final = r"""
root=${CGROUP_ROOT:-/sys/fs/cgroup}
# value KEY FILE, first FILE: set $found. No process of their own: there may be many containers.
value() {
  found=-
  [ -r "$2" ] || return 0
  while read -r key number _; do [ "$key" != "$1" ] || { found=$number; return 0; }; done <"$2"
}
first() { found=-; [ ! -r "$1" ] || read -r found <"$1" || found=-; }
say() { # CPU GROUP USED KEY STAT
  cpu=$1; first "$3"; used=$found; value "$4" "$5"
  echo "group $2 $cpu $used $found"
}
read -r up _ <"${UPTIME:-/proc/uptime}"
echo "up $up"
first "$root/pids.current"; [ "$found" != - ] || first "$root/pids/pids.current"
echo "pids $found"
if [ -e "$root/cgroup.controllers" ]; then
  for group in "$root" "$root"/docker/*/; do
    [ -d "$group" ] || continue
    value usage_usec "$group/cpu.stat"; [ "$found" = - ] || found=${found}000
    say "$found" "${group#"$root"}" "$group/memory.current" inactive_file "$group/memory.stat"
  done
else
  for group in "$root/memory" "$root/memory"/docker/*/; do
    [ -d "$group" ] || continue
    name=${group#"$root/memory"}
    first "$root/cpuacct$name/cpuacct.usage"
    say "$found" "$name" "$group/memory.usage_in_bytes" total_inactive_file "$group/memory.stat"
  done
fi 2>/dev/null
"""
_UP: Final = re.compile(r"up (\d{1,10})\.(\d{2})")
_PIDS: Final = re.compile(r"pids (\d{1,9})")
_GROUP: Final = re.compile(
    r"group (?:/docker/(?P<id>[0-9a-f]{64})/)? ?"
    r"(?P<cpu>\d{1,19}|-) (?P<memory>\d{1,19}) (?P<cache>\d{1,19}|-)"
)


def load_fact(said: bytes) -> LoadFact:
    """What `LOAD_SCRIPT` printed.

    Raises:
        EngineFailed: it makes no sense, which only happens to who changes those files.
    """
    lines = said.decode("ascii", errors="replace").splitlines()
    up = _UP.fullmatch(lines[0]) if lines else None
    groups = [match for line in lines[1:] if (match := _GROUP.fullmatch(line))]
    whole = next((match for match in groups if match["id"] is None), None)
    if up is None or whole is None:
        raise EngineFailed("the machine does not say how much it does")
    containers = [match for match in groups if match["id"] is not None]
    pids = next((match for line in lines if (match := _PIDS.fullmatch(line))), None)
    return LoadFact(
        at=int(up[1]) + int(up[2]) / 100,
        cpu_ns=_cpu_ns(whole),
        memory_bytes=_memory(whole),
        pids=None if pids is None else int(pids[1]),
        containers=[
            ContainerLoad(id=match["id"], cpu_ns=_cpu_ns(match), memory_bytes=_memory(match))
            for match in containers[:MOST_CONTAINERS]
        ],
    )


def _cpu_ns(match: re.Match[str]) -> int | None:
    """None where the kernel doesn't count it for us."""
    return None if match["cpu"] == "-" else min(LARGEST, int(match["cpu"]))


def _memory(match: re.Match[str]) -> int:
    """Without what the kernel can drop at once, as `docker stats` counts."""
    droppable = 0 if match["cache"] == "-" else int(match["cache"])
    return max(0, min(LARGEST, int(match["memory"]) - droppable))
