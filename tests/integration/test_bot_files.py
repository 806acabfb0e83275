"""Files in chat: dropped, written as a code block, edited in a form, sent back, seen as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

import aiohttp
import pytest

from playground.component_fill import walk
from playground.json_types import Json
from playground.person import Person
from sandbox.errors import ServiceDown
from tests.bot_stage import BotStage, all_text, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.shared_stage import stage_for_module

FEATURES = ("welcome", "terminal", "files")
EPHEMERAL = 64
NUMBERS = count(1)
HOSTILE = "a\u202e```@everyone`<@1>"

# One bot for all of them: starting one takes longer than most of these tests.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes(capacity=200)


stage = stage_for_module(*FEATURES)


class Learner:
    """Somebody in a direct message with the bot, and what is in their sandbox."""

    def __init__(self, person: Person, sandboxes: FakeSandboxes) -> None:
        self.person = person
        self.dm = person.dm_id()
        self.files = sandboxes.files.of[person.user_id]

    async def sees(self, wanted: str) -> Json:
        return await saying(self.person, wanted, self.dm)

    def drops(self, files: Mapping[str, bytes], content: str = "") -> Json:
        return self.person.say(content, self.dm, files=files)

    async def edits(self, file: str) -> Json:
        """Use /edit, and see the form."""
        self.person.slash("edit", self.dm, file=file)
        return await self.form()

    async def form(self) -> Json:
        """The form that is shown and was not before."""
        before = getattr(self, "seen", None)

        def look() -> Json | None:
            modal = self.person.modal()
            return modal if modal and modal["interaction_id"] != before else None

        modal = await self.person.until(look, 8.0)
        self.seen = modal["interaction_id"]
        return modal

    def writes(self, form: Json, text: str) -> None:
        """Send the form back with this text."""
        self.person.submit_modal(form, {field(form)["custom_id"]: text})


def field(form: Json) -> dict[str, Any]:
    """The field of a form with a file."""
    return next(part for part in walk(form["modal"]["components"]) if part["type"] == 4)


@pytest.fixture
def learner(stage: BotStage, sandboxes: FakeSandboxes) -> Learner:
    """Somebody whom nobody has met before."""
    return Learner(stage.playground.person(f"filer-{next(NUMBERS)}"), sandboxes)


def labels(message: Json) -> list[str]:
    """Those of a message's buttons."""
    return [part["label"] for part in walk(message["components"]) if part["type"] == 2]


async def content_of(message: Json, place: int = 0) -> bytes:
    """A file that a message has attached."""
    url = message["attachments"][place]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


async def test_dropped_files_land_where_the_learner_is(
    learner: Learner, sandboxes: FakeSandboxes
) -> None:
    """Several at once, under the names that they had, and told in one message."""
    sandboxes.directories[learner.person.user_id] = "/root/app"
    learner.drops(
        {"Dockerfile": b"FROM nginx\n", ".dockerignore": b"x\n", "나의 글.txt": b"\xff\0"}
    )
    told = all_text(await learner.sees("/root/app/Dockerfile"))

    assert learner.files == {
        "/root/app/Dockerfile": b"FROM nginx\n",
        "/root/app/.dockerignore": b"x\n",
        "/root/app/나의 글.txt": b"\xff\0",
    }
    assert "`/root/app/.dockerignore` 파일을 저장했어요" in told
    assert "잘못된 곳을 찾지 못했어요" in told
    assert len(learner.person.replies(learner.dm)) == 1


async def test_the_command_beside_a_file_runs_after_it_landed(
    learner: Learner, sandboxes: FakeSandboxes
) -> None:
    """Drop a Dockerfile and build it in one message."""
    learner.drops({"Dockerfile": b"FROM nginx\n"}, "docker build -t x .")
    await learner.sees("종료 코드 0")
    first, second = learner.person.replies(learner.dm)

    assert "저장했어요" in all_text(first)
    assert "종료 코드 0" in all_text(second)
    assert sandboxes.ran[-1] == (learner.person.user_id, "docker build -t x .")


async def test_a_dockerfile_with_mistakes_is_told_their_lines(learner: Learner) -> None:
    """It is saved all the same."""
    learner.drops({"Dockerfile": b"FROM nginx\nRNU ls\nEXPOSE eighty\n"})
    told = all_text(await learner.sees("저장했어요"))

    assert "❌ **2번째 줄:** `RNU` 명령은 Dockerfile에 없어요. 혹시 `RUN` 명령인가요?" in told
    assert "**3번째 줄:** `eighty` 값은 포트가 아니에요" in told
    assert "/root/Dockerfile" in learner.files


async def test_what_was_overwritten_comes_back_with_a_press(
    stage: BotStage, learner: Learner
) -> None:
    """Also after the bot was started anew; and the press itself can be taken back."""
    learner.files["/root/a.txt"] = b"old \xff"
    learner.drops({"a.txt": b"new"})
    told = await learner.sees("덮어썼어요")
    assert await content_of(told) == b"old \xff"
    assert learner.files["/root/a.txt"] == b"new"

    await stage.restart()
    await learner.person.click(told, "이전 내용으로 되돌리기")
    await learner.person.until(lambda: learner.files["/root/a.txt"] == b"old \xff" or None)
    again = await learner.sees("덮어썼어요")
    assert await content_of(again) == b"new"


async def test_only_the_owner_puts_a_file_back(
    stage: BotStage, learner: Learner, sandboxes: FakeSandboxes
) -> None:
    """Somebody else in the lab presses for nothing."""
    learner.person.slash("start")
    await saying(learner.person, "실습실을 만들었어요")
    lab = learner.person.threads()[0]["id"]
    learner.files["/root/a.txt"] = b"old"
    learner.person.say("", lab, files={"a.txt": b"new"})
    told = await saying(learner.person, "덮어썼어요", lab)
    stranger = stage.playground.person("instructor")
    await stranger.click(told, "이전 내용으로 되돌리기")
    refusal = await saying(stranger, "이 버튼은 다른 학습자의", lab)

    assert refusal["flags"] & EPHEMERAL
    assert learner.files["/root/a.txt"] == b"new"


@pytest.mark.parametrize("name", ["-rf", "x" * 300, "a\u202eb.txt", "b\u200bc.txt"])
async def test_a_hostile_name_is_refused_and_the_others_land(learner: Learner, name: str) -> None:
    """Each is told; nothing of it is written."""
    learner.drops({name: b"bad", "good.txt": b"good"})
    told = all_text(await learner.sees("good.txt"))

    assert learner.files == {"/root/good.txt": b"good"}
    assert "❌" in told
    assert "\u202e" not in told


async def test_a_name_with_a_way_out_stays_inside(learner: Learner) -> None:
    """Discord leaves nothing of `../`; whatever it leaves, nothing is written elsewhere."""
    learner.drops({"../../etc/passwd": b"x", "..": b"y"})
    await learner.sees("/root/")
    assert all(path.startswith("/root/") for path in learner.files)
    assert all(".." not in path for path in learner.files)


async def test_too_big_a_file_is_told_and_not_fetched(learner: Learner) -> None:
    """The limit itself lands."""
    learner.drops({"big": bytes(8 * 1024 * 1024 + 1), "limit": bytes(8 * 1024 * 1024)})
    told = all_text(await learner.sees("limit"))
    assert "`big` 파일이 너무 커요. 8 MiB까지" in told
    assert list(learner.files) == ["/root/limit"]


async def test_a_service_that_is_down_is_told_once(
    learner: Learner, sandboxes: FakeSandboxes
) -> None:
    """Not for each file."""
    sandboxes.down = ServiceDown()
    try:
        learner.drops({"a": b"a", "b": b"b"})
        told = await learner.sees("연결할 수 없어요")
    finally:
        sandboxes.down = None
    assert all_text(told).count("연결할 수 없어요") == 1
    assert learner.files == {}


async def test_files_in_public_stay_there(learner: Learner) -> None:
    """Only a lab and a direct message are the learner's terminal."""
    learner.person.say("", files={"Dockerfile": b"FROM nginx\n"})
    learner.person.say("```Dockerfile\nFROM nginx\n```")
    learner.drops({"a": b"a"})
    await learner.sees("저장했어요")
    assert learner.person.replies() == []
    assert list(learner.files) == ["/root/a"]


async def test_a_named_code_block_is_saved_with_a_press(stage: BotStage, learner: Learner) -> None:
    """As the message reads by then; and it does not run."""
    block = (
        "이렇게요?\n```yaml\n# web/compose.yaml\nservices: {}\n```\n```sh run.sh\ndocker ps\n```"
    )
    message = learner.person.say(block, learner.dm)
    offer = await learner.sees("코드 블록을 지금 폴더에")
    assert labels(offer) == ["저장: web/compose.yaml", "저장: run.sh"]
    learner.person.edit(message, block.replace("{}", "{a: {image: nginx}}"))
    await stage.restart()
    await learner.person.click(offer, "저장: web/compose.yaml")
    await learner.sees("web/compose.yaml` 파일을 저장했어요")
    await learner.person.click(offer, "저장: run.sh")
    await learner.sees("run.sh` 파일을 저장했어요")

    assert learner.files == {
        "/root/web/compose.yaml": b"services: {a: {image: nginx}}\n",
        "/root/run.sh": b"docker ps\n",
    }


async def test_a_block_that_is_gone_is_told(learner: Learner) -> None:
    """Its message was deleted, or rewritten."""
    message = learner.person.say("```a.txt\nx\n```", learner.dm)
    offer = await learner.sees("코드 블록을 지금 폴더에")
    learner.person.edit(message, "never mind")
    await learner.person.click(offer, "저장: a.txt")
    await learner.sees("코드 블록을 찾을 수 없어요")
    learner.person.delete(message)
    await learner.person.click(offer, "저장: a.txt")
    await learner.person.until(
        lambda: (
            sum("찾을 수 없어요" in all_text(m) for m in learner.person.replies(learner.dm)) == 2
        )
    )
    assert learner.files == {}


async def test_a_block_with_a_hostile_name_is_told_at_once(learner: Learner) -> None:
    """Nothing to press."""
    learner.person.say("```../../x.sh\nid\n```", learner.dm)
    told = await learner.sees("지금 폴더 밖을 가리켜서")
    assert labels(told) == []


async def test_a_new_file_is_written_in_a_form(learner: Learner) -> None:
    """Checked when it is saved, with a button to go on."""
    form = await learner.edits("Dockerfile")
    assert form["modal"]["title"] == "새 파일 만들기"
    learner.writes(form, "FROM nginx\nCPOY . /x")
    told = await learner.sees("/root/Dockerfile")
    assert learner.files == {"/root/Dockerfile": b"FROM nginx\nCPOY . /x\n"}
    assert "**2번째 줄:** `CPOY`" in all_text(told)

    await learner.person.click(told, "고치기")
    form = await learner.form()
    assert field(form)["value"] == "FROM nginx\nCPOY . /x\n"
    learner.writes(form, "FROM nginx\nCOPY . /x\n")
    await learner.sees("잘못된 곳을 찾지 못했어요")
    assert learner.files["/root/Dockerfile"] == b"FROM nginx\nCOPY . /x\n"


async def test_a_form_that_outlived_the_bot_counts(stage: BotStage, learner: Learner) -> None:
    """Its custom ids say all."""
    form = await learner.edits("web/index.html")
    await stage.restart()
    learner.writes(form, "<h1>hi</h1>")
    await learner.sees("/root/web/index.html")
    assert learner.files == {"/root/web/index.html": b"<h1>hi</h1>\n"}


async def test_a_file_that_changed_meanwhile_is_not_overwritten(learner: Learner) -> None:
    """What was written is kept, and a press writes it in any case."""
    learner.files["/root/a.txt"] = b"old\n"
    form = await learner.edits("a.txt")
    learner.files["/root/a.txt"] = b"theirs\n"
    learner.writes(form, "mine")
    told = await learner.sees("다른 곳에서 바뀌어서")
    assert learner.files["/root/a.txt"] == b"theirs\n"
    assert await content_of(told) == b"mine\n"

    await learner.person.click(told, "그래도 덮어쓰기")
    kept = await learner.sees("덮어썼어요")
    assert learner.files["/root/a.txt"] == b"mine\n"
    assert await content_of(kept) == b"theirs\n"


async def test_what_can_not_be_written_is_handed_back(
    learner: Learner, sandboxes: FakeSandboxes
) -> None:
    """The sandbox may be gone by then; the text is not."""
    form = await learner.edits("a.txt")
    sandboxes.down = ServiceDown()
    try:
        learner.writes(form, "hours of work")
        told = await learner.sees("연결할 수 없어요")
    finally:
        sandboxes.down = None
    assert await content_of(told) == b"hours of work\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"x" * 4001, "4,001자라서 창에 다 들어가지 않아요(4,000자까지). `/get`"),
        (b"\x7fELF\0", "글이 아니라서"),
    ],
)
async def test_what_no_form_can_show_is_sent_to_get(
    learner: Learner, content: bytes, told: str
) -> None:
    """With a sentence."""
    learner.files["/root/a"] = content
    learner.person.slash("edit", learner.dm, file="a")
    await learner.sees(told)


@pytest.mark.parametrize("path", ["folder", "x" * 300, "a\u202eb", "-rf", "y/" * 60 + "z"])
async def test_a_path_that_can_not_be_edited_is_told(learner: Learner, path: str) -> None:
    """In private, and no form opens."""
    learner.files["/root/folder/x"] = b""
    learner.person.slash("edit", learner.dm, file=path)
    await learner.person.until(lambda: learner.person.replies(learner.dm) or None)
    (told,) = learner.person.replies(learner.dm)
    assert told["flags"] & EPHEMERAL
    assert "파일" in all_text(told) or "이름" in all_text(told) or "경로" in all_text(told)
    assert learner.person.modal() is None


async def test_a_slow_sandbox_gets_a_button_instead_of_silence(
    learner: Learner, sandboxes: FakeSandboxes
) -> None:
    """Discord takes a form only within three seconds."""
    sandboxes.slow_s = 3.0
    try:
        learner.person.slash("edit", learner.dm, file="a.txt")
        told = await learner.sees("잠시 뒤에 아래 버튼을")
    finally:
        sandboxes.slow_s = 0.0
    await learner.person.click(told, "편집 창 열기")
    learner.writes(await learner.form(), "x")
    await learner.sees("저장했어요")


async def test_a_file_is_sent_back(learner: Learner) -> None:
    """Whatever its name; an empty one has nothing to send."""
    learner.files.update({"/root/한글 글.txt": b"\0\xff", "/root/empty": b""})
    learner.person.slash("get", learner.dm, file="한글 글.txt")
    assert (
        await content_of(await learner.sees("📤 `/root/한글 글.txt` 파일이에요. (2 B)"))
        == b"\0\xff"
    )
    learner.person.slash("get", learner.dm, file="empty")
    await learner.sees("비어 있어요")
    learner.person.slash("get", learner.dm, file="nothing")
    await learner.sees("`/root/nothing` 파일이나 폴더가 없어요")


async def test_files_are_seen_as_a_tree_and_edited_from_there(learner: Learner) -> None:
    """Hostile names do no harm."""
    learner.files.update(
        {"/root/web/index.html": b"<h1>", "/root/Dockerfile": b"FROM x\n", f"/root/{HOSTILE}": b""}
    )
    learner.person.slash("files", learner.dm)
    tree = await learner.sees("📁 `/root` 폴더")
    text = all_text(tree)
    assert "└─ web/\n   └─ index.html  4 B" in text
    assert "\u202e" not in text
    assert text.count("```") == 2
    assert not tree["mention_everyone"]

    await learner.person.select(tree, "고칠 파일 고르기", ["/root/web/index.html"])
    form = await learner.form()
    assert field(form)["value"] == "<h1>"


async def test_paths_are_suggested(learner: Learner, sandboxes: FakeSandboxes) -> None:
    """What is there, and for /edit what may become; nothing when the sandbox is slow."""
    learner.files["/root/web/index.html"] = b""
    learner.drops({"a.txt": b""})
    await learner.sees("저장했어요")
    offered = await learner.person.autocomplete("edit", "file", "we", learner.dm)
    assert [each["value"] for each in offered] == ["web/", "we"]
    offered = await learner.person.autocomplete("get", "file", "web/", learner.dm)
    assert [each["value"] for each in offered] == ["web/index.html"]
    offered = await learner.person.autocomplete("files", "folder", "", learner.dm)
    assert [each["value"] for each in offered] == ["web/"]
    sandboxes.slow_s = 4.0
    try:
        assert await learner.person.autocomplete("get", "file", "", learner.dm) == []
    finally:
        sandboxes.slow_s = 0.0


async def test_in_english(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Whoever reads English reads English."""
    guest = stage.playground.person("file-guest", locale="en-US")
    guest.slash("edit", file="Dockerfile")
    modal = await guest.until(guest.modal, 8.0)
    assert modal["modal"]["title"] == "Make a new file"
    guest.submit_modal(modal, {field(modal)["custom_id"]: "FORM nginx"})
    told = await saying(guest, "Saved the file `/root/Dockerfile`")
    assert told["flags"] & EPHEMERAL
    assert "**Line 1:** There is no instruction `FORM`. Did you mean `FROM`?" in all_text(told)
