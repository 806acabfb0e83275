"""A look at a learner's page, as a card with its picture: for /visit and every page button."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

from bot.terminal.address import Address
from bot.terminal.escape import code_block, in_block, inline_code, visible
from bot.terminal.page import PageText, describe_page
from bot.texts import Speech
from bot.ui.actions import custom_id, pattern
from bot.ui.destination import InteractionDestination
from bot.ui.home import at_home
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, WARN

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.visiting import Published, Visit

VISIT: Final = pattern("visit", r"(?P<port>[0-9]{1,5})", r"(?P<path>/[!-~]*)")
PICTURE: Final = "page.png"
LONGEST_ID: Final = 100
LONGEST_ALT: Final = 300
LONGEST_HEADERS: Final = 600
MOST_BUTTONS: Final = 5
MOST_LISTED: Final = 10


def visit_button(
    label: str,
    owner: int,
    port: int,
    path: str = "/",
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ui.Button[Card]:
    """Looks at a page of the owner's; the visit feature answers. A long path is left out."""
    given = custom_id("visit", owner, str(port), path)
    if len(given) > LONGEST_ID:
        given = custom_id("visit", owner, str(port), "/")
    return button(label[:80], given, style=style)


async def show_visit(
    bot: DocentBot, interaction: discord.Interaction[Any], address: Address
) -> None:
    """Visit for the person of this interaction, which is deferred here, and show it to them."""
    owner, public = interaction.user.id, await at_home(interaction)
    await interaction.response.defer(ephemeral=not public, thinking=True)
    visit = await bot.classroom.visits.visit(owner, address)
    speech = await bot.speeches.to(interaction)
    destination = InteractionDestination(interaction, ephemeral=not public)
    files = [] if visit.picture is None else [discord.File(BytesIO(visit.picture), PICTURE)]
    await destination.send(view=visit_card(visit, speech, owner=owner), files=files)
    bot.dispatch("page_seen", owner, destination)


def visit_card(visit: Visit, speech: Speech, *, owner: int) -> Card:
    """What was seen: status, title and the picture; its text and headers where there is none."""
    shown = describe_page(visit.page)
    items: list[ui.Item[Card]] = [text("\n".join(_lines(visit, shown, speech)))]
    if visit.picture is not None:
        items.append(_picture(shown, speech))
    elif shown.problem is None:
        items += [text(block) for block in _instead(visit, shown, speech)]
    else:
        items.append(text("\n".join(_nobody(visit, speech))))
    well = shown.answered_well and visit.page.problem is None
    return Card(panel(*items, colour=CALM if well else WARN), row(*_buttons(visit, speech, owner)))


def published_buttons(
    published: Sequence[Published], speech: Speech, owner: int
) -> list[ui.Button[Card]]:
    """One for each port, as many as stand in a row."""
    return [
        visit_button(speech("visit.button.port", port=each.port), owner, each.port)
        for each in published[:MOST_BUTTONS]
    ]


def _lines(visit: Visit, shown: PageText, speech: Speech) -> list[str]:
    lines = [speech("visit.head", address=inline_code(str(visit.address)))]
    if visit.hops:
        places = " → ".join(inline_code(hop.path, longest=60) for hop in visit.hops)
        lines.append(f"-# {speech('visit.followed', places=places)}")
    if shown.problem is not None:
        lines.append(speech(shown.problem, port=visit.address.port))
        return lines
    kind = plain(visit.page.content_type.partition(";")[0], most=60)
    lines.append("-# " + " · ".join(filter(None, (plain(shown.status), kind))))
    if shown.title:
        lines.append(f"### {plain(shown.title, most=120)}")
    if visit.aim is not None:
        lines.append(speech(_aim_key(visit), address=inline_code(visit.aim, longest=150)))
    if visit.page.problem is not None:
        lines.append(speech("visit.unfinished"))
    return lines


def _aim_key(visit: Visit) -> str:
    if visit.aim_here is None:
        return "visit.aim"
    return "visit.aim_round" if visit.aim_here.port == visit.address.port else "visit.aim_here"


def _picture(shown: PageText, speech: Speech) -> ui.MediaGallery[Card]:
    words = " ".join(visible(f"{shown.title} {shown.excerpt}").split())
    alt = speech("visit.alt", words=words)[:LONGEST_ALT]
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{PICTURE}", description=alt))


def _instead(visit: Visit, shown: PageText, speech: Speech) -> list[str]:
    """The page's text and headers, and why there is no picture."""
    blocks = []
    if shown.excerpt:
        blocks.append(f"```\n{shown.excerpt}\n```")
    if headers := _headers(visit):
        blocks.append(code_block(headers))
    if visit.why_no_picture is not None:
        key = f"visit.no_picture.{visit.why_no_picture}"
        blocks.append(f"-# {speech(key if key in speech else 'visit.no_picture.failed')}")
    return blocks


def _headers(visit: Visit) -> str:
    lines = [
        " ".join(visible(f"{name}: {value}").split())[:120] for name, value in visit.page.headers
    ]
    shown = ""
    for line in lines:
        if len(in_block(shown + line)) > LONGEST_HEADERS:
            break
        shown += line + "\n"
    return shown.rstrip()


def _nobody(visit: Visit, speech: Speech) -> list[str]:
    """What is there instead of the port that does not answer."""
    others = [each for each in visit.published if each.port != visit.address.port]
    if not visit.published:
        return [speech("visit.nothing_published")]
    if not others:
        return [speech("visit.only_this", container=inline_code(visit.published[0].container))]
    return [speech("visit.published"), *map(_published_line, others[:MOST_LISTED])]


def _published_line(each: Published) -> str:
    return f"- `localhost:{each.port}` {inline_code(each.container, longest=60)}"


def _buttons(visit: Visit, speech: Speech, owner: int) -> list[ui.Button[Card]]:
    """Again, where a redirect leads, and other ports; one page has one button."""
    address = visit.address
    port = address.port or 0
    buttons = [visit_button(speech("visit.button.again"), owner, port, address.path)]
    if (aim := visit.aim_here) is not None and aim.port is not None and aim.port != port:
        label = speech("visit.button.port", port=aim.port)
        buttons.append(visit_button(label, owner, aim.port, aim.path))
    passed = {port, aim.port if aim is not None else port}
    others = [each for each in visit.published if each.port not in passed]
    return (buttons + published_buttons(others, speech, owner))[:MOST_BUTTONS]
