"""What Discord refuses when commands are registered."""

from typing import Any

import pytest

from playground.command_rules import check_commands
from playground.errors import ApiError
from playground.json_types import Json
from tests.unit.playground.guild import faults_of, make_guild

COMMAND: Json = {"name": "lesson", "description": "Opens a lesson"}
OPTION: Json = {"type": 3, "name": "which", "description": "Which one"}


def faults(*commands: Any) -> dict[str, str]:
    try:
        check_commands(list(commands))
    except ApiError as error:
        return faults_of(error.errors or {})
    return {}


def test_korean_names_and_translations_pass() -> None:
    """Names may be in any script, and be translated."""
    korean = {
        "name_localizations": {"ko": "강의"},
        "description_localizations": {"ko": "강의를 엽니다"},
    }

    assert faults(COMMAND | korean, {"name": "도커", "description": "도커 명령"}) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "Lesson"}, {"0.name": "STRING_TYPE_REGEX"}),
        ({"name": "two words"}, {"0.name": "STRING_TYPE_REGEX"}),
        ({"name": None}, {"0.name": "BASE_TYPE_REQUIRED"}),
        ({"name": "x" * 33}, {"0.name": "BASE_TYPE_MAX_LENGTH"}),
        ({"description": ""}, {"0.description": "BASE_TYPE_REQUIRED"}),
        ({"description": "x" * 101}, {"0.description": "BASE_TYPE_MAX_LENGTH"}),
        ({"type": 9}, {"0.type": "BASE_TYPE_CHOICES"}),
        (
            {"name_localizations": {"ko-KR": "강의"}},
            {"0.name_localizations": "DICT_TYPE_KEYS_CHOICES"},
        ),
        (
            {"name_localizations": {"ko": "두 낱말"}},
            {"0.name_localizations.ko": "STRING_TYPE_REGEX"},
        ),
        (
            {"options": [OPTION, OPTION]},
            {"0.options.1.name": "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED"},
        ),
        (
            {"options": [OPTION, OPTION | {"name": "b", "required": True}]},
            {"0.options.1": "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
        ),
        (
            {"options": [OPTION | {"name": f"o{n}"} for n in range(26)]},
            {"0.options": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            {"options": [OPTION | {"choices": [{"name": "x" * 101, "value": "x"}]}]},
            {"0.options.0.choices.0.name": "BASE_TYPE_MAX_LENGTH"},
        ),
        (
            {"options": [OPTION | {"choices": [{"name": "x", "value": "x"}] * 26}]},
            {"0.options.0.choices": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            {"options": [OPTION | {"type": 6, "autocomplete": True}]},
            {"0.options.0.autocomplete": "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
        ),
        (
            {"options": [{"type": 1, "name": "Sub", "description": "x"}]},
            {"0.options.0.name": "STRING_TYPE_REGEX"},
        ),
        ({"type": 3}, {"0.description": "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_SET"}),
        (
            {"default_member_permissions": "all"},
            {"0.default_member_permissions": "NUMBER_TYPE_COERCE"},
        ),
    ],
)
def test_what_discord_refuses_is_refused(change: Json, expected: dict[str, str]) -> None:
    """Each fault is named at its place with its code."""
    assert faults(COMMAND | change) == expected


def test_names_are_unique_within_a_kind() -> None:
    """A menu may be called like a command, but no two commands alike."""
    menu = {"type": 3, "name": "lesson"}

    assert faults(COMMAND, menu) == {}
    assert faults(COMMAND, COMMAND) == {"1.name": "APPLICATION_COMMANDS_DUPLICATE_NAME"}


def test_a_command_has_a_total_size() -> None:
    """All texts of a command together stay below 8000 characters."""
    choices = [{"name": "n" * 100, "value": str(n).rjust(100, "v")} for n in range(25)]
    options = [OPTION | {"name": f"o{n}", "choices": choices} for n in range(2)]

    assert faults(COMMAND | {"options": options}) == {"0": "APPLICATION_COMMAND_TOO_LARGE"}


def test_nothing_is_changed_by_a_refused_overwrite() -> None:
    """A bulk overwrite is all or nothing."""
    guild = make_guild()
    guild.commands.overwrite([COMMAND])

    with pytest.raises(ApiError):
        guild.commands.overwrite([COMMAND, COMMAND | {"name": "X"}])

    assert [c["name"] for c in guild.commands.all()] == ["lesson"]


def test_a_command_keeps_its_id() -> None:
    """Registering again keeps the ids that people's clients know; what is gone is gone."""
    guild = make_guild()
    first, _ = guild.commands.overwrite([COMMAND, COMMAND | {"name": "other"}])

    (again,) = guild.commands.overwrite([COMMAND | {"description": "New"}])

    assert again["id"] == first["id"]
    assert again["version"] != first["version"]
    assert len(guild.commands.all()) == 1


def test_commands_for_those_with_a_permission() -> None:
    """`default_member_permissions` decides what is in a person's list; "0" leaves admins."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    guild.commands.overwrite(
        [
            COMMAND,
            COMMAND | {"name": "manage", "default_member_permissions": "32"},
            COMMAND | {"name": "nobody", "default_member_permissions": 0},
        ]
    )

    assert [c["name"] for c in guild.commands.usable_by(newcomer)] == ["lesson"]
    assert len(guild.commands.usable_by(guild.world.owner_id)) == 3
