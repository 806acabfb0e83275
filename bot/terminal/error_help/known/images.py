"""Errors about images: their names, pulling and pushing, removing them."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "image_in_capitals",
        r"invalid reference format: repository name(?: \((?P<image>[^)\n]{1,200})\))? "
        r"must be lowercase",
        r'invalid tag "(?P<image>[^"\n]{1,200})": repository name must be lowercase',
        marks="must be lowercase",
    ),
    known(
        "bad_image_name",
        r'invalid tag "(?P<image>[^"\n]{1,200})": invalid reference format(?!: repository name)',
        r"invalid reference format(?!: repository name)",
        marks="invalid reference format",
    ),
    known(
        "pulls_first",
        r"Unable to find image '(?P<image>[^'\n]{1,200})' locally",
        marks="unable to find image",
        misspelt={"image": "image"},
        general=True,
    ),
    known(
        "image_not_found",
        r"pull access denied for (?P<image>[^\s,]{1,200}), repository does not exist",
        r"(?<!\S)(?P<image>[^\s]{1,200}): pull access denied, repository does not exist",
        marks="pull access denied",
        misspelt={"image": "image"},
    ),
    known(
        "tag_not_found",
        r"manifest for (?P<image>[^\s]{1,200}) not found",
        r'failed to resolve reference "(?P<image>[^"\n]{1,200})": (?:[^\s]{1,200}: )?not found',
        r"failed to resolve source metadata for (?P<image>[^\s]{1,200}): "
        r"(?:[^\s]{1,200}: )?not found",
        marks=("manifest for", "failed to resolve"),
    ),
    known(
        "not_in_mirror",
        r"failed to resolve source metadata for (?P<image>[^\s]{1,200}): "
        r"[^\n]{0,300}no such image in the mirror",
        r"no such image in the mirror",
        marks="no such image in the mirror",
    ),
    known(
        "no_image_for_cpu",
        r"no matching manifest for (?P<platform>[^\n]{1,60}?) in the manifest list",
        r"no match for platform in manifest",
        marks=("no matching manifest for", "no match for platform"),
    ),
    known(
        "image_of_other_cpu",
        r"image with reference (?P<image>[^\s]{1,200}) was found but "
        r"(?:its platform \((?P<has>[^)\n]{1,60})\)|does not )",
        marks="image with reference",
    ),
    known(
        "pull_limit",
        r"toomanyrequests:",
        r"reached your (?:unauthenticated )?pull rate limit",
        marks=("toomanyrequests", "pull rate limit"),
    ),
    known(
        "no_internet",
        r"lookup (?P<host>[\w.-]{1,200})[^\n]{0,80}: "
        r"(?:no such host|server misbehaving|i/o timeout|temporary failure)",
        marks="lookup ",
    ),
    known(
        "no_such_image",
        r"No such image: (?P<image>[^\s]{1,200})",
        marks="no such image: ",
        misspelt={"image": "image"},
    ),
    known(
        "push_without_tag",
        r"An image does not exist locally with the tag: (?P<image>[^\s]{1,200})",
        r"^tag does not exist: (?P<image>[^\s]{1,200})",
        marks=("does not exist locally with the tag", "tag does not exist"),
        misspelt={"image": "image"},
    ),
    known(
        "push_denied",
        r"^denied: requested access to the resource is denied",
        r"push access denied",
        marks=("requested access to the resource is denied", "push access denied"),
    ),
    known(
        "registry_without_tls",
        r"server gave HTTP response to HTTPS client",
        marks="http response to https client",
    ),
    known(
        "image_used",
        r'unable to remove repository reference "(?P<image>[^"\n]{1,200})" \(must force\) - '
        r"container (?P<container>[0-9a-f]{6,64}) is using",
        r"unable to delete (?P<image>[^\s]{1,200}) \(must be forced\) - "
        r"(?:image is being used by stopped container|container) (?P<container>[\w.-]{1,80})",
        marks=("(must force) - container", "(must be forced) - "),
    ),
    known(
        "image_runs",
        r"unable to (?:delete|remove) (?:repository reference )?\"?(?P<image>[^\s\"]{1,200})\"? "
        r"\(cannot be forced\) - (?:image is being used by running )?container "
        r"(?P<container>[\w.-]{1,80})",
        marks="(cannot be forced) - ",
    ),
    known(
        "image_has_more_names",
        r"unable to delete (?P<image>[^\s]{1,200}) \(must be forced\) - "
        r"image is referenced in (?:multiple repositories|one or more repositories)",
        marks="image is referenced in",
    ),
)
