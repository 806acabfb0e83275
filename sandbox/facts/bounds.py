"""How much of what an engine says becomes facts."""

from __future__ import annotations

API = "/v1.44"
"""Old enough for every engine since 25, and still spoken by the newest."""
TIMEOUT_S = 10.0
MOST_CONTAINERS = 100
MOST_IMAGES = 200
MOST_NETWORKS = 100
MOST_VOLUMES = 200
MOST_PROJECTS = 20
MOST_EVENTS = 100
MOST_OOM_KILLED = 50
"""Containers of which we know how often it happened."""
MOST_ENTRIES = 64
"""Of ports, labels, variables and the like, in one thing."""
MOST_LISTED = 500
"""Images, networks or volumes that are looked at, to have the first of them."""
MOST_SIZES = 5_000
"""Of what takes room: more don't fit into an answer, unless they are made up."""
LONGEST_TEXT = 500
MOST_BYTES = 4 * 1024 * 1024
"""Of what the engine says about all containers together."""
