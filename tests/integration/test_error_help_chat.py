"""Errors explained in the chat: in the card of the command, and after a second look."""

from __future__ import annotations

from itertools import count

import pytest

from bot.classroom import troubles
from bot.classroom.commands import CommandEnded
from db import history
from playground.person import Person
from tests.bot_stage import BotStage, all_text, remembered, saying
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.integration.test_terminal_chat import answer_to, nothing_more
from tests.shared_stage import stage_for_module

FEATURES = ("welcome", "terminal", "second_look")
NUMBERS = count(1)
ID = "f" * 64
TAKEN = (
    "docker: Error response from daemon: driver failed programming external connectivity on "
    "endpoint second (7b0c): Bind for 0.0.0.0:80 failed: port is already allocated.\n"
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes(capacity=200)


stage = stage_for_module(*FEATURES)


@pytest.fixture
def newcomer(stage: BotStage) -> Person:
    """Somebody whom nobody has met before."""
    return stage.playground.person(f"erring-{next(NUMBERS)}")


async def test_an_error_is_explained_in_two_lines(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Why and what to do, with the name of the container that is in the way."""
    line = "docker run -d --name second -p 80:80 nginx"
    sandboxes.set_facts(newcomer.user_id, make_facts(containers=[make_container("first")]))
    sandboxes.answer(line, TAKEN, exit_code=125)
    text = all_text(await answer_to(newcomer, line, newcomer.dm_id()))
    assert "💡 `80`번 포트를 이미 `first` 컨테이너가 쓰고 있어요.\n👉 " in text
    assert "`docker stop first`" in text
    assert text.count("💡") == 1


async def test_other_parts_hear_which_error_it_was(
    stage: BotStage, sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """By its id, also the newest one of a learner; a success has none."""
    assert stage.bot is not None
    heard: list[CommandEnded] = []

    async def listen(ended: CommandEnded, _: object) -> None:
        if ended.learner_id == int(newcomer.user_id):
            heard.append(ended)

    stage.bot.add_listener(listen, "on_command_ended")
    sandboxes.answer("docker start gone", "No such container: gone\n", exit_code=1)
    dm = newcomer.dm_id()
    await answer_to(newcomer, "docker start gone", dm)
    await answer_to(newcomer, "docker ps", dm)
    await newcomer.until(lambda: heard[1:] or None, 5.0)
    stage.bot.remove_listener(listen, "on_command_ended")
    assert [ended.error for ended in heard] == ["no_such_container", None]
    newest = stage.bot.classroom.troubles.newest(int(newcomer.user_id))
    assert newest is not None
    assert newest.line == "docker start gone"
    await remembered(stage, newcomer, "docker ps")
    async with stage.database.transaction() as session:
        kept = await history.recent(session, int(newcomer.user_id), 2)
    assert [record.error for record in kept] == [None, "no_such_container"]


async def test_what_was_meant_is_offered(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """The nearest command, and the nearest name."""
    sandboxes.set_facts(newcomer.user_id, make_facts(containers=[make_container("web")]))
    sandboxes.answer("docker rnu", "docker: 'rnu' is not a docker command.\n", exit_code=1)
    sandboxes.answer(
        "docker stop wbe", "Error response from daemon: No such container: wbe\n", exit_code=1
    )
    dm = newcomer.dm_id()
    assert "혹시 이것이었나요? `run`" in all_text(await answer_to(newcomer, "docker rnu", dm))
    assert "혹시 이것이었나요? `web`" in all_text(await answer_to(newcomer, "docker stop wbe", dm))


async def test_a_success_has_no_explanation(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """Whatever it prints."""
    sandboxes.answer("docker logs web", TAKEN)
    assert "💡" not in all_text(await answer_to(newcomer, "docker logs web", newcomer.dm_id()))


async def test_who_turned_explanations_off_gets_none(
    stage: BotStage, sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """The output and the exit code stay."""
    assert stage.bot is not None
    settings = stage.bot.classroom.settings
    await settings.change(int(newcomer.user_id), language="ko", name="A", explanations="off")
    sandboxes.answer("docker start nobody", "No such container: nobody\n", exit_code=1)
    text = all_text(await answer_to(newcomer, "docker start nobody", newcomer.dm_id()))
    assert "No such container: nobody" in text
    assert "💡" not in text


async def test_hostile_names_stay_in_code(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """A program that prints an error for us to repeat."""
    sandboxes.answer("sh x.sh", "No such container: `@everyone`**loud**<@1>\n", exit_code=1)
    text = all_text(await answer_to(newcomer, "sh x.sh", newcomer.dm_id()))
    assert "💡 `'@everyone'**loud**<@1>` 컨테이너가 없어요." in text


async def test_a_container_that_ends_at_once_is_told(
    sandboxes: FakeSandboxes, newcomer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two seconds after `docker run -d`, with the last line of its log."""
    monkeypatch.setattr(troubles, "SECOND_LOOK_S", 0.05)
    dm = newcomer.dm_id()
    ended = make_container("web", status="exited", exit_code=3)
    sandboxes.answer(
        "docker run -d --name web nginx", f"{ID}\n", then=make_facts(containers=[ended])
    )
    sandboxes.answer(f"(\ndocker logs --tail 5 {ID} 2>&1 | tail -c 2000\n)", "no `config`\n")
    await answer_to(newcomer, "docker run -d --name web nginx", dm)
    told = all_text(await saying(newcomer, "시작하자마자 오류로 끝났어요", dm))
    assert "`web` 컨테이너가" in told
    assert "종료 코드 `3`" in told
    assert "마지막 로그: `no 'config'`" in told


async def test_all_that_ended_at_once_are_told_in_one_card(
    sandboxes: FakeSandboxes, newcomer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `docker compose up -d`; of very many the first, and how many more there are."""
    monkeypatch.setattr(troubles, "SECOND_LOOK_S", 0.05)
    dm = newcomer.dm_id()
    names = [f"shop-web-{number}" for number in range(1, 8)]
    ended = [
        make_container(name, id=f"{number:064x}", status="exited", exit_code=1)
        for number, name in enumerate(names)
    ]
    printed = "".join(f" Container {name}  Started\n" for name in names)
    sandboxes.answer("docker compose up -d", printed, then=make_facts(containers=ended))
    await answer_to(newcomer, "docker compose up -d", dm)
    told = all_text(await saying(newcomer, "시작하자마자 오류로 끝났어요", dm))
    assert told.count("💡") == 5
    assert "`shop-web-1` 컨테이너가" in told
    assert "이 밖에도 컨테이너 2개가" in told
    await nothing_more(newcomer, dm, 2)


async def test_a_container_that_runs_gets_no_word(
    sandboxes: FakeSandboxes, newcomer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual case."""
    monkeypatch.setattr(troubles, "SECOND_LOOK_S", 0.05)
    dm = newcomer.dm_id()
    sandboxes.answer(
        "docker run -d --name ok nginx", f"{ID}\n", then=make_facts(containers=[make_container()])
    )
    await answer_to(newcomer, "docker run -d --name ok nginx", dm)
    await nothing_more(newcomer, dm, 1)
