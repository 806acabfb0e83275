"""Discord's API description (OpenAPI 3.1) as a judge of REST exchanges and Gateway events.

The description is not part of this repository; tests that use it are skipped without it. It is a
snapshot that Discord calls a preview, so what is known to be wrong in it is listed, with reasons,
in `known_deviations.py`.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from playground.traffic import Exchange

PATH = Path(__file__).parents[3] / "shared" / "discord-openapi.json"
_ERRORS_FROM = 400
_SNOWFLAKE: Final = {
    # discord.py sends some ids as numbers, and Discord takes them.
    "type": ["string", "integer"],
    "pattern": "^(0|[1-9][0-9]*)$",
}
# The Gateway is not described, but most of its events carry an object that REST has too.
_EVENTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "MESSAGE_CREATE": (("", "MessageResponse"),),
    "MESSAGE_UPDATE": (("", "MessageResponse"),),
    "THREAD_CREATE": (("", "ThreadResponse"),),
    "THREAD_UPDATE": (("", "ThreadResponse"),),
    "GUILD_MEMBER_ADD": (("", "GuildMemberResponse"),),
    "GUILD_MEMBERS_CHUNK": (("members[]", "GuildMemberResponse"),),
    "READY": (("user", "UserPIIResponse"),),
    "GUILD_CREATE": (
        ("", "GuildResponse"),
        ("members[]", "GuildMemberResponse"),
        ("channels[]", "GuildChannelResponse"),
        ("threads[]", "ThreadResponse"),
        ("roles[]", "GuildRoleResponse"),
    ),
    "INTERACTION_CREATE": (
        ("message", "MessageResponse"),
        ("member", "GuildMemberResponse"),
        ("user", "UserResponse"),
        ("data.resolved.users{}", "UserResponse"),
        ("data.resolved.roles{}", "GuildRoleResponse"),
        ("data.resolved.messages{}", "MessageResponse"),
        ("data.resolved.attachments{}", "MessageAttachmentResponse"),
    ),
}


class Description:
    """The description, loaded once."""

    def __init__(self, path: Path = PATH) -> None:
        spec = json.loads(path.read_text())
        self._paths = _by_specificity(spec["paths"])
        self._schemas = set(spec["components"]["schemas"])
        self._spec = spec
        documents = {"urn:answers": _union(spec), "urn:requests": _lenient(_union(spec))}
        self._telling = {uri: _registry(uri, each) for uri, each in documents.items()}
        self._quick = jsonschema_rs.Registry(list(documents.items()))

    def findings(self, exchange: Exchange) -> list[str]:
        """Return one line per fault; an empty list when all is as described."""
        if exchange.method == "GATEWAY":
            return list(self._event(exchange))
        return list(self._rest(exchange))

    def _event(self, exchange: Exchange) -> Iterator[str]:
        for where, schema in _EVENTS.get(exchange.path, ()):
            if schema not in self._schemas:
                yield f"the description has no {schema}"
                continue
            pointer = f"#/components/schemas/{schema}"
            for thing in _at(exchange.response, where):
                for fault in self._check("urn:answers", pointer, thing):
                    yield f"{exchange.path} {where}{fault}"

    def _rest(self, exchange: Exchange) -> Iterator[str]:
        name = f"{exchange.method} {exchange.path}"
        found = self._operation(exchange)
        if found is None:
            yield f"{name}: not described"
            return
        pointer, operation = found
        if exchange.request is not None and exchange.status < _ERRORS_FROM:
            body = self._request_pointer(pointer, operation)
            if body is not None:
                for fault in self._check("urn:requests", body, exchange.request):
                    yield f"{name} request {fault}"
        yield from self._answer(name, pointer, operation, exchange)

    def _answer(
        self, name: str, pointer: str, operation: dict[str, Any], exchange: Exchange
    ) -> Iterator[str]:
        status = str(exchange.status)
        described = operation["responses"]
        key = status if status in described else f"{status[0]}XX"
        if key not in described:
            yield f"{name}: status {status} is not described"
            return
        answer, at = described[key], f"{pointer}/responses/{key}"
        if "$ref" in answer:
            at = answer["$ref"]
            answer = _resolve(self._spec, at)
        if "content" not in answer:
            if exchange.response is not None:
                yield f"{name} {status}: an answer without a body is described"
            return
        at += "/content/application~1json/schema"
        for fault in self._check("urn:answers", at, exchange.response):
            yield f"{name} {status} {fault}"

    def _operation(self, exchange: Exchange) -> tuple[str, dict[str, Any]] | None:
        for template, pattern, item in self._paths:
            method = exchange.method.lower()
            if pattern.fullmatch(exchange.path) and method in item:
                escaped = template.replace("~", "~0").replace("/", "~1")
                return f"#/paths/{escaped}/{method}", item[method]
        return None

    def _request_pointer(self, pointer: str, operation: dict[str, Any]) -> str | None:
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return None
        return f"{pointer}/requestBody/content/application~1json/schema"

    def _check(self, document: str, pointer: str, thing: object) -> list[str]:
        if self._is_valid(document, pointer).is_valid(thing):
            return []
        validator = self._validator(document, pointer)
        return [_described(error) for error in validator.iter_errors(thing)]

    @cache  # noqa: B019 -- one description lives as long as the tests
    def _is_valid(self, document: str, pointer: str) -> jsonschema_rs.Draft202012Validator:
        """Says yes or no a hundred times as fast as the other one says why."""
        schema = {"$ref": _quoted(document + pointer)}
        return jsonschema_rs.Draft202012Validator(schema, registry=self._quick)

    @cache  # noqa: B019 -- one description lives as long as the tests
    def _validator(self, document: str, pointer: str) -> Draft202012Validator:
        schema = {"$ref": _quoted(document + pointer)}
        return Draft202012Validator(schema, registry=self._telling[document])


def _quoted(reference: str) -> str:
    # Braces of path templates must be escaped in a URI's fragment.
    return reference.replace("{", "%7B").replace("}", "%7D")


def _by_specificity(
    paths: dict[str, Any],
) -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    def pattern(template: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{\w+\}", "[^/]+", template))

    ordered = sorted(paths.items(), key=lambda entry: entry[0].count("{"))
    return [(template, pattern(template), item) for template, item in ordered]


def _registry(uri: str, document: Any) -> Registry[Any]:
    resource = DRAFT202012.create_resource(document)
    registry: Registry[Any] = Registry().with_resource(uri, resource)
    return registry


def _union(node: Any) -> Any:
    """Return the description with each oneOf as anyOf; its authors mean the same by both."""
    if isinstance(node, dict):
        return {("anyOf" if key == "oneOf" else key): _union(value) for key, value in node.items()}
    return [_union(value) for value in node] if isinstance(node, list) else node


def _lenient(node: Any) -> Any:
    if isinstance(node, dict):
        if node.get("format") == "snowflake":
            return _SNOWFLAKE
        return {key: _lenient(value) for key, value in node.items()}
    return [_lenient(value) for value in node] if isinstance(node, list) else node


def _resolve(document: Any, pointer: str) -> Any:
    for step in pointer.removeprefix("#/").split("/"):
        document = document[step]
    return document


def _at(thing: Any, where: str) -> list[Any]:
    """Return what is at `a.b[]` (each of a list) or `a.b{}` (each value), if it is there."""
    found = [thing]
    for step in filter(None, where.split(".")):
        key = step.rstrip("[]{}")
        found = [f[key] for f in found if isinstance(f, dict) and f.get(key) is not None]
        if step.endswith("[]"):
            found = [inner for f in found for inner in f]
        elif step.endswith("{}"):
            found = [inner for f in found for inner in f.values()]
    return found


def _described(error: ValidationError) -> str:
    deepest = _deepest(error)
    return f"{deepest.json_path}: {deepest.message[:200]}"


def _deepest(error: ValidationError) -> ValidationError:
    """Return the complaint of the branch that was meant: the one whose `type` fits."""
    if not error.context:
        return error
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    meant = [b for b in branches.values() if not any(_is_about_kind(e) for e in b)]
    candidates = meant or list(branches.values())
    return _deepest(max((e for b in candidates for e in b), key=lambda e: len(e.absolute_path)))


def _is_about_kind(error: ValidationError) -> bool:
    about_type = bool(error.path) and error.path[-1] == "type"
    return about_type or (error.validator == "type" and not error.path)
