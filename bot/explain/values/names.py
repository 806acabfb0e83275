"""Names and labels of things, and settings that are a name and a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.explain.said import Said, said
from bot.explain.values.reading import NAME, Read, Reader

_IMAGE = re.compile(
    r"(?:(?P<registry>[\w.-]+(?:\.[\w.-]+|:\d+)|localhost)/)?"
    r"(?P<name>[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>\w+:[0-9a-f]+))?",
    re.ASCII,
)


def name(value: str) -> Read:
    """`--name web`: a name that docker keeps."""
    if not NAME.fullmatch(value):
        return [], [said("wrong.name", name=value)]
    return [said("value.name", name=value)], []


def image(value: str) -> Read:
    """`nginx:1.25`: the name of an image."""
    if re.fullmatch(r"(?:sha256:)?[0-9a-f]{12,64}", value):
        return [said("value.image.id", id=value)], []
    found = _IMAGE.fullmatch(value)
    if not found:
        return [], [said("wrong.image", name=value)]
    path = found["name"]
    if path != path.lower():
        return [], [said("wrong.image_capitals", name=value, lower=value.lower())]
    means = [_image_said(path, found["tag"], found["digest"])]
    if found["registry"]:
        means.append(said("value.image.registry", registry=found["registry"]))
    return means, []


def _image_said(path: str, tag: str | None, digest: str | None) -> Said:
    if digest:
        return said("value.image.digest", name=path, digest=digest)
    if tag:
        return said("value.image.tag", name=path, tag=tag)
    return said("value.image.latest", name=path)


def container(value: str) -> Read:
    """The name of another container."""
    return [said("value.container", name=value.partition(":")[0])], []


def service(value: str) -> Read:
    """The name of a compose service."""
    return [said("value.service", name=value)], []


def stage(value: str) -> Read:
    """`--target build`."""
    return [said("value.stage", name=value)], []


def kind_of_object(value: str) -> Read:
    """`--type image`."""
    return [said("value.type", value=value)], []


def env(value: str) -> Read:
    """`-e NAME=value`."""
    name, equals, content = value.partition("=")
    if not name.strip():
        return [], [said("wrong.env", value=value)]
    if not equals:
        return [said("value.env.from_shell", name=name)], []
    if not content:
        return [said("value.env.empty", name=name)], []
    return [said("value.env", name=name, value=content)], []


def label(value: str) -> Read:
    """`--label team=web`."""
    name, _, content = value.partition("=")
    if not content:
        return [said("value.label.bare", name=name)], []
    return [said("value.label", name=name, value=content)], []


def key_value(value: str) -> Read:
    """`--opt name=value`."""
    name, equals, content = value.partition("=")
    if not equals:
        return [said("value.text", value=value)], []
    return [said("value.key_value", name=name, value=content)], []


def build_arg(value: str) -> Read:
    """`--build-arg VERSION=2`."""
    name, equals, content = value.partition("=")
    if not equals:
        return [said("value.env.from_shell", name=name)], []
    return [said("value.build_arg", name=name, value=content)], []


def keys(value: str) -> Read:
    """`type=local,dest=out`: several settings in one."""
    return [said("value.keys", value=value)], []


def text(value: str) -> Read:
    """Whatever else."""
    return [said("value.text", value=value)], []


READERS: Final[Mapping[str, Reader]] = {
    "env": env, "label": label, "key_value": key_value, "build_arg": build_arg, "name": name,
    "image": image, "container": container, "object": kind_of_object, "service": service,
    "stage": stage, "keys": keys, "text": text,
}  # fmt: skip
