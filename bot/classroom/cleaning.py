"""Taking away from a learner's engine what has names of ours, and nothing else."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"[a-z]{2,12}-")


def cleaning_script(prefix: str) -> str:
    """A script that removes containers, networks, volumes and images whose names begin so.

    It can run again, prints nothing and succeeds where there is nothing.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"no prefix of ours: {prefix!r}")
    # Filters of Docker look for a piece of a name; grep makes sure that it is the beginning.
    return f"""
each() {{ grep "^{prefix}" | while read -r name; do "$@" "$name" >/dev/null 2>&1; done; }}
docker ps -a --format '{{{{.Names}}}}' | each docker rm -f -v
docker network ls --format '{{{{.Name}}}}' | each docker network rm
docker volume ls --format '{{{{.Name}}}}' | each docker volume rm
docker image ls --format '{{{{.Repository}}}}:{{{{.Tag}}}}' | each docker image rm
cd "$HOME" && rm -rf ./{prefix}*
true
""".strip()
