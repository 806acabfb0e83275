"""Live terminals in chat on a real engine: editors, shells, and what must not be left behind."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from playground.json_types import Json
from playground.person import Person
from sandbox.client import SandboxClient
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.docker_fixtures import run
from tests.integration.killing import kill

pytestmark = pytest.mark.docker

FEATURES = ("welcome", "terminal")
NUMBERS = count(1)


@pytest.fixture
async def stage(tmp_path: Path, client: SandboxClient) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=client, features=FEATURES, rate_limits=True) as stage:
        yield stage


@pytest.fixture
async def person(stage: BotStage, client: SandboxClient) -> AsyncIterator[Person]:
    """Somebody whose disk is empty."""
    person = stage.playground.person(f"newcomer-{next(NUMBERS)}")
    yield person
    await client.close(person.user_id)


async def shows(person: Person, pattern: str, *, within_s: float = 40.0) -> Json:
    """The bot's newest message once it says something like this."""

    def look() -> Json | None:
        said = person.replies(person.dm_id())[-1:]
        return next((m for m in said if re.search(pattern, plain(m), re.DOTALL)), None)

    try:
        return await person.until(look, within_s)
    except TimeoutError:
        heard = "\n---\n".join(all_text(m) for m in person.replies(person.dm_id()))
        raise AssertionError(f"nobody said {pattern!r}, but:\n{heard}") from None


def plain(message: Json) -> str:
    """What it says without colours: the cursor has some."""
    return re.sub(r"\x1b\[[0-9;]*m", "", all_text(message))


async def processes(client: SandboxClient, person: Person, what: str) -> int:
    """How many processes of the sandbox have this in their command line."""
    line = f"ps -eo args | grep -v grep | grep -c '{what}'"
    return int((await run(client, person.user_id, line)).text)


async def test_vi_edits_a_file_key_by_key(client: SandboxClient, person: Person) -> None:
    """Insert, a second line, back up, delete a letter, save: the file has what it should."""
    dm = person.dm_id()
    person.say("vi note", dm)
    live = await shows(person, "~\n~")
    person.say("i", dm)
    person.say("안녕 vi", dm)
    live = await shows(person, "안녕 vi")
    await person.click(live, "Enter")
    person.say("second linex", dm)
    live = await shows(person, "second linex")
    await person.click(live, "Esc")
    await asyncio.sleep(0.5)
    live = await shows(person, "second line")
    await person.click(live, "Space")  # to the next letter: there is none
    person.say("x", dm)
    live = await shows(person, "second line(?!x)")
    person.say(":wq", dm)
    await shows(person, "종료 코드 0")
    assert (await run(client, person.user_id, "cat note")).text == "안녕 vi\nsecond line\n"
    assert await processes(client, person, "^vi ") == 0


async def test_a_shell_in_a_container_and_one_beside_it(
    client: SandboxClient, person: Person
) -> None:
    """What is typed arrives, a command runs beside it, and its container may be removed."""
    dm = person.dm_id()
    person.say("docker run -it --name box busybox sh", dm)
    await shows(person, "/ # █")
    person.say("echo $((41 + 1))", dm)
    await shows(person, "42\n/ # █")
    person.say("vi", dm)  # the editor of the container
    live = await shows(person, "~\n~")
    await person.click(live, "Esc")
    person.say(":q!", dm)
    await shows(person, "/ # █")
    person.say("\\docker rm -f box", dm)
    await saying(person, "밖에서 멈추거나 지워져서", dm)
    await saying(person, "box\n", dm)
    assert await processes(client, person, "docker run") == 0


async def test_python_reads_lines_and_blocks(person: Person) -> None:
    """A block keeps its indentation, whatever the prompt makes of it."""
    dm = person.dm_id()
    person.say("docker run -it --rm python python3", dm)
    await shows(person, ">>> █", within_s=90)
    person.say("6 * 7", dm)
    await shows(person, "42\n>>> █")
    person.say("```\nfor n in range(3):\n    print('n', n)\n\n```", dm)
    await shows(person, "n 0\nn 1\nn 2\n>>> █")
    person.say("^D", dm)
    await shows(person, "종료 코드 0")


async def test_psql_talks_to_a_real_server(person: Person) -> None:
    """Its own commands begin with a backslash and are for it; it ends by one of them."""
    dm = person.dm_id()
    person.say("docker run -d --name db -e POSTGRES_PASSWORD=secret postgres", dm)
    await shows(person, "종료 코드 0", within_s=90)
    person.say("docker exec db sh -c 'until pg_isready -qh localhost; do sleep 0.2; done'", dm)
    await shows(person, "출력은 없어요.*종료 코드 0", within_s=90)
    person.say("docker exec -it db psql -U postgres", dm)
    await shows(person, "postgres=# █")
    person.say("create table cats (name text);", dm)
    await shows(person, "CREATE TABLE\npostgres=# █")
    person.say("insert into cats\nvalues ('나비'), ('O''Neill');", dm)
    await shows(person, "INSERT 0 2\npostgres=# █")
    person.say("select count(*), min(name) from cats;", dm)
    await shows(person, r"2 \| O'Neill.*postgres=# █")
    person.say(r"\dt", dm)
    await shows(person, r"public \| cats +\| table.*postgres=# █")
    person.say("select pg_sleep(600);", dm)
    await shows(person, r"pg_sleep\(600\);\n█")
    person.say("^C", dm)
    await shows(person, "canceling statement due to user request.*postgres=# █")
    person.say(r"\q", dm)
    await shows(person, "종료 코드 0")


async def test_redis_cli_talks_to_a_real_server(person: Person) -> None:
    """Line by line, with an answer to each; a button brings the last line back."""
    dm = person.dm_id()
    person.say("docker run -d --name cache redis", dm)
    await shows(person, "종료 코드 0", within_s=90)
    person.say("docker exec -it cache redis-cli", dm)
    await shows(person, "127.0.0.1:6379> █")
    person.say('set greeting "안녕 redis"', dm)
    await shows(person, "OK\n127.0.0.1:6379> █")
    person.say("incr visits", dm)
    live = await shows(person, r"\(integer\) 1\n127.0.0.1:6379> █")
    await person.click(live, "↑")
    live = await shows(person, "127.0.0.1:6379> incr visits█")
    await person.click(live, "Enter")
    await shows(person, r"\(integer\) 2\n127.0.0.1:6379> █")
    person.say("strlen greeting", dm)
    await shows(person, r"\(integer\) 12\n127.0.0.1:6379> █")
    person.say("quit", dm)
    await shows(person, "종료 코드 0")


async def test_top_and_watch_draw_again_and_again(person: Person) -> None:
    """And end when they are asked to."""
    dm = person.dm_id()
    person.say("top -d 1", dm)
    await shows(person, "load average")
    person.say("q", dm)
    await shows(person, "종료 코드 0")
    person.say("watch -n1 docker ps", dm)
    await shows(person, "CONTAINER ID")
    person.say("^C", dm)
    await shows(person, "종료 코드")


async def test_a_bot_that_is_restarted_leaves_no_process(
    stage: BotStage, client: SandboxClient, person: Person
) -> None:
    """Not when it is stopped; and when it was killed, the next one clears up and says so."""
    dm = person.dm_id()
    person.say("sh", dm)
    await shows(person, "# █")
    person.say("sleep 1301", dm)
    await shows(person, "sleep 1301")
    await stage.restart()
    await shows(person, "봇이 다시 시작되어")
    assert await processes(client, person, "sleep 1301") == 0
    assert await client.sessions(person.user_id) == []

    person.say("sh", dm)
    await shows(person, "# █")
    person.say("sleep 1302", dm)
    await shows(person, "sleep 1302")
    live = person.replies(dm)[-1]["components"]
    kept = stage.settings.kept_sessions.read_text()
    await kill(stage)
    assert await processes(client, person, "sleep 1302") == 1
    stage.settings.kept_sessions.write_text(kept)
    await stage.start()
    await shows(person, "봇이 다시 시작되어")
    assert await processes(client, person, "sleep 1302") == 0
    assert await client.sessions(person.user_id) == []
    assert person.replies(dm)[-1]["components"] != live


async def test_a_sandbox_that_is_reset_under_it_is_told(
    client: SandboxClient, person: Person
) -> None:
    """With the reason, and the next command works."""
    dm = person.dm_id()
    person.say("sh", dm)
    await shows(person, "# █")
    await client.reset(person.user_id)
    await shows(person, "초기화해서")
    person.say("docker ps", dm)
    await shows(person, "CONTAINER ID")
