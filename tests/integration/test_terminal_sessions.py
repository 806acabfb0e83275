"""Live terminals in chat: what is shown, typed and pressed, and every way in which they end."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db import history
from playground.faults import Kind
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import SessionLimits
from tests.bot_stage import BotStage, all_text, bot_stage, remembered, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.fakes.sessions import FakeTerminal
from tests.integration.killing import kill
from tests.openapi.judge import judge

FEATURES = ("welcome", "terminal")
EPHEMERAL = 64
SH = "docker run -it busybox sh"
VI_SCREEN = "\x1b[?1049h\x1b[?1h\x1b[2J\x1b[H\r\n~\r\n~"


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    sandboxes = FakeSandboxes()
    sandboxes.answer(SH, "/ # ", never_ends=True)
    sandboxes.answer("vi note", VI_SCREEN, never_ends=True)
    sandboxes.answer("docker stats", "CPU %\r\n0.1%\r\n", never_ends=True)
    return sandboxes


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(
        tmp_path, sandboxes=sandboxes, features=FEATURES, rate_limits=True
    ) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
def person(stage: BotStage) -> Person:
    return stage.playground.person("newcomer")


async def opens(person: Person, line: str, wanted: str = "⌨️") -> Json:
    """Type a line that opens a live terminal, and give its message."""
    person.say(line, person.dm_id())
    return await saying(person, wanted, person.dm_id())


async def terminal(sandboxes: FakeSandboxes, person: Person) -> FakeTerminal:
    """The one that the person has."""
    return await person.until(
        lambda: next(
            (t for (who, _), t in sandboxes.terminals.items() if who == person.user_id), None
        )
    )


async def typed(person: Person, at: FakeTerminal, wanted: str) -> None:
    """Wait until this was typed, no more and no less."""
    try:
        await person.until(lambda: at.typed == wanted or None, 20.0)
    except TimeoutError:
        raise AssertionError(f"typed: {at.typed!r}") from None


def buttons(message: Json) -> str:
    return json.dumps(message["components"], ensure_ascii=False)


async def test_what_is_written_in_the_lab_is_typed(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """With Enter; the screen shows what comes of it, and the end has the transcript."""
    live = await opens(person, SH)
    assert "/ # █" in all_text(live)
    at = await terminal(sandboxes, person)
    person.say("ls -la", person.dm_id())
    await typed(person, at, "ls -la\r")
    await saying(person, "ls -la", person.dm_id())
    person.say("exit", person.dm_id())
    final = await saying(person, "종료 코드 0", person.dm_id())
    assert "docent:key" not in buttons(final)
    assert len(person.replies(person.dm_id())) == 1
    (attachment,) = final["attachments"]
    assert stage.bot is not None
    transcript = (await stage.bot.http.get_from_cdn(attachment["url"])).decode()
    assert transcript.startswith(f"$ {SH}\n")
    assert "ls -la" in transcript
    async with stage.database.transaction() as session:
        (record,) = await history.recent(session, int(person.user_id), 10)
    assert (record.line, record.exit_code) == (SH, 0)


async def test_a_session_that_ends_at_once_is_one_plain_answer(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """As every command's: no keys, no file."""
    sandboxes.answer("docker exec -it web ls", "bin\r\netc\r\n", exit_code=0)
    person.say("docker exec -it web ls", person.dm_id())
    final = await saying(person, "종료 코드 0", person.dm_id())
    assert "bin\netc" in all_text(final)
    assert final["edited_timestamp"] is None
    assert not final["attachments"]
    assert "docent:key" not in buttons(final)


async def test_a_backslash_leads_back_to_the_chat(sandboxes: FakeSandboxes, person: Person) -> None:
    """A command runs beside the session, which gets nothing of it."""
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    await opens(person, SH)
    at = await terminal(sandboxes, person)
    person.say("\\docker ps", person.dm_id())
    await saying(person, "CONTAINER ID", person.dm_id())
    person.say("\\그냥 하는 말", person.dm_id())
    person.say("\\\\dt", person.dm_id())
    await typed(person, at, "\\dt\r")
    assert (person.user_id, "docker ps") in sandboxes.ran


async def test_vi_gets_letters_and_keys(sandboxes: FakeSandboxes, person: Person) -> None:
    """Without Enter, with Esc, and with its own lines."""
    live = await opens(person, "vi note")
    assert "Enter 없이" in all_text(live)
    at = await terminal(sandboxes, person)
    person.say("i안녕", person.dm_id())
    await typed(person, at, "i안녕")
    await person.click(live, "Esc")
    await typed(person, at, "i안녕\x1b")
    await person.click(live, "↓")
    await typed(person, at, "i안녕\x1b\x1bOB")
    person.say(":wq", person.dm_id())
    await typed(person, at, "i안녕\x1b\x1bOB\x1b:wq\r")
    at.say("\x1b[?1049l")
    at.finish(0)
    await saying(person, "종료 코드 0", person.dm_id())


async def test_buttons_answer_with_the_new_screen(sandboxes: FakeSandboxes, person: Person) -> None:
    """Each of them, and Ctrl+C ends the program here."""
    live = await opens(person, SH)
    at = await terminal(sandboxes, person)
    for label in ("Enter", "Tab", "Esc", "↑", "↓", "→", "←", "Space", "Ctrl+D"):
        await person.click(live, label)
    await typed(person, at, "\r\t\x1b\x1b[A\x1b[B\x1b[C\x1b[D \x04")
    await person.click(live, "📱 좁게")
    await person.until(lambda: at.sizes == [(80, 24), (40, 24)] or None)
    assert person.failures() == []
    await person.click(live, "Ctrl+C")
    await saying(person, "종료 코드 130", person.dm_id())


async def test_keys_can_be_written(sandboxes: FakeSandboxes, person: Person) -> None:
    """`^C` is one, whatever runs."""
    await opens(person, SH)
    person.say("^C", person.dm_id())
    await saying(person, "종료 코드 130", person.dm_id())


async def test_beside_a_line_that_follows_commands_still_run(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """It does not read what is written; keys are for it."""
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    await opens(person, "docker stats", "👀")
    at = await terminal(sandboxes, person)
    person.say("docker ps", person.dm_id())
    await saying(person, "CONTAINER ID", person.dm_id())
    assert at.typed == ""
    person.say("^C", person.dm_id())
    await saying(person, "종료 코드 130", person.dm_id())


async def test_a_screen_that_scrolled_away_comes_down(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """After some messages it is at the end of the chat again, and there is one of it."""
    live = await opens(person, SH)
    for number in range(4):
        person.say(f"echo {number}", person.dm_id())
    moved = await person.until(
        lambda: next((m for m in person.replies(person.dm_id()) if m["id"] != live["id"]), None)
    )
    await saying(person, "cho 3", person.dm_id())
    await person.until(lambda: len(person.replies(person.dm_id())) == 1 or None)
    await person.click(moved, "끝내기")
    await saying(person, "멈추었어요", person.dm_id())


async def test_detach_leaves_it_running_and_attach_comes_back(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """Meanwhile the chat is a chat."""
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    live = await opens(person, SH)
    at = await terminal(sandboxes, person)
    await person.click(live, "떼어 놓기")
    detached = await saying(person, "떼어 놓았어요", person.dm_id())
    assert at.attached is None
    person.say("docker ps", person.dm_id())
    await saying(person, "CONTAINER ID", person.dm_id())
    at.say("\r\nmeanwhile")
    await person.click(detached, "다시 붙이기")
    await saying(person, "meanwhile", person.dm_id())
    person.say("exit", person.dm_id())
    await saying(person, "종료 코드 0", person.dm_id())


async def test_nobody_else_can_press_its_keys(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """Nor type into it: the lab may have guests."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    lab = person.threads()[0]["id"]
    guest = stage.playground.person("instructor")
    person.say(f"<@{guest.user_id}> look", lab)
    person.say(SH, lab)
    live = await saying(person, "⌨️", lab)
    at = await terminal(sandboxes, person)
    await guest.click(live, "Ctrl+C")
    await saying(guest, "다른 학습자의 것", lab)
    guest.say("exit", lab)
    person.say("mine", lab)
    await typed(person, at, "mine\r")


async def test_a_fifth_session_is_refused(sandboxes: FakeSandboxes, person: Person) -> None:
    """With how many there are."""
    for _ in range(4):
        person.say("docker stats", person.dm_id())
        await asyncio.sleep(0.1)
    await person.until(lambda: len(sandboxes.terminals) == 4 or None)
    person.say("docker stats", person.dm_id())
    await saying(person, "터미널이 벌써 4개예요", person.dm_id())


async def test_an_idle_session_warns_and_ends(sandboxes: FakeSandboxes, person: Person) -> None:
    """Whoever does something meanwhile goes on."""
    sandboxes.session_limits = SessionLimits(time_s=600, idle_s=6)
    await opens(person, SH)
    warned = await saying(person, "오랫동안 입력이 없어서", person.dm_id())
    await person.click(warned, "더 쓰기")
    await person.until(lambda: "⏰" not in all_text(person.replies(person.dm_id())[-1]) or None)
    await saying(person, "오랫동안 입력이 없어서 터미널을 끝냈어요", person.dm_id())
    assert not [t for t in sandboxes.terminals.values() if t.last is None]


async def test_the_longest_time_is_told(sandboxes: FakeSandboxes, person: Person) -> None:
    """A limit of the service."""
    await opens(person, SH)
    (await terminal(sandboxes, person)).end_by("time")
    await saying(person, "가장 긴 시간이 지나서", person.dm_id())


async def test_a_container_that_is_removed_under_it_is_told(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """Docker ends with 137 then."""
    await opens(person, SH)
    (await terminal(sandboxes, person)).finish(137)
    await saying(person, "밖에서 멈추거나 지워져서", person.dm_id())


async def test_a_bot_that_is_shut_down_ends_it_and_says_so(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """Nothing runs on unseen."""
    await opens(person, SH)
    at = await terminal(sandboxes, person)
    await stage.stop()
    assert at.last is not None
    left = await saying(person, "봇이 다시 시작되어", person.dm_id())
    assert "docent:key" not in buttons(left)
    await stage.start()
    assert json.loads(stage.settings.kept_sessions.read_text()) == []


async def test_what_a_killed_bot_left_behind_is_ended_by_the_next(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """The program, and the message that says that it is live."""
    await opens(person, SH)
    at = await terminal(sandboxes, person)
    kept = stage.settings.kept_sessions.read_text()
    (place,) = json.loads(kept)
    assert place["learner"] == int(person.user_id)
    await kill(stage)
    assert at.last is None
    assert "docent:key" in buttons(person.replies(person.dm_id())[-1])
    stage.settings.kept_sessions.write_text(kept)
    await stage.start()
    tidied = await saying(person, "봇이 다시 시작되어", person.dm_id())
    assert "docent:key" not in buttons(tidied)
    assert at.last is not None
    await person.until(lambda: stage.settings.kept_sessions.read_text() == "[]" or None)


async def test_a_broken_file_of_sessions_does_not_stop_the_bot(
    stage: BotStage, person: Person
) -> None:
    """Whatever is in it."""
    for content in ('{"no": "list"}', "[1]", "\x00", '[{"learner": "x"}]'):
        await stage.stop()
        stage.settings.kept_sessions.write_text(content)
        await stage.start()
    await opens(person, SH)


async def test_a_key_of_a_forgotten_session_tidies_up(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """A message that no bot knows any more loses its keys when one is pressed."""
    live = await opens(person, SH)
    assert stage.bot is not None
    cog = stage.bot.get_cog("Terminal")
    cog.running.clear()  # type: ignore[union-attr] # it has some
    await person.click(live, "Enter")
    await saying(person, "도중에 끝났어요", person.dm_id())
    assert sandboxes.terminals


async def test_a_hostile_screen_stays_in_its_block(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """Fences, mentions and marks without end are text, and fit into a message."""
    zalgo = "a" + "\u0301" * 50
    sandboxes.answer(
        SH, "```\r\n@everyone \u202e", zalgo * 500, "`" * 900, "\x1b[31mr\x1b[32mg" * 400,
        never_ends=True,
    )  # fmt: skip
    live = await opens(person, SH)
    shown = all_text(live)
    assert "\u202e" not in shown
    assert len(shown) < 4000
    assert shown.count("```") == 2


@pytest.mark.parametrize(("kind", "times"), [("drop", 1), ("429", 5), ("drop", 3)])
async def test_a_drawing_that_discord_refused_is_drawn_again(
    stage: BotStage,
    sandboxes: FakeSandboxes,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    kind: Kind,
    times: int,
) -> None:
    """Though nothing more is printed: the newest would never be seen."""
    message = sys.modules["bot.features.terminal._live_message"]
    monkeypatch.setattr(message, "REDRAW_PAUSES_S", (0.1,))
    live = await opens(person, SH)
    stage.playground.faults.plant(r"PATCH .*/messages/", kind, times, retry_after_s=0.05)
    (await terminal(sandboxes, person)).say("\r\nthe last words")
    assert (await saying(person, "the last words", person.dm_id()))["id"] == live["id"]


async def test_an_answer_to_a_key_that_discord_refused_is_drawn_again(
    stage: BotStage, person: Person
) -> None:
    """As an edit of the message, then: the cursor is where the arrow brought it."""
    live = await opens(person, SH)
    stage.playground.faults.plant(r"POST .*/callback", "drop", 1)
    await person.click(live, "→")
    await saying(person, "/ #  █", person.dm_id())


async def test_a_live_screen_that_was_deleted_comes_back(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """With the next thing that is printed; its keys work."""
    live = await opens(person, SH)
    assert stage.bot is not None
    channel = stage.bot.get_partial_messageable(int(live["channel_id"]))
    await channel.get_partial_message(int(live["id"])).delete()
    (await terminal(sandboxes, person)).say("\r\nstill here")
    anew = await saying(person, "still here", person.dm_id())
    await person.click(anew, "Ctrl+C")
    await saying(person, "종료 코드 130", person.dm_id())


async def test_a_bug_of_ours_leaves_no_program_behind(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows an incident, and the session is ended."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    await opens(person, SH)
    at = await terminal(sandboxes, person)
    session = sys.modules["bot.features.terminal._session"]
    monkeypatch.setattr(session.SessionRun, "_take", broken)
    at.say("x")
    answer = await saying(person, "오류 번호", person.dm_id())
    assert "secret" not in all_text(answer)
    assert at.last is not None


async def test_a_slash_command_opens_a_terminal_where_one_can_type(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """In one's own lab and in direct messages, as the line alone would; below a private note."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    for place in (person.dm_id(), person.threads()[0]["id"]):
        person.slash("docker", place, command="run -it busybox sh")
        await saying(person, "터미널로 열었어요", place)
        live = await saying(person, "⌨️ 여기에 적는 글", place)
        assert f"`{SH}`" in all_text(live)
        assert not live["flags"] & EPHEMERAL
        at = await terminal(sandboxes, person)
        person.say("exit", place)
        await typed(person, at, "exit\r")
        await saying(person, "종료 코드 0", place)
        await person.until(lambda: not sandboxes.terminals or None)
    assert person.failures() == []


async def test_a_slash_command_elsewhere_says_where_a_terminal_opens(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """A private answer can't be typed into."""
    sandboxes.answer(SH, "the input device is not a TTY\n", exit_code=1)
    person.slash("docker", command="run -it busybox sh")
    await saying(person, "이 명령만 적으면 터미널이 열려요")
    assert not sandboxes.terminals


async def test_the_folder_that_a_line_goes_to_first_lasts(
    sandboxes: FakeSandboxes, person: Person
) -> None:
    """It is gone to by a line of its own, before the terminal opens; the end says where one is."""
    sandboxes.directories[person.user_id] = "/root/app"
    sandboxes.answer("mkdir -p app && cd app", "made\nit\n")
    await opens(person, "mkdir -p app && cd app && vi note")
    at = await terminal(sandboxes, person)
    assert at.line == "vi note"
    assert sandboxes.ran == [(person.user_id, "mkdir -p app && cd app")]
    at.say("\x1b[?1049l")
    at.finish(0)
    await saying(person, "종료 코드 0", person.dm_id())
    sandboxes.directories[person.user_id] = "/root"
    await opens(person, "cd .. && vi note")
    (await terminal(sandboxes, person)).finish(0)
    await saying(person, "`/root`", person.dm_id())


async def test_a_folder_that_is_not_there_opens_no_terminal(
    stage: BotStage, sandboxes: FakeSandboxes, person: Person
) -> None:
    """What the shell said is shown, with its exit code, and remembered."""
    sandboxes.answer("cd nowhere", "sh: 1: cd: can't cd to nowhere\n", exit_code=2)
    person.say("cd nowhere && vi note", person.dm_id())
    final = await saying(person, "종료 코드 2", person.dm_id())
    assert "can't cd to nowhere" in all_text(final)
    assert not sandboxes.terminals
    await remembered(stage, person, "cd nowhere && vi note")


async def test_an_edited_message_runs_again(sandboxes: FakeSandboxes, person: Person) -> None:
    """What hangs of it is ended; an edit that changes nothing does nothing."""
    sandboxes.answer("sleep 60", "z\n", never_ends=True)
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    said = person.say("sleep 60", person.dm_id())
    await saying(person, "실행 중", person.dm_id())
    person.edit(said, "docker ps")
    await saying(person, "CONTAINER ID", person.dm_id())
    await saying(person, "멈추었어요", person.dm_id())
    person.edit(said, "docker ps")
    await asyncio.sleep(0.3)
    assert [line for _, line in sandboxes.ran].count("docker ps") == 1


async def test_a_typo_that_is_edited_runs(sandboxes: FakeSandboxes, person: Person) -> None:
    """It was no command before."""
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    said = person.say("dokcer ps", person.dm_id())
    await saying(person, "혹시", person.dm_id())
    person.edit(said, "docker ps")
    await saying(person, "CONTAINER ID", person.dm_id())
