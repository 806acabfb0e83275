"""Edits: what is drawn as before is left alone, what changed acts as it now reads."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

import discord
import pytest
from discord import ui
from PIL import Image
from playwright.async_api import Locator, expect

from tests.e2e.page.conftest import Enter, Stage
from tests.e2e.page.practice_bot import log_file

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TOPICS = ("Disks", "Networks", "Logs")
HEARD_WITHIN_S = 15

Heard = asyncio.Queue[str]


class Say(ui.Button[ui.LayoutView]):
    """Notes the id under which it was pressed."""

    def __init__(self, heard: Heard, label: str, custom_id: str, *, disabled: bool = False) -> None:
        super().__init__(label=label, custom_id=custom_id, disabled=disabled)
        self.heard = heard

    async def callback(self, interaction: discord.Interaction) -> None:
        """Note it."""
        self.heard.put_nowait(str(self.custom_id))
        await interaction.response.defer()


class Pick(ui.Select[ui.LayoutView]):
    """Notes its id and what was picked: one of its options, or up to `most` of them."""

    def __init__(
        self,
        heard: Heard,
        custom_id: str,
        options: Sequence[str] = TOPICS,
        *,
        most: int = 1,
        chosen: str = "",
    ) -> None:
        made = [discord.SelectOption(label=name, default=name == chosen) for name in options]
        super().__init__(custom_id=custom_id, max_values=most, options=made)
        self.heard = heard

    async def callback(self, interaction: discord.Interaction) -> None:
        """Note it."""
        self.heard.put_nowait(f"{self.custom_id} {self.values}")
        await interaction.response.defer()


def card(title: str, *items: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    """A card under a title."""
    view = ui.LayoutView(timeout=None)
    text: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay(f"## {title}")
    view.add_item(ui.Container(text, *items, accent_colour=0x2F9E8F))
    return view


def line(text: str) -> ui.TextDisplay[ui.LayoutView]:
    """A line of a card."""
    return ui.TextDisplay(text)


def row(*items: ui.Item[ui.LayoutView]) -> ui.ActionRow[ui.LayoutView]:
    """A row of a card."""
    return ui.ActionRow(*items)


def picture(colour: str) -> discord.File:
    """A picture of one colour; all of them have the same name."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(data, "PNG")
    return discord.File(io.BytesIO(data.getvalue()), filename="plot.png")


async def mark(node: Locator) -> None:
    """Note on the node itself that it was there."""
    await node.evaluate("(node) => { node.marked = true }")


async def is_marked(node: Locator) -> bool:
    """Whether this is the very node that was there when it was marked."""
    return bool(await node.evaluate("(node) => Boolean(node.marked)"))


async def pressed(heard: Heard, name: str, on: Locator) -> str:
    """Press a button of a card, and tell what the bot noted."""
    await on.get_by_role("button", name=name, exact=True).click()
    return await asyncio.wait_for(heard.get(), HEARD_WITHIN_S)


async def test_what_is_the_same_is_left_alone(enter: Enter, stage: Stage) -> None:
    """Choices so far, the focus and an open file stay while a count goes up."""
    heard: Heard = asyncio.Queue()

    def poll(answered: int) -> ui.LayoutView:
        return card(
            "Undecided",
            line(f"{answered} answered"),
            ui.File("attachment://output.log"),
            row(Pick(heard, "topics", most=3)),
            row(Say(heard, "Skip", "skip")),
        )

    ada = await enter("undecided")
    sent = await stage.bot.general.send(view=poll(1), file=log_file())
    shown = await ada.sees("Undecided")
    await shown.get_by_role("button", name="Expand").click()
    await expect(shown.locator("pre")).to_contain_text("log line 7")
    await shown.get_by_role("option", name="Networks").click()
    skip = shown.get_by_role("button", name="Skip")
    await skip.focus()
    await mark(skip)
    await sent.edit(view=poll(2))
    await expect(shown).to_contain_text("2 answered")

    assert await is_marked(skip)
    await expect(skip).to_be_focused()
    await expect(shown.locator("pre")).to_contain_text("log line 7")
    await shown.get_by_role("option", name="Logs").click()
    assert await pressed(heard, "Done", shown) == "topics ['Networks', 'Logs']"
    assert await pressed(heard, "Skip", shown) == "skip"


async def test_what_looks_the_same_acts_under_its_new_id(enter: Enter, stage: Stage) -> None:
    """The next question has the same letters as the one before it."""
    heard: Heard = asyncio.Queue()

    def question(number: int) -> ui.LayoutView:
        reader = Say(heard, "Read", f"read-{number}")
        return card(
            "Letters",
            line(f"Question {number}"),
            ui.Section(line("The lesson"), accessory=reader),
            row(Say(heard, "A", f"a-{number}"), Say(heard, "B", f"b-{number}")),
            row(Pick(heard, f"topics-{number}", most=2)),
        )

    ada = await enter("reader")
    sent = await stage.bot.general.send(view=question(1))
    shown = await ada.sees("Letters")
    await shown.get_by_role("option", name="Disks").click()
    assert await pressed(heard, "A", shown) == "a-1"
    await sent.edit(view=question(2))
    await expect(shown).to_contain_text("Question 2")

    for name, custom_id in (("A", "a-2"), ("B", "b-2"), ("Read", "read-2")):
        assert await pressed(heard, name, shown) == custom_id
    await shown.get_by_role("option", name="Logs").click()
    assert await pressed(heard, "Done", shown) == "topics-2 ['Logs']"


async def test_what_moved_acts_where_it_now_is(enter: Enter, stage: Stage) -> None:
    """Buttons change places, lines come before them, and each still does what it says."""
    heard: Heard = asyncio.Queue()
    first, second, third = (Say(heard, each, each.lower()) for each in ("Run", "Stop", "Look"))
    ada = await enter("mover")
    sent = await stage.bot.general.send(view=card("Moving", row(first, second, third)))
    shown = await ada.sees("Moving")
    await expect(shown.get_by_role("button", name="Look")).to_be_visible()
    first, second, third = (Say(heard, each, each.lower()) for each in ("Run", "Stop", "Look"))
    await sent.edit(view=card("Moving", line("in between"), row(third, first), row(second)))
    await expect(shown).to_contain_text("in between")

    buttons = shown.locator(".action-row button")
    await expect(buttons).to_have_text(["Look", "Run", "Stop"])
    for name in ("Run", "Stop", "Look"):
        assert await pressed(heard, name, shown) == name.lower()
    await sent.edit(view=card("Moving", row(Say(heard, "Look", "look"))))
    await expect(buttons).to_have_text(["Look"])
    assert await pressed(heard, "Look", shown) == "look"


async def test_states_follow_the_message(enter: Enter, stage: Stage) -> None:
    """Disabled or not, what is chosen, which options there are: as the last edit says."""
    heard: Heard = asyncio.Queue()

    def form(*, closed: bool, chosen: str, options: Sequence[str] = TOPICS) -> ui.LayoutView:
        pick = Pick(heard, "one", options, chosen=chosen)
        return card("Form", row(Say(heard, "Send", "send", disabled=closed)), row(pick))

    ada = await enter("filler")
    sent = await stage.bot.general.send(view=form(closed=False, chosen="Disks"))
    shown = await ada.sees("Form")
    send, one = shown.get_by_role("button", name="Send"), shown.get_by_role("combobox")
    await expect(one).to_have_value("Disks")
    await sent.edit(view=form(closed=True, chosen="Logs"))
    await expect(send).to_be_disabled()
    await expect(one).to_have_value("Logs")
    await sent.edit(view=form(closed=False, chosen="", options=("Logs", "Ports")))
    await expect(send).to_be_enabled()
    await expect(one).to_have_value("")

    await expect(one.locator("option[value=Disks]")).to_have_count(0)
    assert await pressed(heard, "Send", shown) == "send"


async def test_a_choice_that_was_sent_can_be_made_again(enter: Enter, stage: Stage) -> None:
    """A select that sends at once is empty after the next edit; its neighbours are left alone."""
    heard: Heard = asyncio.Queue()

    def lessons(opened: int) -> ui.LayoutView:
        picks = (Pick(heard, "again"), Pick(heard, "other", most=2))
        return card("Lessons", line(f"{opened} opened"), *(row(each) for each in picks))

    ada = await enter("repeater")
    sent = await stage.bot.general.send(view=lessons(0))
    shown = await ada.sees("Lessons")
    many, one = shown.get_by_role("listbox"), shown.get_by_role("combobox")
    await many.get_by_role("option", name="Networks").click()
    await one.select_option("Logs")
    assert await asyncio.wait_for(heard.get(), HEARD_WITHIN_S) == "again ['Logs']"
    await sent.edit(view=lessons(1))
    await expect(shown).to_contain_text("1 opened")

    await expect(one).to_have_value("")
    await expect(many).to_have_values(["Networks"])


async def test_a_picture_is_loaded_again_only_when_it_is_another(
    enter: Enter, stage: Stage
) -> None:
    """Another file under the same name is shown; the same one doesn't flicker."""

    def plot(points: int) -> ui.LayoutView:
        gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(
            discord.MediaGalleryItem("attachment://plot.png")
        )
        return card("Plot", line(f"{points} points"), gallery)

    ada = await enter("viewer")
    sent = await stage.bot.general.send(view=plot(1), file=picture("red"))
    shown = await ada.sees("Plot")
    image = shown.get_by_role("img", name="plot.png")
    await expect(image).to_have_js_property("naturalWidth", 8)
    before = await image.get_attribute("src")
    await mark(image)
    await sent.edit(view=plot(2))
    await expect(shown).to_contain_text("2 points")
    assert await is_marked(image)
    await sent.edit(view=plot(3), attachments=[picture("blue")])
    await expect(shown).to_contain_text("3 points")

    assert await image.get_attribute("src") != before
    await expect(image).to_have_js_property("naturalWidth", 8)


async def test_names_in_a_line_that_did_not_change_are_those_of_now(
    enter: Enter, stage: Stage
) -> None:
    """A mention shows what the thread is called at the time of the edit."""
    thread = await stage.bot.make_channel_thread("first name")

    def notice(edits: int) -> ui.LayoutView:
        return card("Notice", line(f"Ask in <#{thread.id}>"), line(f"{edits} edits"))

    ada = await enter("namer")
    sent = await stage.bot.general.send(view=notice(0))
    shown = await ada.sees("Notice")
    await expect(shown).to_contain_text("Ask in first name")
    await thread.edit(name="second name")
    await expect(ada.page.get_by_role("link", name="second name", exact=True)).to_be_visible()
    await sent.edit(view=notice(1))

    await expect(shown).to_contain_text("1 edits")
    await expect(shown).to_contain_text("Ask in second name")


async def test_a_reaction_beside_a_new_one_is_still_its_own(enter: Enter, stage: Stage) -> None:
    """It stays as it is, and a press counts for it."""
    ada = await enter("cheerful")
    sent = await stage.bot.general.send("who reacts?")
    await sent.add_reaction("👍")
    shown = await ada.sees("who reacts?")
    thumb = shown.get_by_role("button", name="👍 reaction, 1")
    await mark(thumb)
    await sent.add_reaction("🎉")
    await expect(shown.get_by_role("button", name="🎉 reaction, 1")).to_be_visible()
    assert await is_marked(thumb)
    await thumb.click()

    await expect(shown.get_by_role("button", name="👍 reaction, 2")).to_be_visible()
    await expect(shown.get_by_role("button", name="🎉 reaction, 1")).to_be_visible()
