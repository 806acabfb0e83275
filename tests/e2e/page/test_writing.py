"""Writing: messages, input methods, recall, commands, files; and sending that fails."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from tests.e2e.page.conftest import Enter, Stage

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_message_is_an_article_of_its_author(enter: Enter, stage: Stage) -> None:
    """What one sends stands there under one's name, and in the guild."""
    ada = await enter("ada")
    await ada.says("good morning")

    await expect(ada.messages_of("ada").last).to_contain_text("good morning")
    said = [message["content"] for message in stage.playground.person("ada").messages()]
    assert said[-1] == "good morning"
    await expect(ada.composer).to_have_value("")


async def test_enter_while_composing_does_not_send(enter: Enter) -> None:
    """The Enter that ends a Hangul composition belongs to the input method; the next one sends."""
    ada = await enter("composing")
    await ada.composer.focus()
    keyboard = await ada.page.context.new_cdp_session(ada.page)
    composing = {"text": "안녕", "selectionStart": 2, "selectionEnd": 2}
    await keyboard.send("Input.imeSetComposition", composing)
    await ada.page.keyboard.press("Enter")
    # The way Chrome on Linux and macOS announces a key that the input method took.
    await keyboard.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    await expect(ada.composer).to_have_value(re.compile("안녕"))
    assert await ada.messages_of("composing").count() == 0

    await ada.composer.fill("안녕하세요")
    await ada.composer.press("Enter")

    await expect(ada.messages_of("composing").last).to_contain_text("안녕하세요")


async def test_shift_enter_makes_a_line(enter: Enter) -> None:
    """Shift+Enter writes a new line into the same message."""
    ada = await enter("lines")
    await ada.composer.press_sequentially("one")
    await ada.composer.press("Shift+Enter")
    await ada.composer.press_sequentially("two")
    await ada.composer.press("Enter")

    await expect(ada.messages_of("lines").last).to_contain_text("one\ntwo")


async def test_up_brings_back_what_was_sent(enter: Enter) -> None:
    """Up in an empty box recalls the last message, again the one before; Down comes back."""
    ada = await enter("recall")
    for text in ("first", "second"):
        await ada.says(text)
        await expect(ada.messages_of("recall").last).to_contain_text(text)

    await ada.composer.press("ArrowUp")
    await expect(ada.composer).to_have_value("second")
    await ada.composer.press("ArrowUp")
    await expect(ada.composer).to_have_value("first")
    await ada.composer.press("ArrowDown")
    await expect(ada.composer).to_have_value("second")
    await ada.composer.press("ArrowDown")
    await expect(ada.composer).to_have_value("")


async def test_up_knows_what_was_sent_before_this_visit(enter: Enter, stage: Stage) -> None:
    """After a reload the channel itself remembers."""
    stage.playground.person("returning").say("docker ps -a")
    person = await enter("returning")

    await person.composer.press("ArrowUp")

    await expect(person.composer).to_have_value("docker ps -a")


async def test_slash_lists_the_commands(enter: Enter) -> None:
    """`/` opens a listbox with names and descriptions that narrows down as one types."""
    ada = await enter("lister")
    await ada.composer.press_sequentially("/")
    commands = ada.page.get_by_role("listbox", name="Commands")
    await expect(commands.get_by_role("option")).to_have_count(5)
    await expect(commands.get_by_role("option", name=re.compile("greet"))).to_contain_text(
        "Says hello, to you alone"
    )

    await ada.composer.press_sequentially("ec")
    await expect(commands.get_by_role("option")).to_have_count(1)
    await ada.composer.press("Escape")

    await expect(commands).to_be_hidden()


async def test_a_picked_command_asks_for_its_options(enter: Enter) -> None:
    """Enter picks from the list; the fields say what is required; Enter in a field runs."""
    ada = await enter("picker")
    await ada.composer.press_sequentially("/ec")
    await ada.composer.press("Enter")
    text = ada.page.get_by_role("textbox", name="text")
    await expect(text).to_be_focused()
    await expect(text).to_have_attribute("aria-required", "true")
    await text.press("Enter")
    await expect(ada.page.get_by_role("alert").filter(has_text="text is required")).to_be_visible()

    await text.fill("hi there")
    await ada.page.get_by_role("textbox", name="times").fill("3")
    await text.press("Enter")

    await ada.sees("echo[hi there]x3")
    await expect(ada.messages_of("Docent").last).to_contain_text("picker used /echo")


async def test_escape_leaves_a_picked_command(enter: Enter) -> None:
    """Escape in the fields gives the box back."""
    ada = await enter("leaver")
    await ada.composer.press_sequentially("/ec")
    await ada.composer.press("Tab")
    await ada.page.get_by_role("textbox", name="text").press("Escape")

    await expect(ada.page.get_by_role("group", name="Options of /echo")).to_have_count(0)
    await expect(ada.composer).to_be_focused()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/echo one: two", "echo[one: two]x1"),
        ("/echo text:run -p 80:80 nginx", "echo[run -p 80:80 nginx]x1"),
        ("/echo text:a b times:2", "echo[a b]x2"),
        ("/echo times:2 text:c", "echo[c]x2"),
    ],
)
async def test_a_command_typed_out_runs(enter: Enter, line: str, answer: str) -> None:
    """A whole command as text and Enter: no need to fill in fields."""
    ada = await enter("typist")
    await ada.says(line)

    await ada.sees(answer)


async def test_a_command_typed_out_with_a_gap_asks_for_it(enter: Enter) -> None:
    """What is missing is asked for, what is there is kept."""
    ada = await enter("gap")
    await ada.says("/echo times:2")

    await expect(ada.page.get_by_role("textbox", name="times")).to_have_value("2")
    await expect(ada.page.get_by_role("textbox", name="text")).to_be_focused()


async def test_suggestions_come_from_the_bot(enter: Enter) -> None:
    """An option with autocomplete shows the bot's suggestions and sends the picked one's value."""
    ada = await enter("eater")
    await ada.composer.press_sequentially("/fru")
    await ada.composer.press("Tab")
    field = ada.page.get_by_role("combobox", name="name")
    await field.press_sequentially("ap")
    await expect(ada.page.get_by_role("listbox").get_by_role("option")).to_have_text(
        ["Apple", "Apricot"]
    )
    await field.press("ArrowDown")
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(field).to_have_value("Apricot")
    await field.press("Enter")

    await ada.sees("fruit[fruit-2]")


async def test_a_command_without_answer_says_so(enter: Enter) -> None:
    """The bot that does not answer in time is reported, and the command can be sent again."""
    ada = await enter("waiter")
    await ada.says("/silent")

    failed = ada.page.get_by_role("alert").filter(has_text="did not respond")
    await expect(failed).to_be_visible()
    await expect(ada.page.get_by_role("button", name="Send again")).to_be_visible()
    await ada.page.get_by_role("button", name="Discard").click()
    await expect(failed).to_have_count(0)


async def test_files_go_with_a_message(enter: Enter) -> None:
    """Chosen files wait as chips and arrive with the message, text ones to be read in place."""
    ada = await enter("sender")
    content = "\n".join(f"row {number}" for number in range(30))
    await ada.page.locator("input[type=file]").first.set_input_files(
        {"name": "메모.txt", "mimeType": "text/plain", "buffer": content.encode()}
    )
    await expect(ada.page.get_by_role("button", name="Remove 메모.txt")).to_be_visible()
    await ada.says("my notes")

    message = ada.messages_of("sender").last
    await expect(message.locator("pre")).to_contain_text("row 7")
    await message.get_by_role("button", name="Expand").click()
    await expect(message.locator("pre")).to_contain_text("row 29")
    await expect(message.get_by_role("link", name="Download 메모.txt")).to_be_visible()


async def test_too_long_a_message_stays_with_a_sentence(enter: Enter) -> None:
    """More than 2,000 characters are not sent; the text is still there."""
    ada = await enter("novelist")
    await ada.says("x" * 2001)

    await expect(ada.page.get_by_role("alert").filter(has_text="2,000 characters")).to_be_visible()
    await expect(ada.composer).to_have_value("x" * 2001)


async def test_a_failed_message_can_be_sent_again(enter: Enter) -> None:
    """A message that did not get through stays, and goes out on a second try."""
    ada = await enter("unlucky")

    async def drop(route: Route) -> None:
        await route.abort()

    await ada.page.route("**/page/api/send*", drop)
    await ada.says("please arrive")
    await expect(ada.page.get_by_role("alert").filter(has_text="Not sent")).to_be_visible()
    await ada.page.unroute("**/page/api/send*")
    await ada.page.get_by_role("button", name="Send again").click()

    await expect(ada.page.get_by_role("alert").filter(has_text="Not sent")).to_have_count(0)
    await expect(ada.messages_of("unlucky")).to_have_count(1)


async def test_a_failed_message_stands_apart_and_can_be_removed(enter: Enter) -> None:
    """What did not get through does not look like something that was said, and can be dropped."""
    ada = await enter("forgetful")

    async def drop(route: Route) -> None:
        await route.abort()

    await ada.page.route("**/page/api/send*", drop)
    await ada.says("never mind")
    lost = ada.messages_of("forgetful")
    await expect(lost).to_have_css("border-left-width", "3px")
    await ada.page.unroute("**/page/api/send*")
    await ada.says("said later")
    await expect(ada.messages_of("forgetful")).to_have_count(2)

    await ada.page.get_by_role("button", name="Discard").click()

    await expect(ada.messages_of("forgetful")).to_have_count(1)
    await expect(ada.messages_of("forgetful")).to_contain_text("said later")


async def test_a_lost_connection_mends_and_loses_nothing(enter: Enter, stage: Stage) -> None:
    """A bar says so, what was typed stays, and what was missed is there afterwards."""
    ada = await enter("traveller")
    sockets: list[WebSocketRoute] = []

    def pass_through(route: WebSocketRoute) -> None:
        sockets.append(route)
        route.connect_to_server()

    await ada.page.route_web_socket(re.compile("/page/ws"), pass_through)
    await ada.page.reload()
    await expect(ada.composer).to_be_visible()
    await expect(ada.page.get_by_role("link", name="general", exact=True)).to_be_visible()
    await ada.composer.press_sequentially("half a sen")
    await sockets[-1].close()
    await expect(ada.page.get_by_text("The connection was lost")).to_be_visible()
    await stage.bot.general.send("said meanwhile")

    await ada.sees("said meanwhile")
    await expect(ada.page.get_by_text("The connection was lost")).to_have_count(0)
    await expect(ada.composer).to_have_value("half a sen")


async def test_drafts_wait_in_their_channel(enter: Enter) -> None:
    """What was begun in one channel is there again when one comes back, even after a reload."""
    ada = await enter("drafter")
    await ada.composer.press_sequentially("for general")
    await ada.goes_to(re.compile("^Docent$"))
    await expect(ada.composer).to_have_value("")
    await ada.goes_to(re.compile("^general$"))
    await expect(ada.composer).to_have_value("for general")
    await ada.page.reload()

    await expect(ada.composer).to_have_value("for general")


async def test_mentions_are_completed(enter: Enter, stage: Stage) -> None:
    """`@` suggests people, and the message mentions the picked one."""
    ada = await enter("caller")
    await ada.composer.press_sequentially("@doc")
    await expect(ada.page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    await ada.composer.press("Enter")
    await expect(ada.composer).to_have_value("@Docent ")
    await ada.composer.press_sequentially("hello")
    await ada.composer.press("Enter")

    await expect(ada.messages_of("caller").last).to_contain_text("@Docent hello")
    sent = stage.playground.person("caller").messages()[-1]["content"]
    assert sent == f"<@{stage.bot.user.id if stage.bot.user else 0}> hello"
