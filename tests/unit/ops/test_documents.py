"""Documents say what the program does: settings, commands, links, compose.yaml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from bot.settings import BotSettings
from playground.settings import PlaygroundSettings
from sandbox.apparmor import LOADED, LOADED_IN_CONTAINER
from sandbox.settings import SandboxSettings

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = (BotSettings, SandboxSettings, PlaygroundSettings)
OURS = re.compile(r"`((?:DOCENT|POSTGRES|DISCORD)_[A-Z_]+)`")
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def variables(settings: type[BaseSettings]) -> set[str]:
    """The environment variables that a settings class reads."""
    prefix = settings.model_config.get("env_prefix", "")
    names = set()
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        assert not isinstance(alias, AliasChoices)
        names.add(str(alias) if alias else f"{prefix}{name}".upper())
    return names


def documented() -> dict[str, str]:
    """Variable → its last row in docs/settings.md."""
    rows = {}
    for line in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `") and (found := OURS.search(line)):
            rows[found[1]] = line
    return rows


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.__name__)
def test_every_setting_is_documented(settings: type[BaseSettings]) -> None:
    """Whoever adds a setting adds its row."""
    assert variables(settings) - documented().keys() == set()


def test_every_documented_setting_exists() -> None:
    """A row for a setting that is gone would only mislead."""
    known = set().union(*(variables(settings) for settings in SETTINGS))
    elsewhere = {"DOCENT_SOURCE", "DOCENT_ENGINE_BROWSER", "DOCENT_PORT", "POSTGRES_PASSWORD"}
    assert documented().keys() - known - elsewhere == set()


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.__name__)
def test_bounds_in_the_table_are_those_of_the_program(settings: type[BaseSettings]) -> None:
    """Every lower and upper bound of a number stands in its row."""
    prefix = settings.model_config.get("env_prefix", "")
    rows = documented()
    for name, field in settings.model_fields.items():
        if field.annotation not in {int, float}:
            continue
        row = rows[f"{prefix}{name}".upper()]
        for limit in field.metadata:
            for bound in (getattr(limit, "ge", None), getattr(limit, "le", None)):
                assert bound is None or f"{bound:,}" in row, f"{name}: {bound}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """A renamed file takes its links with it."""
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), target


def anchors(document: Path) -> set[str]:
    """The names that headings get on the web page of a document."""
    text = re.sub(r"(?ms)^```.*?^```", "", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_headings_find_them(document: Path) -> None:
    """A renamed heading takes its links with it."""
    text = document.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", text):
        if not target.startswith("http"):
            assert anchor in anchors(document.parent / target if target else document), anchor


def test_the_example_of_env_names_only_settings_that_exist() -> None:
    """Each line of .env.example is one that something reads."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", text, re.MULTILINE))
    assert named - documented().keys() == set()
    assert "DISCORD_TOKEN" in named


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


def services() -> list[tuple[str, dict[str, Any]]]:
    return list(compose()["services"].items())


def test_only_the_sandbox_service_gets_the_socket() -> None:
    """The Docker socket is root on the host: one part has it, and that one has no network."""
    holders = [name for name, service in services() if "docker.sock" in str(service)]
    assert holders == ["sandbox"]
    assert compose()["services"]["sandbox"]["network_mode"] == "none"


def test_the_sandbox_service_sees_which_profiles_the_kernel_has() -> None:
    """Otherwise sandboxes would do without the profile that was loaded for them."""
    there, here = LOADED.parents[1], LOADED_IN_CONTAINER.parents[1]
    assert f"/{there}:/{here}:ro" in compose()["services"]["sandbox"]["volumes"]


@pytest.mark.parametrize(("name", "service"), services(), ids=[name for name, _ in services()])
def test_every_container_is_closed_and_bounded(name: str, service: dict[str, Any]) -> None:
    """Limits, no new privileges, no port for the world, and a health check where it runs on."""
    assert {"mem_limit", "pids_limit"} <= service.keys()
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert "healthcheck" in service or name == "migrate"
    if name != "postgres":  # its image starts as root and becomes its own user
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_settings_of_the_sandbox_service_reach_it_in_compose() -> None:
    """What docs/settings.md offers for `.env` works there, too; its own paths are compose's."""
    own = {"DOCENT_SANDBOX_DOCKER_URL", "DOCENT_SANDBOX_IMAGE", "DOCENT_SANDBOX_TOKEN_FILE"}
    handed_on = compose()["services"]["sandbox"]["environment"].keys()
    assert variables(SandboxSettings) - handed_on == own


def test_the_token_of_discord_reaches_the_bot_alone() -> None:
    """The playground gets it too, where it is a made-up word."""
    holders = {name for name, service in services() if "DISCORD_TOKEN" in str(service)}
    assert holders == {"bot", "playground"}


def test_the_script_explains_each_of_its_commands() -> None:
    """Usage, the list of commands and the parser name the same ones."""
    script = (ROOT / "docent").read_text(encoding="utf-8")
    explained = set(re.findall(r"^  \./docent (\w+)", script, re.MULTILINE))
    accepted = re.search(r"^  (up \|[\w |]+)\) ;;$", script, re.MULTILINE)
    assert accepted is not None
    assert explained == {word.strip() for word in accepted[1].split("|")}
