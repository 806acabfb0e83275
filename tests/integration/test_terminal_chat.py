"""Docker commands typed in chat: what runs where, how it is mended, and how its end looks."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from db import history
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.shared_stage import stage_for_module

FEATURES = ("welcome", "terminal")
EPHEMERAL = 64
NUMBERS = count(1)
PS = "CONTAINER ID   IMAGE     COMMAND\n"


# One bot for all of them: starting one takes longer than most of these tests.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def sandboxes() -> FakeSandboxes:
    sandboxes = FakeSandboxes(capacity=200)
    sandboxes.answer("docker ps", PS)
    return sandboxes


stage = stage_for_module(*FEATURES)


@pytest.fixture
def newcomer(stage: BotStage) -> Person:
    """Somebody whom nobody has met before."""
    return stage.playground.person(f"newcomer-{next(NUMBERS)}")


def ran(sandboxes: FakeSandboxes, person: Person) -> list[str]:
    """The lines that ran in this person's sandbox."""
    return [line for learner, line in sandboxes.ran if learner == person.user_id]


async def lab_of(person: Person) -> str:
    """The learner's private thread, made by /start."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    (lab,) = person.threads()
    lab_id: str = lab["id"]
    return lab_id


async def answer_to(person: Person, line: str, channel_id: str) -> Json:
    """Say it, and return the bot's finished answer."""
    before = len(person.replies(channel_id))
    person.say(line, channel_id)
    return await person.until(lambda: _finished(person.replies(channel_id)[before:]), 10.0)


def _finished(messages: list[Json]) -> Json | None:
    """The last message once it has no button to stop it."""
    if messages and "docent:cancel:" not in str(messages[-1]["components"]):
        return messages[-1]
    return None


async def downloaded(stage: BotStage, message: Json) -> str:
    """The text of the attached log."""
    (attachment,) = message["attachments"]
    assert stage.bot is not None
    content: bytes = await stage.bot.http.get_from_cdn(attachment["url"])
    return content.decode("utf-8")


async def recorded(stage: BotStage, person: Person) -> list[tuple[str, int | None]]:
    """Lines and exit codes in the person's history."""
    async with stage.database.transaction() as session:
        records = await history.recent(session, int(person.user_id), 10)
    return [(record.line, record.exit_code) for record in records]


async def nothing_more(person: Person, channel_id: str, count: int) -> None:
    """Give the bot the time for an answer that must not come."""
    await asyncio.sleep(0.4)
    assert len(person.replies(channel_id)) == count


async def test_a_command_in_a_direct_message_runs_without_start(newcomer: Person) -> None:
    """Who never enrolled just types; one message comes back, with exit code and time."""
    answer = await answer_to(newcomer, "docker ps", newcomer.dm_id())
    text = all_text(answer)
    assert f"```\n{PS}```" in text
    assert "종료 코드 0 · 0.01초" in text
    assert len(newcomer.replies(newcomer.dm_id())) == 1
    assert answer["edited_timestamp"] is None


async def test_a_command_in_the_lab_runs(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """The lab is the learner's terminal."""
    answer = await answer_to(newcomer, "docker ps", await lab_of(newcomer))
    assert PS.strip() in all_text(answer)
    assert ran(sandboxes, newcomer) == ["docker ps"]


async def test_talk_is_answered_with_silence(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """Neither talk in the lab nor commands in public channels run."""
    dm = newcomer.dm_id()
    newcomer.say("안녕하세요! docker가 뭐예요?", dm)
    newcomer.say("docker ps")
    await nothing_more(newcomer, dm, 0)
    assert newcomer.replies() == []
    assert ran(sandboxes, newcomer) == []


async def test_a_near_miss_is_answered_where_commands_run(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """One line that helps, in a lab or a direct message; nothing runs, and nothing in public."""
    dm = newcomer.dm_id()
    newcomer.say("dokcer ps", dm)
    answer = await saying(newcomer, "혹시 `docker ps` 명령을", dm)
    assert "docker ps" in all_text(answer)
    newcomer.say("clear")
    await nothing_more(newcomer, dm, 1)
    assert newcomer.replies() == []
    assert ran(sandboxes, newcomer) == []


async def test_only_the_owner_types_in_a_lab(
    stage: BotStage, sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """An instructor in a learner's lab talks there; the learner's engine does not listen."""
    instructor = stage.playground.person("instructor")
    lab = await lab_of(newcomer)
    before = len(newcomer.replies(lab))
    newcomer.say(f"<@{instructor.user_id}> 봐 주세요", lab)
    instructor.say("docker ps", lab)
    await nothing_more(newcomer, lab, before)
    assert ran(sandboxes, newcomer) == []


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("docker run —rm hello-world", "docker run --rm hello-world"),
        ("애찯ㄱ ㅔㄴ", "docker ps"),
        ("docker run -e “A=b” nginx", 'docker run -e "A=b" nginx'),
    ],
)
async def test_a_mended_line_is_shown_once(
    sandboxes: FakeSandboxes, typed: str, line: str, newcomer: Person
) -> None:
    """The learner sees how it was read, above the output."""
    answer = await answer_to(newcomer, typed, newcomer.dm_id())
    assert all_text(answer).count(f"고쳐 읽었어요: `{line}`") == 1
    assert ran(sandboxes, newcomer) == [line]


async def test_a_line_that_was_right_is_not_repeated(newcomer: Person) -> None:
    """It stands in the message above."""
    answer = await answer_to(newcomer, "docker ps", newcomer.dm_id())
    assert "docker ps" not in all_text(answer)


async def test_what_ended_with_the_engine_is_said_once(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """With the line that brings it back."""
    sandboxes.lost[newcomer.user_id] = ["web", "db"]
    first = await answer_to(newcomer, "docker ps", newcomer.dm_id())
    second = await answer_to(newcomer, "docker ps", newcomer.dm_id())

    assert "`docker start web db` 명령으로 다시 켤 수 있어요" in all_text(first)
    assert "docker start" not in all_text(second)


async def test_the_slash_command_answers_privately_anywhere(
    stage: BotStage, sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """`docker` may be left out; the answer shows the line, since no message does."""
    newcomer.slash("docker", command="ps")
    answer = await saying(newcomer, "종료 코드 0")
    assert answer["flags"] & EPHEMERAL
    assert "`docker ps`" in all_text(answer)
    assert stage.playground.person("stranger").replies() == []
    assert ran(sandboxes, newcomer) == ["docker ps"]


async def test_an_empty_slash_command_says_what_to_type(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Nothing runs."""
    newcomer.slash("docker", command="   ")
    answer = await saying(newcomer, "비어 있어요")
    assert answer["flags"] & EPHEMERAL
    assert ran(sandboxes, newcomer) == []


async def test_a_command_of_4000_characters_runs(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Whole, to the last letter."""
    line = "echo " + "가" * 3995
    newcomer.slash("docker", command=line)
    await saying(newcomer, "종료 코드 0")
    assert ran(sandboxes, newcomer) == [line]


async def test_an_open_quote_is_told_before_anything_runs(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Which quote, and where."""
    answer = await answer_to(newcomer, 'docker run -e "A=b nginx', newcomer.dm_id())
    assert '15번째 글자의 `"` 따옴표(`"A=b nginx`)' in all_text(answer)
    assert ran(sandboxes, newcomer) == []
    assert PS.strip() in all_text(await answer_to(newcomer, "docker ps", newcomer.dm_id()))


async def test_silence_is_told_to_be_success(newcomer: Person) -> None:
    """A command that prints nothing gets a sentence."""
    answer = await answer_to(newcomer, "mkdir app", newcomer.dm_id())
    assert "잘 실행되었고, 출력은 없어요." in all_text(answer)


async def test_an_unknown_command_shows_dockers_own_words(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """And its exit code."""
    sandboxes.answer("docker frob", "docker: 'frob' is not a docker command.\n", exit_code=1)
    text = all_text(await answer_to(newcomer, "docker frob", newcomer.dm_id()))
    assert "docker: 'frob' is not a docker command." in text
    assert "❌ 종료 코드 1" in text


@pytest.mark.parametrize("code", [125, 126, 127, 130, 137, 143])
async def test_an_exit_code_with_a_meaning_is_explained(
    sandboxes: FakeSandboxes, code: int, newcomer: Person
) -> None:
    """In a few words."""
    sandboxes.answer("docker run x", "error\n", exit_code=code)
    text = all_text(await answer_to(newcomer, "docker run x", newcomer.dm_id()))
    assert f"💡 종료 코드 {code}:" in text


@pytest.mark.parametrize(
    ("limit", "advice"),
    [("time", "docker logs"), ("output", "head -n 20"), ("lines", "tail -n 20")],
)
async def test_a_limit_says_which_and_how_to_stay_under_it(
    sandboxes: FakeSandboxes, limit: str, advice: str, newcomer: Person
) -> None:
    """One clear sentence, and what was printed until then."""
    sandboxes.answer("docker run busybox yes", "y\n" * 50, limit=limit)
    text = all_text(await answer_to(newcomer, "docker run busybox yes", newcomer.dm_id()))
    assert advice in text
    assert "제한에 닿아서" in text
    assert "y\ny\n" in text


async def test_more_than_fits_is_folded_with_the_log_attached(
    stage: BotStage, sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Head and tail are shown, the rest is in the file, without escape sequences."""
    lines = [f"\x1b[32mline {n}\x1b[0m\n" for n in range(500)]
    sandboxes.answer("docker logs web", *lines)
    answer = await answer_to(newcomer, "docker logs web", newcomer.dm_id())
    text = all_text(answer)
    assert "line 0\x1b[0m" in text
    assert "line 499\x1b[0m" in text
    assert "470줄을 접었어요" in text
    assert answer["attachments"][0]["filename"] == "output.txt"
    assert await downloaded(stage, answer) == "".join(f"line {n}\n" for n in range(500))


async def test_all_that_the_service_lets_through_is_in_the_log(
    stage: BotStage, sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """256 kB, in one line."""
    sandboxes.answer("docker run flood", *["x" * 4096] * 64)
    answer = await answer_to(newcomer, "docker run flood", newcomer.dm_id())
    assert len(all_text(answer)) < 2100
    assert await downloaded(stage, answer) == "x" * 262_144


async def test_output_can_neither_mention_nor_leave_its_block(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Fences, mentions, invisible and right-to-left characters are harmless."""
    hostile = "``` @everyone <@1> `````\u202eevil\u202c \u200b```\n```\n# big\n"
    sandboxes.answer("cat evil", hostile)
    answer = await answer_to(newcomer, "cat evil", newcomer.dm_id())
    (block,) = [t for t in all_text(answer).split("\n-# ") if "everyone" in t]
    assert block.count("```") == 2
    assert block.endswith("\n```")
    assert "\u202e" not in block
    assert answer["mentions"] == []
    assert answer["mention_everyone"] is False


async def test_binary_output_is_called_binary(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """And does no harm."""
    sandboxes.answer("cat a.png", "\ufffdPNG\r\n\x1a\n\x00\x00" + "\ufffd\x00\x1b[" * 400)
    assert "이진 데이터" in all_text(await answer_to(newcomer, "cat a.png", newcomer.dm_id()))


async def test_an_editor_is_refused_where_nobody_can_type(
    newcomer: Person, sandboxes: FakeSandboxes
) -> None:
    """In a private answer it would wait in silence; the learner hears where it opens."""
    newcomer.slash("docker", command="vi a.txt")
    await saying(newcomer, "그 명령만 적으면 열려요")
    assert ran(sandboxes, newcomer) == []


async def test_a_pull_has_one_line_a_layer(newcomer: Person, sandboxes: FakeSandboxes) -> None:
    """As in a terminal."""
    sandboxes.answer(
        "docker pull nginx",
        "latest: Pulling from library/nginx\nfe051a7ec81a: Pulling fs layer\n",
        "fe051a7ec81a: Download complete\nfe051a7ec81a: Pull complete\n",
    )
    text = all_text(await answer_to(newcomer, "docker pull nginx", newcomer.dm_id()))
    assert "library/nginx\nfe051a7ec81a: Pull complete\n```" in text


async def test_a_code_block_is_a_script(sandboxes: FakeSandboxes, newcomer: Person) -> None:
    """Prompts are left out, lines stay."""
    await answer_to(newcomer, "```sh\n$ docker ps\n$ ls\n```", newcomer.dm_id())
    assert ran(sandboxes, newcomer) == ["docker ps\nls"]


async def test_the_folder_is_told_when_it_changes(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """`cd` prints nothing, but the learner should know where they are."""
    dm = newcomer.dm_id()
    assert "📁" not in all_text(await answer_to(newcomer, "docker ps", dm))
    sandboxes.directories[newcomer.user_id] = "/root/app"
    assert "`/root/app`" in all_text(await answer_to(newcomer, "cd app", dm))
    assert "📁" not in all_text(await answer_to(newcomer, "docker ps", dm))


async def test_an_answer_that_waited_shows_its_command(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """Several answers in a row can be told apart."""
    sandboxes.answer("docker pull slow", "Pulling\n", pause_s=0.3)
    dm = newcomer.dm_id()
    newcomer.say("docker pull slow", dm)
    newcomer.say("docker ps", dm)
    await saying(newcomer, "`docker ps`", dm)


async def test_commands_of_one_learner_run_in_the_order_typed(
    sandboxes: FakeSandboxes, newcomer: Person
) -> None:
    """However fast they are typed; each gets its answer."""
    dm = newcomer.dm_id()
    await answer_to(newcomer, "docker ps", dm)
    for number in range(5):
        newcomer.say(f"echo {number}", dm)
    await newcomer.until(lambda: len(newcomer.replies(dm)) == 6 or None)
    assert ran(sandboxes, newcomer)[1:] == [f"echo {n}" for n in range(5)]


async def test_two_learners_do_not_wait_for_each_other(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """One runs something long, the other gets an answer at once, and only their own."""
    sandboxes.answer("sleep 60", "first\n", never_ends=True)
    first, second = (stage.playground.person(name) for name in ("first", "second"))
    first.say("sleep 60", first.dm_id())
    await saying(first, "실행 중", first.dm_id())
    answer = await answer_to(second, "docker ps", second.dm_id())
    assert PS.strip() in all_text(answer)
    assert "first" not in str(second.replies(second.dm_id()))


async def test_what_was_run_is_remembered(stage: BotStage, newcomer: Person) -> None:
    """In the learner's history, as it ran."""
    await answer_to(newcomer, "docker ps", newcomer.dm_id())
    await answer_to(newcomer, "애찯ㄱ ㅔㄴ", newcomer.dm_id())
    await asyncio.sleep(0.2)  # written after the answer was shown
    assert await recorded(stage, newcomer) == [("docker ps", 0)] * 2


async def test_in_english(stage: BotStage) -> None:
    """A learner with an English Discord reads English."""
    guest = stage.playground.person("guest", locale="en-US")
    guest.slash("docker", command="mkdir app")
    assert "It worked, and printed nothing." in all_text(await saying(guest, "Exit code 0"))
