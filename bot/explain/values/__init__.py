"""Values of options: what kind each is, what this one means, what is wrong with it.

The kind comes from the option's name, else from what the CLI's help says of it (kinds.py). A reader
takes the value as the program gets it and answers with what it means and what is wrong.

network.py  ports, networks, addresses    storage.py  volumes, mounts, folders
amounts.py  memory, times, numbers        lists.py    filters, formats
names.py    names, images, labels         running.py  users, signals, restarts
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.explain.values import amounts, lists, names, network, running, storage
from bot.explain.values.kinds import kind_of
from bot.explain.values.network import port_is_reversed
from bot.explain.values.reading import Reader

__all__ = ["READERS", "kind_of", "port_is_reversed"]

READERS: Final[Mapping[str, Reader]] = {
    **network.READERS,
    **storage.READERS,
    **amounts.READERS,
    **lists.READERS,
    **names.READERS,
    **running.READERS,
}
"""Every kind of value, and who reads it."""
