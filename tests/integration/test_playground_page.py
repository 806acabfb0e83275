"""The playground's own page protocol, spoken by a plain HTTP client as the page speaks it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import aiohttp
import pytest

from playground import Options, Playground
from playground.json_types import Json
from tests.integration.playground_bot import running_bot

OWN = {"X-Requested-With": "docent-page"}


@dataclass
class Page:
    """One open page."""

    name: str
    session: aiohttp.ClientSession
    url: str
    socket: aiohttp.ClientWebSocketResponse
    hello: Json
    frames: list[Json] = field(default_factory=list)

    async def frame(self, kind: str) -> Json:
        """The data of the next frame of this kind."""
        async with asyncio.timeout(5):
            while True:
                frame = json.loads(await self.socket.receive_str())
                self.frames.append(frame)
                if frame["t"] == kind:
                    data: Json = frame["d"]
                    return data

    async def do(
        self, action: str, body: object, headers: Mapping[str, str] = OWN
    ) -> tuple[int, Json]:
        """Do something and return the status and the answer."""
        url = f"{self.url}/page/api/{action}?as={self.name}"
        async with self.session.post(url, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    @property
    def general(self) -> str:
        return str(next(c["id"] for c in self.hello["channels"] if c["name"] == "general"))


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    async with Playground.start(Options(rate_limits=False)) as playground:
        yield playground


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def opened(playground: Playground, session: aiohttp.ClientSession, name: str) -> Page:
    url = f"{playground.base_url}/page/ws?as={name}&locale=ko"
    socket = await session.ws_connect(url)
    hello = json.loads(await socket.receive_str())
    assert hello["t"] == "HELLO"
    return Page(name, session, playground.base_url, socket, hello["d"])


async def test_hello_brings_all_that_a_page_draws(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Who I am, the guild, its people, channels, commands and messages."""
    page = await opened(playground, session, "새내기")

    assert page.hello["me"]["username"] == "새내기"
    assert page.hello["bot_online"] is False
    assert {m["user"]["username"] for m in page.hello["members"]} == {
        "Docent",
        "instructor",
        "새내기",
    }
    assert page.hello["messages"][page.general] == []
    assert not int(page.hello["permissions"]) & 32


async def test_the_instructor_may_manage_the_server(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """`?as=instructor` has Manage Server, nobody else has."""
    page = await opened(playground, session, "instructor")

    assert int(page.hello["permissions"]) & 32


async def test_what_one_says_all_see(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """A message reaches every page with the sender's nonce; sent twice, it is there once."""
    page = await opened(playground, session, "newcomer")
    other = await opened(playground, session, "other")
    body = {"channel_id": page.general, "content": "hello", "nonce": "1"}

    status, sent = await page.do("send", body)
    _, again = await page.do("send", body)

    assert status == 200
    assert again["id"] == sent["id"]
    assert (await other.frame("MESSAGE_CREATE"))["content"] == "hello"
    assert (await page.frame("MESSAGE_CREATE"))["nonce"] == "1"


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [
        ("x" * 2001, 50035, "메시지가 너무 길어요. 2000자까지 보낼 수 있어요."),
        ("   ", 50006, "빈 메시지는 보낼 수 없어요."),
    ],
)
async def test_what_discord_refuses_is_said_in_a_sentence(
    playground: Playground,
    session: aiohttp.ClientSession,
    content: str,
    code: int,
    sentence: str,
) -> None:
    """Too long and empty messages come back with the reason."""
    page = await opened(playground, session, "newcomer")

    status, refusal = await page.do("send", {"channel_id": page.general, "content": content})

    assert (status, refusal["code"], refusal["message"]) == (400, code, sentence)


async def test_other_sites_may_not_act(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Without our header, from another origin or under another name nothing is done."""
    page = await opened(playground, session, "newcomer")
    body = {"channel_id": page.general, "content": "hello"}
    strangers: list[dict[str, str]] = [
        {},
        OWN | {"Origin": "http://evil.example"},
        OWN | {"Host": "evil.example"},
    ]

    statuses = [(await page.do("send", body, headers))[0] for headers in strangers]

    assert statuses == [403, 403, 403]
    assert playground.person("newcomer").messages() == []


async def test_a_malformed_request_is_refused(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Whatever is posted, the answer is a 4xx with a sentence."""
    page = await opened(playground, session, "newcomer")
    bodies = [{}, [], {"channel_id": None}, {"channel_id": page.general, "content": 5}, "text"]

    statuses = [(await page.do("send", body))[0] for body in bodies]

    assert all(400 <= status < 500 for status in statuses)


async def test_own_messages_can_be_changed_and_others_not(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Editing and deleting is for the author."""
    page = await opened(playground, session, "newcomer")
    other = await opened(playground, session, "other")
    _, sent = await page.do("send", {"channel_id": page.general, "content": "first"})
    change = {"channel_id": page.general, "message_id": sent["id"], "content": "second"}

    assert (await other.do("edit", change))[0] == 403
    assert (await page.do("edit", change))[1]["content"] == "second"
    assert (await other.do("delete", change))[0] == 403
    assert (await page.do("delete", change))[0] == 200
    assert (await other.frame("MESSAGE_DELETE"))["id"] == sent["id"]


async def test_files_come_with_a_message(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """A multipart message keeps its file, which never runs on the page's origin."""
    page = await opened(playground, session, "newcomer")
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"channel_id": page.general, "content": ""}))
    form.add_field("files[0]", b"<script>1</script>", filename="../evil page.html")

    url = f"{page.url}/page/api/send?as=newcomer"
    async with session.post(url, data=form, headers=OWN) as answer:
        (attachment,) = (await answer.json())["attachments"]
    async with session.get(attachment["url"]) as file:
        assert await file.read() == b"<script>1</script>"
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in file.headers["Content-Security-Policy"]
    assert attachment["filename"] == "evil_page.html"


async def test_a_command_from_the_page(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """The list holds the bot's commands; running one, its choices and its states arrive."""
    page = await opened(playground, session, "newcomer")
    async with running_bot(playground):
        commands = (await page.frame("COMMANDS"))["commands"]
        assert "class" not in [command["name"] for command in commands]
        ping = next(c for c in commands if c["name"] == "ping")
        option = {"name": "text", "type": 3, "value": "q"}
        request = {"channel_id": page.general, "command_id": ping["id"], "name": "ping", "type": 1}

        await page.do(
            "autocomplete", request | {"options": [option | {"focused": True}], "nonce": "n"}
        )
        choices = await page.frame("AUTOCOMPLETE")
        _, run = await page.do("command", request | {"options": [option]})
        states = [await page.frame("INTERACTION"), await page.frame("INTERACTION")]

    assert [choice["value"] for choice in choices["choices"]] == ["qa", "qb"]
    assert choices["nonce"] == "n"
    assert [s["state"] for s in states] == ["sent", "acknowledged"]
    assert {s["id"] for s in states} == {run["interaction_id"]}
    assert any(frame["t"] == "BOT" and frame["d"]["online"] for frame in page.frames)


async def test_buttons_and_forms_from_the_page(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Pressing a button opens the form; sending it brings the answer for this person alone."""
    page = await opened(playground, session, "newcomer")
    async with running_bot(playground):
        await page.do("send", {"channel_id": page.general, "content": "!panel"})
        await page.frame("MESSAGE_CREATE")
        panel = await page.frame("MESSAGE_CREATE")
        await asyncio.sleep(0.1)
        pressed = {"channel_id": page.general, "message_id": panel["id"]}
        await page.do("component", pressed | {"custom_id": "panel:form", "component_type": 2})
        modal = await page.frame("MODAL")
        fields = [
            {"type": 18, "component": {"type": 4, "custom_id": "name", "value": "Ann"}},
            {"type": 18, "component": {"type": 3, "custom_id": "topic", "values": ["B"]}},
        ]
        submission = {"interaction_id": modal["interaction_id"], "components": fields}
        incomplete = await page.do("modal", submission | {"components": fields[1:]})
        await page.do("modal", submission)
        answer = await page.frame("MESSAGE_UPDATE")

    assert modal["modal"]["title"] == "Feedback"
    assert incomplete[0] == 400
    assert answer["content"] == "Ann ['B'] []"
    assert answer["ephemeral_for"] == page.hello["me"]["id"]


async def test_a_page_that_comes_back_finds_all(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """HELLO after a lost connection holds what was said meanwhile; older ones are fetched."""
    page = await opened(playground, session, "newcomer")
    newcomer = playground.person("newcomer")
    said = [newcomer.say(f"{number}") for number in range(60)]

    again = await opened(playground, session, "newcomer")
    url = f"{page.url}/page/api/history?as=newcomer&channel_id={page.general}"
    async with session.get(f"{url}&before={said[10]['id']}") as answer:
        older = await answer.json()

    assert [m["content"] for m in again.hello["messages"][page.general]] == [
        str(number) for number in range(10, 60)
    ]
    assert [m["content"] for m in older] == [str(number) for number in range(10)]


async def test_the_page_loads_nothing_from_elsewhere(
    playground: Playground, session: aiohttp.ClientSession
) -> None:
    """Files of the page alone are served, under a policy that lets no foreign script in."""
    async with session.get(playground.base_url + "/") as index:
        policy = index.headers["Content-Security-Policy"]
        assert index.content_type == "text/html"
    outside = ["/page/../app.py", "/page/%2e%2e/app.py", "/page/..%2fapp.py", "/page/none.js"]
    statuses = []
    for path in outside:
        async with session.get(playground.base_url + path) as answer:
            statuses.append(answer.status)

    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert statuses == [404] * len(outside)


@pytest.mark.parametrize("name", ["Two%20Words", "%3Cscript%3E", "x" * 33, "docent", ""])
async def test_a_name_that_nobody_can_have(
    playground: Playground, session: aiohttp.ClientSession, name: str
) -> None:
    """The socket stays closed and says why; the page explains it."""
    async with session.get(f"{playground.base_url}/page/ws?as={name}&locale=en-US") as answer:
        refusal = await answer.json()

    assert answer.status == 400
    assert "name" in refusal["message"]


async def test_faults_are_planted_only_where_allowed(session: aiohttp.ClientSession) -> None:
    """`--allow-faults` is needed before a page may plant one."""
    body = {"pattern": "GET /users/@me", "kind": "500", "times": 1}
    for allowed, expected in ((False, 403), (True, 200)):
        async with Playground.start(Options(allow_faults=allowed)) as playground:
            page = await opened(playground, session, "newcomer")
            assert (await page.do("fault", body))[0] == expected
