"""Kinds of check on images, networks, volumes and several containers at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lessons.checks import finding, number_in
from lessons.facts import EngineFacts, Image, Situation
from lessons.meant import made_from
from lessons.model import Finding
from lessons.references import same_image

_MEGABYTE = 1_000_000
"""As `docker images` counts."""


@dataclass(frozen=True, slots=True)
class _Present:
    """A thing of this name exists; subclasses say which things there are."""

    REQUIRED: ClassVar = frozenset({"name"})
    OPTIONAL: ClassVar = frozenset[str]()
    kind: ClassVar[str]
    what: ClassVar[str]
    after: ClassVar = None

    name: str

    @property
    def finding_keys(self) -> frozenset[str]:
        """There, missing, or there under a name nearly right."""
        return frozenset(f"{self.what}_{state}" for state in ("present", "missing", "other_name"))

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"])

    def _names(self, facts: EngineFacts) -> tuple[str, ...]:
        raise NotImplementedError

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding."""
        names = self._names(situation.facts)
        if self.name in names:
            return (finding(f"{self.what}_present", ok=True, name=self.name),)
        close = difflib.get_close_matches(self.name, names, n=1, cutoff=0.7)
        if close:
            return (finding(f"{self.what}_other_name", name=self.name, similar=close[0]),)
        return (finding(f"{self.what}_missing", name=self.name),)


class NetworkPresent(_Present):
    """A network of this name exists."""

    __slots__ = ()
    kind: ClassVar = "network_present"
    what: ClassVar = "network"

    def _names(self, facts: EngineFacts) -> tuple[str, ...]:
        return facts.networks


class VolumePresent(_Present):
    """A volume of this name exists."""

    __slots__ = ()
    kind: ClassVar = "volume_present"
    what: ClassVar = "volume"

    def _names(self, facts: EngineFacts) -> tuple[str, ...]:
        return facts.volumes


@dataclass(frozen=True, slots=True)
class _Gone:
    """A thing of this name was there, shown by the task `after`, and is there no longer."""

    REQUIRED: ClassVar = frozenset({"name", "after"})
    OPTIONAL: ClassVar = frozenset[str]()
    kind: ClassVar[str]
    what: ClassVar[str]

    name: str
    after: str

    @property
    def finding_keys(self) -> frozenset[str]:
        """Gone, still there, or never seen."""
        return frozenset(f"{self.what}_{state}" for state in ("gone", "never_seen", "still_there"))

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"], fields["after"])

    def _exists(self, facts: EngineFacts) -> bool:
        raise NotImplementedError

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding."""
        if self.after not in situation.done:
            return (finding(f"{self.what}_never_seen", name=self.name),)
        if self._exists(situation.facts):
            return (finding(f"{self.what}_still_there", name=self.name),)
        return (finding(f"{self.what}_gone", ok=True, name=self.name),)


class NetworkGone(_Gone):
    """A network was removed."""

    __slots__ = ()
    kind: ClassVar = "network_gone"
    what: ClassVar = "network"

    def _exists(self, facts: EngineFacts) -> bool:
        return self.name in facts.networks


class VolumeGone(_Gone):
    """A volume was removed."""

    __slots__ = ()
    kind: ClassVar = "volume_gone"
    what: ClassVar = "volume"

    def _exists(self, facts: EngineFacts) -> bool:
        return self.name in facts.volumes


class ImageGone(_Gone):
    """A name of an image was removed; the image may live on under another one."""

    __slots__ = ()
    kind: ClassVar = "image_gone"
    what: ClassVar = "image"

    def _exists(self, facts: EngineFacts) -> bool:
        return bool(_tagged(self.name, facts))


@dataclass(frozen=True, slots=True)
class ImagePresent:
    """An image of this name is on the learner's engine."""

    REQUIRED: ClassVar = frozenset({"name"})
    OPTIONAL: ClassVar = frozenset[str]()

    name: str
    kind: ClassVar = "image_present"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset({"image_present", "image_missing", "image_other_tag"})

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"])

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: there, missing, or there under another tag only."""
        tags = [tag for image in situation.facts.images for tag in image.tags]
        if any(same_image(self.name, tag) for tag in tags):
            return (finding("image_present", ok=True, image=self.name),)
        repository = self.name.rpartition(":")[0] or self.name
        other = next((tag for tag in tags if same_image(repository, tag)), None)
        if other is not None:
            return (finding("image_other_tag", image=self.name, actual=other),)
        return (finding("image_missing", image=self.name),)


@dataclass(frozen=True, slots=True)
class ImageSame:
    """Two names stand for one image."""

    REQUIRED: ClassVar = frozenset({"name", "as"})
    OPTIONAL: ClassVar = frozenset[str]()

    name: str
    other: str
    kind: ClassVar = "image_same"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset({"image_same", "image_differs", "image_same_missing"})

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"], fields["as"])

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding; the first name that is missing goes before a difference."""
        ids: list[set[str]] = []
        for name in (self.other, self.name):
            images = _tagged(name, situation.facts)
            if not images:
                return (
                    finding("image_same_missing", image=self.name, other=self.other, missing=name),
                )
            ids.append({image.id for image in images})
        same = bool(ids[0] & ids[1])
        key = "image_same" if same else "image_differs"
        return (finding(key, ok=same, image=self.name, other=self.other),)


@dataclass(frozen=True, slots=True)
class ImageSmaller:
    """An image takes less than so many megabytes, as `docker images` shows them."""

    REQUIRED: ClassVar = frozenset({"name", "megabytes"})
    OPTIONAL: ClassVar = frozenset[str]()

    name: str
    megabytes: int
    kind: ClassVar = "image_smaller"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset({"image_small", "image_large", "image_small_missing"})

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"], number_in(fields["megabytes"], "megabytes", 1, 100_000))

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding."""
        images = _tagged(self.name, situation.facts)
        if not images:
            missing = finding("image_small_missing", image=self.name, megabytes=self.megabytes)
            return (missing,)
        size = min(image.size_bytes for image in images)
        small = size < self.megabytes * _MEGABYTE
        key = "image_small" if small else "image_large"
        actual = round(size / _MEGABYTE)
        return (finding(key, ok=small, image=self.name, megabytes=self.megabytes, actual=actual),)


@dataclass(frozen=True, slots=True)
class ContainersFrom:
    """At least so many containers of one image run at once, whatever their names."""

    REQUIRED: ClassVar = frozenset({"image", "at_least"})
    OPTIONAL: ClassVar = frozenset[str]()

    image: str
    at_least: int
    kind: ClassVar = "containers_from"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset({"containers_enough", "containers_few"})

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["image"], number_in(fields["at_least"], "at_least", 1, 100))

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: how many run."""
        facts = situation.facts
        actual = sum(c.running and made_from(c, self.image, facts) for c in facts.containers)
        enough = actual >= self.at_least
        key = "containers_enough" if enough else "containers_few"
        return (finding(key, ok=enough, image=self.image, wanted=self.at_least, actual=actual),)


def _tagged(name: str, facts: EngineFacts) -> list[Image]:
    return [image for image in facts.images if any(same_image(name, tag) for tag in image.tags)]
