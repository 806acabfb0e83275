"""Volumes, mounts, folders and files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.explain.said import Said, said
from bot.explain.values.reading import NAME, Read, Reader, choice_wrong
from bot.terminal.vocabulary import words

_HERE: Final = ("$(pwd)", "$PWD", "${PWD}", "`pwd`", "$(PWD)")
MOUNT_KEYS: Final = {
    "type": "type", "source": "source", "src": "source", "target": "target", "dst": "target",
    "destination": "target", "readonly": "readonly", "ro": "readonly",
}  # fmt: skip
MOUNT_TYPES: Final = ("bind", "volume", "tmpfs", "npipe", "image", "cluster")
_VOLUME_MODES: Final = words(
    "ro rw z Z nocopy consistent cached delegated shared slave private rshared rslave rprivate rro"
)


def volume(value: str) -> Read:
    """`-v data:/var/lib/data:ro`."""
    for here in _HERE:
        value = value.replace(here, "./", 1) if value.startswith(here) else value
    value = re.sub(r"^\./+", "./", value)
    if value.startswith("$"):
        return [said("value.open")], []
    pieces = value.split(":")
    if len(pieces) == 1:
        if not value.startswith("/"):
            return [], [said("wrong.volume_path", path=value)]
        return [said("value.volume.anonymous", path=value)], []
    source, path = pieces[0], pieces[1]
    modes = pieces[2].split(",") if len(pieces) > 2 else []  # noqa: PLR2004 - the third is the mode
    wrong = []
    if not path.startswith(("/", "$")):
        wrong.append(said("wrong.volume_path", path=path))
    wrong += [said("wrong.volume_mode", mode=m) for m in modes if m not in _VOLUME_MODES]
    is_folder = source.startswith(("/", ".", "~", "$"))
    if not is_folder and "/" in source:
        wrong.append(said("wrong.volume_name", name=source))
    elif not is_folder and not NAME.fullmatch(source):
        wrong.append(said("wrong.name", name=source))
    if wrong:
        return [], wrong
    if is_folder:
        means = [said("value.volume.bind", source=source, path=path)]
    else:
        means = [said("value.volume.named", name=source, path=path)]
    return [*means, *([said("value.volume.ro")] if "ro" in modes else [])], []


def mount(value: str) -> Read:
    """`--mount type=volume,source=data,target=/data`."""
    given: dict[str, str] = {}
    wrong: list[Said] = []
    for pair in value.split(","):
        key, equals, content = pair.partition("=")
        if not equals and MOUNT_KEYS.get(key) != "readonly":
            wrong.append(said("wrong.key_value", pair=pair))
        given[MOUNT_KEYS.get(key.strip(), key)] = content
    kind = given.get("type", "volume")
    if kind not in MOUNT_TYPES:
        wrong.append(choice_wrong(kind, MOUNT_TYPES))
    if not given.get("target"):
        wrong.append(said("wrong.mount_target"))
    elif not given["target"].startswith(("/", "$")):
        wrong.append(said("wrong.volume_path", path=given["target"]))
    if kind == "bind" and not given.get("source"):
        wrong.append(said("wrong.mount_source"))
    if wrong:
        return [], wrong
    source, path = given.get("source", ""), given["target"]
    if kind == "tmpfs":
        means = [said("value.tmpfs", path=path)]
    elif kind == "bind":
        means = [said("value.volume.bind", source=source, path=path)]
    elif source:
        means = [said("value.volume.named", name=source, path=path)]
    else:
        means = [said("value.volume.anonymous", path=path)]
    read_only = given.get("readonly", "false") in {"", "true", "1"}
    return [*means, *([said("value.volume.ro")] if read_only else [])], []


def tmpfs(value: str) -> Read:
    """`--tmpfs /run:size=64m`."""
    path, _, options = value.partition(":")
    if not path.startswith("/"):
        return [], [said("wrong.volume_path", path=path)]
    means = [said("value.tmpfs", path=path)]
    return ([*means, said("value.keys", value=options)] if options else means), []


def folder(value: str) -> Read:
    """`-w /app`: a folder in a container."""
    if not value.startswith(("/", "$")):
        return [said("value.folder", path=value)], [said("wrong.workdir", path=value)]
    return [said("value.folder", path=value)], []


def file(value: str) -> Read:
    """A file here, where the command runs; `-` is what comes in."""
    if value == "-":
        return [said("value.file.stdin")], []
    return [said("value.file", path=value)], []


def output(value: str) -> Read:
    """`-o file`: where the result goes."""
    if "=" in value:
        return [said("value.keys", value=value)], []
    return [said("value.output", path=value)], []


def device(value: str) -> Read:
    """`--device /dev/fuse`."""
    return [said("value.device", path=value.partition(":")[0])], []


READERS: Final[Mapping[str, Reader]] = {
    "volume": volume, "mount": mount, "folder": folder, "file": file, "output": output,
    "tmpfs": tmpfs, "device": device,
}  # fmt: skip
