"""What Discord refuses in application commands."""

import re
from typing import Final

from playground.component_rules import Path
from playground.errors import FormErrors
from playground.interaction_rules import check_choice
from playground.json_types import Json, JsonList
from playground.shapes import COMMAND_SHAPE, hold

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, BOOLEAN, NUMBER = 1, 2, 3, 4, 5, 10
_NESTED: Final = (SUB_COMMAND, SUB_COMMAND_GROUP)
_OPTION_TYPES: Final = range(1, 12)
_MOST: Final = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
MAX_OPTIONS = 25
MAX_CHARACTERS = 8000
ALL_BITS: Final = (1 << 53) - 1
# Letters and digits of any script, as Discord's own expression has it; no capital letters.
_NAME: Final = re.compile(r"[-'\w]+")
# fmt: off
LOCALES: Final = frozenset((
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi",
    "th", "zh-CN", "ja", "zh-TW", "ko",
))
# fmt: on


def check_commands(commands: JsonList) -> JsonList:
    """Return the commands of a bulk overwrite, refusing what Discord would refuse."""
    hold(commands, [COMMAND_SHAPE])
    faults = FormErrors()
    for index, command in enumerate(commands):
        check_command(faults, (index,), command)
    faults.raise_if_any()
    _check_set(faults, commands)
    faults.raise_if_any()
    return commands


def _check_set(faults: FormErrors, commands: list[Json]) -> None:
    seen: dict[tuple[str, int], int] = {}
    for index, command in enumerate(commands):
        key = (command["name"], command.get("type") or CHAT_INPUT)
        if key in seen:
            message = "Application command names must be unique"
            faults.add((index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen[key] = index
    for kind, most in _MOST.items():
        if sum(1 for _, k in seen if k == kind) > most:
            message = f"Maximum number of application commands reached ({most})."
            faults.add((), "APPLICATION_COMMAND_TOO_MANY", message)


def check_command(faults: FormErrors, path: Path, command: Json) -> None:
    """Note the faults of one command that has the shape of one."""
    kind = command.get("type") or CHAT_INPUT
    if kind not in _MOST:
        faults.add((*path, "type"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4}.")
        return
    if kind == CHAT_INPUT:
        _check_named(faults, path, command)
        check_options(faults, (*path, "options"), command.get("options") or [])
        if _characters(command) > MAX_CHARACTERS:
            message = f"Command exceeds maximum size ({MAX_CHARACTERS})"
            faults.add(path, "APPLICATION_COMMAND_TOO_LARGE", message)
    else:
        _check_menu(faults, path, command)
    _check_permissions(faults, path, command)


def _check_menu(faults: FormErrors, path: Path, command: Json) -> None:
    name = command.get("name")
    if not isinstance(name, str):
        faults.required((*path, "name"))
    else:
        faults.length((*path, "name"), name, 1, 32)
    if command.get("description"):
        message = "Context menu commands cannot have a description"
        code = "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_SET"
        faults.add((*path, "description"), code, message)
    if command.get("options"):
        message = "Context menu commands cannot have options"
        code = "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_SET"
        faults.add((*path, "options"), code, message)


def _check_permissions(faults: FormErrors, path: Path, command: Json) -> None:
    if int(command.get("default_member_permissions") or 0) > ALL_BITS:
        message = "Permissions value is invalid."
        faults.add((*path, "default_member_permissions"), "PERMISSIONS_INVALID", message)


def _check_named(faults: FormErrors, path: Path, named: Json) -> None:
    """Check what commands and options have in common: name, description, translations."""
    _check_name(faults, (*path, "name"), named.get("name"))
    _check_description(faults, (*path, "description"), named.get("description"))
    for key, check in (
        ("name_localizations", _check_name),
        ("description_localizations", _check_description),
    ):
        for locale, text in (named.get(key) or {}).items():
            if locale not in LOCALES:
                message = f"Value must be one of {{{', '.join(sorted(LOCALES))}}}."
                faults.add((*path, key), "DICT_TYPE_KEYS_CHOICES", message)
            elif text is not None:
                check(faults, (*path, key, locale), text)


def _check_name(faults: FormErrors, path: Path, name: object) -> None:
    if not isinstance(name, str):
        faults.required(path)
        return
    faults.length(path, name, 1, 32)
    if not _NAME.fullmatch(name) or name != name.lower():
        message = "String value did not match validation regex."
        faults.add(path, "STRING_TYPE_REGEX", message)


def _check_description(faults: FormErrors, path: Path, description: object) -> None:
    if not isinstance(description, str) or not description:
        faults.required(path)
    else:
        faults.length(path, description, 1, 100)


def check_options(faults: FormErrors, path: Path, options: JsonList) -> None:
    """Note the faults of a command's (or sub-command's) options."""
    faults.count(path, len(options), 0, MAX_OPTIONS)
    names: set[object] = set()
    optional_seen = False
    for index, option in enumerate(options):
        here = (*path, index)
        _check_option(faults, here, option)
        if option.get("name") in names:
            message = "Option name must be unique"
            faults.add((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", message)
        names.add(option.get("name"))
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            faults.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")


def _check_option(faults: FormErrors, path: Path, option: Json) -> None:
    _check_named(faults, path, option)
    kind = option.get("type")
    if not isinstance(kind, int) or kind not in _OPTION_TYPES:
        message = "Value must be one of {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}."
        faults.add((*path, "type"), "BASE_TYPE_CHOICES", message)
        return
    if kind in _NESTED:
        check_options(faults, (*path, "options"), option.get("options") or [])
        return
    choices = option.get("choices") or []
    faults.count((*path, "choices"), len(choices), 0, 25)
    for index, choice in enumerate(choices):
        check_choice(faults, (*path, "choices", index), choice)
    if option.get("autocomplete"):
        _check_autocomplete(faults, path, kind, choices)


def _check_autocomplete(faults: FormErrors, path: Path, kind: int, choices: JsonList) -> None:
    if choices:
        message = "Options cannot have both choices and autocomplete"
        faults.add(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", message)
    if kind not in (STRING, INTEGER, NUMBER):
        message = "Autocomplete is not allowed for this option type"
        faults.add((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _characters(named: Json) -> int:
    """Count as Discord does: of each text, the longest translation."""
    total = sum(
        max(len(named.get(key) or ""), *(len(t) for t in translations.values() if t), 0)
        for key, translations in (
            ("name", named.get("name_localizations") or {}),
            ("description", named.get("description_localizations") or {}),
        )
    )
    choices = named.get("choices") or []
    total += sum(len(str(c.get("name"))) + len(str(c.get("value"))) for c in choices)
    return total + sum(_characters(option) for option in named.get("options") or [])
