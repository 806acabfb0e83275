"""The shape of what travels: Discord's API objects, kept as the JSON that every client sees.

The playground stores and hands out Discord's own objects, so a second set of classes for them
would only be a place for the two to differ. Our own state (sessions, interactions, buckets) is
typed with dataclasses as everywhere else.
"""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
JsonList: TypeAlias = list[Json]
