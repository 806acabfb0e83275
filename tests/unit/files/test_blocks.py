"""Code blocks that are files, told from commands and talk."""

from __future__ import annotations

import time

import pytest

from bot.files.blocks import NamedBlock, named_blocks

FROM = "FROM nginx\n"
YAML = "services:\n  web:\n    image: nginx\n"


@pytest.mark.parametrize(
    ("message", "name", "content"),
    [
        (f"```Dockerfile\n{FROM}```", "Dockerfile", FROM),
        (f"```dockerfile\n{FROM}```", "Dockerfile", FROM),
        (f"```\n# Dockerfile\n{FROM}```", "Dockerfile", FROM),
        (f"```dockerfile\n{FROM}\n\n```", "Dockerfile", FROM),
        ("이렇게요\n```\n#Dockerfile:\nFROM nginx```\n맞나요?", "Dockerfile", FROM),
        (f"```\nDockerfile\n{FROM}```", "Dockerfile", FROM),
        (f"```compose.yaml\n{YAML}```", "compose.yaml", YAML),
        (f"```yaml\n{YAML}```", "compose.yaml", YAML),
        (f"```yaml web/compose.yaml\n{YAML}```", "web/compose.yaml", YAML),
        ("```html\n<!-- index.html -->\n<h1>hi</h1>\n```", "index.html", "<h1>hi</h1>\n"),
        ("```js\n// app.js\nlet a;\n```", "app.js", "let a;\n"),
        ("```css\n/* a.css */\nb{}\n```", "a.css", "b{}\n"),
        ("```\n# run.sh\n#!/bin/sh\ndocker ps\n```", "run.sh", "#!/bin/sh\ndocker ps\n"),
        ("```sh run.sh\ndocker ps\n```", "run.sh", "docker ps\n"),
        ("```.env\nA=1\n```", ".env", "A=1\n"),
        ("```../x.sh\nid\n```", "../x.sh", "id\n"),
    ],
)
def test_a_block_with_a_name_is_a_file(message: str, name: str, content: str) -> None:
    """The line with the name is no part of it, and the last line has an end."""
    assert named_blocks(message) == [NamedBlock(name, content)]


@pytest.mark.parametrize(
    "message",
    [
        "docker ps",
        "```\ndocker ps\n```",
        "```sh\ndocker ps\n```",
        "```\n# list them\ndocker ps\n```",
        "```\n# containers\ndocker ps\n```",
        "```yaml\na: 1\n```",
        "```\n# nginx:1.27\ndocker pull nginx:1.27\n```",
        "```\n# Dockerfile\n```",
        "```\nhttp://localhost/index.html\nx\n```",
        "Dockerfile\nFROM nginx",
        "```Dockerfile FROM nginx```",
        "```",
    ],
)
def test_commands_and_talk_are_no_files(message: str) -> None:
    """Nothing is offered for them."""
    assert named_blocks(message) == []


def test_several_blocks_are_several_files() -> None:
    """Up to five, one button each."""
    message = "".join(f"```f{n}.txt\n{n}\n```\n" for n in range(8))
    assert [block.name for block in named_blocks(message)] == [f"f{n}.txt" for n in range(5)]


def test_a_message_made_to_be_slow_is_read_quickly() -> None:
    """Thousands of fences and blanks."""
    started = time.process_time()
    assert named_blocks("```" * 1300) == []
    assert named_blocks("```\n" + "#" + " " * 1900 + "a" + " " * 1900 + "b\nx```") == []
    assert named_blocks("```\n" * 900 + "x") is not None
    assert named_blocks("```\n" + " " * 3900 + "```") == []
    assert named_blocks("```a" * 900 + "\n") == []
    assert time.process_time() - started < 1
