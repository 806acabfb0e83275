"""Reading: names, Markdown, cards, dialogs, hostile text, scrolling, phones."""

from __future__ import annotations

import asyncio
import re

import discord
import pytest
from playwright.async_api import Page, expect

from tests.e2e.chat import PHONE
from tests.e2e.page.conftest import Enter, Stage
from tests.e2e.page.practice_bot import WIDE_LINE

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

HOSTILE = [
    "<script>window.hacked = true</script>",
    "<img src=x onerror='window.hacked = true'>",
    "[click](javascript:window.hacked=true)",
    "[click](data:text/html,<script>window.hacked=true</script>)",
    "</article><svg onload=window.hacked=true>",
    "`<b onmouseover=window.hacked=true>`",
    "```html\n<iframe srcdoc='<script>parent.hacked=true</script>'></iframe>\n```",
    "||<style>*{display:none}</style>||",
    "> <object data=javascript:window.hacked=true>",
]


async def hacked(page: Page) -> bool:
    """Whether anything of what was written ran, or became an element."""
    found = await page.evaluate(
        "() => Boolean(window.hacked)"
        " || document.querySelector('article :is(script, style, iframe, object)')"
        " || document.querySelector('article :is([onload], [onerror], [onmouseover])')"
        " || [...document.links].some((link) => !/^https?:$/.test(link.protocol))"
    )
    return bool(found)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_stays_text(enter: Enter, stage: Stage, text: str) -> None:
    """Whatever people or bots write is shown and never runs."""
    ada = await enter("target")
    await stage.bot.general.send(f"{text} end-of-text")
    await ada.sees("end-of-text")
    embed = discord.Embed(title=text[:200], description=f"{text} end-of-embed")
    embed.add_field(name=text[:200], value=text)
    await stage.bot.general.send(embed=embed)
    await ada.sees("end-of-embed")

    assert not await hacked(ada.page)


async def test_hostile_names_stay_names(enter: Enter, stage: Stage) -> None:
    """File names, thread names, button and select labels are text as well."""
    ada = await enter("target")
    bad = "<img src=x onerror=window.hacked=true>"
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=bad, custom_id="bad"))
    options = [discord.SelectOption(label=bad, description=bad)]
    view.add_item(discord.ui.Select(placeholder=bad, custom_id="worse", options=options))
    await stage.bot.make_channel_thread(bad)
    await stage.bot.general.send("named end", view=view)
    await ada.sees("named end")
    await ada.page.locator("input[type=file]").first.set_input_files(
        {"name": f"{bad}.txt", "mimeType": "text/plain", "buffer": bad.encode()}
    )
    await ada.says("with a file")
    await expect(ada.messages_of("target").last.locator("pre")).to_contain_text("onerror")

    await expect(ada.page.get_by_role("button", name=bad)).to_be_visible()
    assert not await hacked(ada.page)


async def test_everything_can_be_reached_by_name(enter: Enter, stage: Stage) -> None:
    """Composer, messages, code, channels and threads carry the names that people see."""
    await stage.bot.make_channel_thread("my lab")
    await stage.bot.general.send("look:\n```sh\ndocker ps\n```")
    ada = await enter("reader")

    await expect(ada.page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    message = ada.page.get_by_role("article", name=re.compile("^Docent")).last
    await expect(message.locator("pre")).to_have_text("docker ps")
    for name in ("general", "my lab", "Docent"):
        await expect(ada.page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    await ada.goes_to("my lab")
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("my lab")


async def test_names_are_the_same_in_korean(enter: Enter) -> None:
    """The page speaks Korean to a Korean browser; the composer is called Message all the same."""
    minji = await enter("민지", locale="ko-KR")

    await expect(minji.page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    await expect(minji.page.get_by_text("Discord와는 관계없는")).to_be_visible()
    await minji.page.get_by_role("button", name="Switch to English").click()
    await expect(minji.page.get_by_text("Not affiliated with Discord")).to_be_visible()
    assert await minji.page.evaluate("document.documentElement.lang") == "en-US"


async def test_the_first_steps_lead_into_the_box(enter: Enter, stage: Stage) -> None:
    """A channel begins with what to do first; commands that the bot does not have are left out."""
    ada = await enter("beginner")

    await expect(ada.page.get_by_role("button", name="Open your lab")).to_have_count(0)
    assert "greet" in [command["name"] for command in stage.playground.commands.usable_by("0")]


async def test_what_is_only_for_me_is_marked_and_can_be_dismissed(enter: Enter) -> None:
    """An ephemeral answer says so, nobody else has it, and it goes when dismissed."""
    ada = await enter("private")
    eve = await enter("eve")
    await ada.says("/greet")
    answer = await ada.sees("Hello, only to you!")

    await expect(answer).to_contain_text("Only you can see this.")
    await expect(eve.messages_of("Docent").filter(has_text="only to you")).to_have_count(0)
    await answer.get_by_role("button", name="Dismiss message").click()
    await expect(ada.page.get_by_text("Hello, only to you!")).to_have_count(0)


async def test_buttons_of_a_card_work(enter: Enter, stage: Stage) -> None:
    """A press reaches the bot; one that it leaves unanswered is reported below the message."""
    ada = await enter("presser")
    await ada.says("/card")
    await ada.sees("Practice card")
    await ada.presses("Press me")
    await ada.sees("You pressed it.")
    assert "pressed" in stage.bot.answers

    await ada.presses("Ignore me")

    failed = ada.page.get_by_role("alert").filter(has_text="This interaction failed")
    await expect(failed).to_be_visible()
    await expect(ada.page.get_by_role("button", name="Ignore me").last).to_be_enabled()


async def test_files_of_a_card_stand_where_it_says(enter: Enter) -> None:
    """A card's file is shown once, in its place, and can be read there when asked for."""
    ada = await enter("filer")
    await ada.says("/card")
    card = await ada.sees("Practice card")

    await expect(card.get_by_text("output.log")).to_have_count(1)
    await expect(card.get_by_text("log line 7")).to_have_count(0)
    await card.get_by_role("button", name="Expand").click()
    await expect(card.locator("pre")).to_contain_text("log line 7")


async def test_selects_are_selects(enter: Enter, stage: Stage) -> None:
    """One choice is sent at once; several are sent when one is done."""
    ada = await enter("chooser")
    await ada.says("/card")
    await ada.sees("Practice card")
    one = ada.page.get_by_role("combobox", name="Choose a lesson").last
    await one.select_option(label="Images")
    await expect(one).not_to_have_attribute("aria-disabled", "true")
    many = ada.page.get_by_role("listbox", name="Choose topics").last
    await many.get_by_role("option", name="Disks").click()
    await many.get_by_role("option", name="Logs").click()
    await ada.presses("Done")
    await expect(many).not_to_have_attribute("aria-disabled", "true")

    assert "lesson ['i']" in stage.bot.answers
    assert "topics ['Disks', 'Logs']" in stage.bot.answers


async def test_a_dialog_checks_and_sends(enter: Enter) -> None:
    """A modal is a dialog: it says what is missing, sends text, choice and file, and closes."""
    ada = await enter("asker")
    await ada.says("/card")
    await ada.sees("Practice card")
    await ada.presses("Ask me")
    dialog = ada.page.get_by_role("dialog", name="A question")
    answer = dialog.get_by_role("textbox", name="Your answer")
    await expect(answer).to_be_focused()
    await dialog.get_by_role("button", name="Submit").click()
    await expect(dialog.get_by_role("alert").first).to_have_text("Please fill this in.")
    await answer.fill("ab")
    await expect(dialog.get_by_role("alert").first).to_have_text("Write 3 characters or more.")

    await answer.fill("forty-two")
    await dialog.get_by_role("combobox", name="Level").select_option(label="Hard")
    await dialog.get_by_label("Proof").set_input_files(
        {"name": "proof.txt", "mimeType": "text/plain", "buffer": b"yes"}
    )
    await dialog.get_by_role("button", name="Submit").click()

    await ada.sees("answer[forty-two] level[Hard] files['proof.txt']")
    await expect(dialog).to_have_count(0)


async def test_escape_closes_a_dialog(enter: Enter) -> None:
    """Escape leaves a modal, and the page can be used again."""
    ada = await enter("escaper")
    await ada.says("/card")
    await ada.sees("Practice card")
    await ada.presses("Ask me")
    await expect(ada.page.get_by_role("dialog")).to_be_visible()
    await ada.page.keyboard.press("Escape")

    await expect(ada.page.get_by_role("dialog")).to_have_count(0)
    await ada.says("still here")
    await expect(ada.messages_of("escaper").last).to_contain_text("still here")


async def test_own_messages_can_be_changed_and_deleted(enter: Enter) -> None:
    """The menu of a message edits and deletes one's own, and answers to the keyboard."""
    ada = await enter("editor")
    await ada.says("teh text")
    message = ada.messages_of("editor").last
    await expect(message).to_contain_text("teh text")
    await message.focus()
    await message.press("Enter")
    await ada.page.get_by_role("menuitem", name="Edit").press("Enter")
    box = message.get_by_role("textbox")
    await box.fill("the text")
    await box.press("Enter")
    await expect(message).to_contain_text("the text (edited)")

    await message.click(button="right", position={"x": 5, "y": 5})
    await ada.page.get_by_role("menuitem", name="Delete").click()

    await expect(ada.messages_of("editor")).to_have_count(0)


async def test_replies_show_what_they_answer(enter: Enter, stage: Stage) -> None:
    """Replying quotes the message, above the box and above the reply."""
    ada = await enter("replier")
    await stage.bot.general.send("any questions?")
    question = await ada.sees("any questions?")
    await question.hover()
    await question.get_by_role("button", name="Reply").click()
    await expect(ada.page.get_by_text("Replying to Docent")).to_be_visible()
    await ada.says("just one")

    await expect(ada.messages_of("replier").last).to_contain_text("any questions?")


async def test_reactions_count(enter: Enter, stage: Stage) -> None:
    """A reaction shows for everybody and can be taken back."""
    ada = await enter("reactor")
    sent = await stage.bot.general.send("nice, isn't it")
    await sent.add_reaction("👍")
    reaction = (await ada.sees("nice, isn't it")).get_by_role("button", name="👍 reaction, 1")
    await reaction.click()
    mine = ada.messages_of("Docent").last.get_by_role("button", name="👍 reaction, 2")
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await mine.click()

    await expect(reaction).to_have_attribute("aria-pressed", "false")


async def test_edits_leave_a_reader_where_they_are(enter: Enter, stage: Stage) -> None:
    """A message that grows at the end does not move someone who reads further up."""
    ada = await enter("scroller")
    for number in range(30):
        await stage.bot.general.send(f"filler {number}\nwith\nlines")
    growing = await stage.bot.general.send("growing")
    await ada.sees("growing")
    log = ada.page.get_by_role("log")
    await log.evaluate("(log) => { log.scrollTop = log.scrollHeight / 2 }")
    await expect(ada.page.get_by_role("button", name="Jump to present")).to_be_visible()
    before = await log.evaluate("(log) => log.scrollTop")
    for lines in range(5):
        await growing.edit(content="grown\n" * (lines + 2) + f"{lines} end")
    await expect(ada.page.get_by_text("4 end")).to_be_attached()
    assert await log.evaluate("(log) => log.scrollTop") == before

    await ada.page.get_by_role("button", name="Jump to present").click()
    await growing.edit(content="grown\n" * 20 + "very end")

    await expect(ada.page.get_by_text("very end")).to_be_in_viewport()


async def test_older_messages_come_on_the_way_up(enter: Enter, stage: Stage) -> None:
    """Scrolling up loads what is older, until the channel's beginning."""
    thread = await stage.bot.make_channel_thread("long story")
    for number in range(120):
        await thread.send(f"line {number:03}")
    ada = await enter("archivist")
    await ada.goes_to("long story")
    log = ada.page.get_by_role("log")
    first = ada.page.get_by_text("line 000")
    async with asyncio.timeout(15):
        while not await first.count():
            await log.evaluate("(log) => { log.scrollTop = 0 }")
            await asyncio.sleep(0.05)

    await expect(ada.page.get_by_text("This is where the thread begins.")).to_be_attached()
    shown = await ada.page.get_by_role("article").filter(has_text="line ").all_inner_texts()
    assert len(shown) == 120


@pytest.mark.parametrize("dark", [False, True])
async def test_a_phone_never_scrolls_sideways(enter: Enter, stage: Stage, *, dark: bool) -> None:
    """Wide tables scroll in themselves; the page keeps its width and its channels slide in."""
    await stage.bot.general.send(f"```\n{WIDE_LINE}\n```https://example.com/{'long' * 60} end")
    ada = await enter("phone", viewport=PHONE, dark=dark)
    await ada.says("/card")
    await ada.sees("Practice card")
    too_wide = await ada.page.evaluate(
        "() => [...document.querySelectorAll('html, main *')]"
        ".filter((box) => box.getBoundingClientRect().right > innerWidth + 1)"
        ".filter((box) => !box.closest('pre'))"
        ".map((box) => `${box.tagName}.${box.className}`)"
    )
    assert too_wide == []

    general = ada.page.get_by_role("link", name="general", exact=True)
    await expect(general).to_be_hidden()
    await ada.page.get_by_role("button", name="Open the channel list").click()
    await ada.page.get_by_role("link", name="Docent", exact=True).click()
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text("Docent")
    await expect(general).to_be_hidden()


async def test_someone_who_writes_is_announced(enter: Enter, stage: Stage) -> None:
    """Screen readers hear a new message, and the side bar counts those in other channels."""
    ada = await enter("listener")
    await ada.page.evaluate(
        "() => { window.spoken = []; document.ariaNotify = (text) => spoken.push(text) }"
    )
    thread = await stage.bot.make_channel_thread("elsewhere")
    await thread.send("over here")
    link = ada.page.get_by_role("link", name="elsewhere", exact=True)
    await expect(link).to_have_attribute("aria-description", re.compile(r"\d+ unread"))
    await stage.bot.general.send("right here")

    await ada.sees("right here")
    assert await ada.page.evaluate("spoken.at(-1)") == "Docent: right here"


async def test_the_keyboard_alone_is_enough(enter: Enter, stage: Stage) -> None:
    """From the box back to the messages, along them, and to a button of one, without a mouse."""
    ada = await enter("keys")
    await ada.says("/card")
    card = await ada.sees("Practice card")
    log = ada.page.get_by_role("log")
    await log.focus()
    await log.press("ArrowUp")
    await expect(card).to_be_focused()
    button = card.get_by_role("button", name="Press me")
    for _ in range(10):
        await ada.page.keyboard.press("Tab")
        if await button.evaluate("(button) => button === document.activeElement"):
            break
    await expect(button).to_be_focused()
    stage.bot.answers.clear()
    await ada.page.keyboard.press("Enter")

    await ada.sees("You pressed it.")
    assert stage.bot.answers == ["pressed"]


async def test_who_is_typing_is_shown(enter: Enter, stage: Stage) -> None:
    """The line below the messages says who is writing, until they have written."""
    ada = await enter("watcher")
    async with stage.bot.general.typing():
        await expect(ada.page.get_by_text("Docent is typing…")).to_be_visible()
    await stage.bot.general.send("written")

    await expect(ada.page.get_by_text("Docent is typing…")).to_have_count(0)


async def test_an_archived_thread_says_so(enter: Enter, stage: Stage) -> None:
    """One can still write into an archived thread, and is told what that does."""
    ada = await enter("librarian")
    thread = await stage.bot.make_channel_thread("old thread")
    await ada.goes_to("old thread")
    await thread.edit(archived=True)
    await expect(ada.composer).to_have_attribute("placeholder", re.compile("archived"))
    await ada.says("wake up")

    await expect(ada.messages_of("librarian").last).to_contain_text("wake up")
    await expect(ada.composer).to_have_attribute("placeholder", "Message old thread")


async def test_the_theme_can_be_chosen(enter: Enter) -> None:
    """The page follows the system until one chooses, and remembers the choice."""
    ada = await enter("painter", dark=True)
    shade = "getComputedStyle(document.body).colorScheme + document.documentElement.dataset.theme"
    assert "undefined" in str(await ada.page.evaluate(shade))
    await ada.page.get_by_role("button", name="Light theme").click()
    await ada.page.reload()
    await expect(ada.page.get_by_role("button", name="Dark theme")).to_be_visible()

    assert "light" in str(await ada.page.evaluate(shade))


async def test_a_name_that_cannot_come_in_is_explained(stage: Stage) -> None:
    """A name that the playground refuses leads to a sentence, not to an endless wait."""
    context = await stage.browser.new_context(locale="en-US")
    page = await context.new_page()
    await page.goto(f"{stage.playground.base_url}/?as=no spaces!")

    await expect(page.get_by_text("This name can't come in.")).to_be_visible()
    await context.close()


async def test_colours_of_a_terminal_are_shown(enter: Enter, stage: Stage) -> None:
    """An `ansi` block has its colours and none of its escape sequences; others stay as they are."""
    ada = await enter("colourist")
    coloured = "\x1b[1;32mok\x1b[0m plain \x1b[31;44mbad\x1b[39m still\x1b[2K"
    await stage.bot.general.send(f"```ansi\n{coloured}\n```")
    pre = (await ada.sees("plain")).locator("pre")

    await expect(pre).to_have_text("ok plain bad still")
    await expect(pre.get_by_text("ok", exact=True)).to_have_class("ansi-bold ansi-front-2")
    await expect(pre.get_by_text("bad", exact=True)).to_have_class("ansi-front-1 ansi-back-4")
    await expect(pre.get_by_text("still", exact=True)).to_have_class("ansi-back-4")
