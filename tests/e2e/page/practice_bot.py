"""A bot that shows all that the page can draw and answers all that the page can ask."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
from discord import app_commands, ui

from bot.discord_url import point_at
from playground.app import Playground

READY_WITHIN_S = 10.0
WIDE_LINE = "3f4a0c1b2d3e   nginx   " + "0.0.0.0:80->80/tcp   " * 12


class PracticeBot(discord.Client):
    """What tests need of a bot: commands, cards, dialogs, and a hand that writes messages."""

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        super().__init__(intents=intents)
        self.tree = app_commands.CommandTree(self)
        self.answers: list[str] = []
        self.ready = asyncio.Event()

    async def setup_hook(self) -> None:
        """Register what people can type."""
        for command in _commands(self):
            self.tree.add_command(command)
        await self.tree.sync()

    async def on_ready(self) -> None:
        """Tell the tests that they may begin."""
        self.ready.set()

    @property
    def general(self) -> discord.TextChannel:
        """Where the tests talk."""
        return next(
            channel for channel in self.guilds[0].text_channels if channel.name == "general"
        )

    async def make_channel_thread(self, name: str) -> discord.Thread:
        """A public thread of this name in #general."""
        return await self.general.create_thread(name=name, type=discord.ChannelType.public_thread)


def _commands(bot: PracticeBot) -> list[app_commands.Command[app_commands.Group, ..., None]]:
    @app_commands.command(name="greet", description="Says hello, to you alone")
    async def greet(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Hello, only to you!", ephemeral=True)

    @app_commands.command(name="echo", description="Says what you say")
    @app_commands.describe(text="What to say", times="How often")
    async def echo(interaction: discord.Interaction, text: str, times: int = 1) -> None:
        await interaction.response.send_message(f"echo[{text}]x{times}")

    @app_commands.command(name="fruit", description="Chooses a fruit")
    @app_commands.describe(name="Which fruit")
    async def fruit(interaction: discord.Interaction, name: str) -> None:
        await interaction.response.send_message(f"fruit[{name}]")

    @fruit.autocomplete("name")
    async def fruits(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = {"Apple": "fruit-1", "Apricot": "fruit-2", "Banana": "fruit-3"}
        return [
            app_commands.Choice(name=name, value=value)
            for name, value in known.items()
            if name.lower().startswith(typed.lower())
        ]

    @app_commands.command(name="silent", description="Never answers")
    async def silent(_: discord.Interaction) -> None:
        return

    @app_commands.command(name="card", description="Shows a card")
    async def card(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Card(bot), files=[log_file()])

    made: list[app_commands.Command[app_commands.Group, ..., None]] = [
        greet,
        echo,
        fruit,
        silent,
        card,
    ]
    return made


def log_file() -> discord.File:
    """A text file with more lines than a preview shows."""
    lines = "\n".join(f"log line {number}" for number in range(40))
    return discord.File(io.BytesIO(lines.encode()), filename="output.log")


class Card(ui.LayoutView):
    """A Components V2 card with everything on it that can be pressed."""

    def __init__(self, bot: PracticeBot) -> None:
        super().__init__(timeout=None)
        container: ui.Container[Card] = ui.Container(accent_colour=0x2F9E8F)
        container.add_item(ui.TextDisplay("## Practice card\nWith **bold** text"))
        container.add_item(ui.File("attachment://output.log"))
        container.add_item(ui.ActionRow(Press(bot), Ignore(), Ask(bot)))
        container.add_item(ui.ActionRow(OneLesson(bot)))
        container.add_item(ui.ActionRow(ManyTopics(bot)))
        self.add_item(container)


class Press(ui.Button[Card]):
    """Answers in its own place."""

    def __init__(self, bot: PracticeBot) -> None:
        super().__init__(label="Press me", style=discord.ButtonStyle.primary, custom_id="press")
        self.bot = bot

    async def callback(self, interaction: discord.Interaction) -> None:
        """Note it, and say so privately."""
        self.bot.answers.append("pressed")
        await interaction.response.send_message("You pressed it.", ephemeral=True)


class Ignore(ui.Button[Card]):
    """Leaves the interaction unanswered."""

    def __init__(self) -> None:
        super().__init__(label="Ignore me", custom_id="ignore")

    async def callback(self, _: discord.Interaction) -> None:
        """Nothing: the page has to say that it failed."""


class Ask(ui.Button[Card]):
    """Opens the dialog."""

    def __init__(self, bot: PracticeBot) -> None:
        super().__init__(label="Ask me", custom_id="ask")
        self.bot = bot

    async def callback(self, interaction: discord.Interaction) -> None:
        """Ask."""
        await interaction.response.send_modal(Question(self.bot))


class Question(ui.Modal, title="A question"):
    """A dialog with a text, a select and a file."""

    def __init__(self, bot: PracticeBot) -> None:
        super().__init__(custom_id="question")
        self.bot = bot
        self.answer: ui.TextInput[Question] = ui.TextInput(
            custom_id="answer", min_length=3, max_length=20
        )
        self.level: ui.Select[Question] = ui.Select(
            custom_id="level",
            options=[discord.SelectOption(label="Easy"), discord.SelectOption(label="Hard")],
        )
        self.files: ui.FileUpload[Question] = ui.FileUpload(custom_id="files", required=False)
        self.add_item(ui.Label(text="Your answer", component=self.answer))
        self.add_item(ui.Label(text="Level", component=self.level))
        self.add_item(ui.Label(text="Proof", component=self.files))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what was filled in."""
        names = [file.filename for file in self.files.values]
        said = f"answer[{self.answer.value}] level[{self.level.values[0]}] files{names}"
        await interaction.response.send_message(said)


class OneLesson(ui.Select[Card]):
    """A select of one."""

    def __init__(self, bot: PracticeBot) -> None:
        options = [
            discord.SelectOption(label="Containers", value="c", description="Run one"),
            discord.SelectOption(label="Images", value="i"),
        ]
        super().__init__(custom_id="lesson", placeholder="Choose a lesson", options=options)
        self.bot = bot

    async def callback(self, interaction: discord.Interaction) -> None:
        """Note what was chosen."""
        self.bot.answers.append(f"lesson {self.values}")
        await interaction.response.defer()


class ManyTopics(ui.Select[Card]):
    """A select of several."""

    def __init__(self, bot: PracticeBot) -> None:
        options = [discord.SelectOption(label=name) for name in ("Disks", "Networks", "Logs")]
        super().__init__(
            custom_id="topics", placeholder="Choose topics", max_values=3, options=options
        )
        self.bot = bot

    async def callback(self, interaction: discord.Interaction) -> None:
        """Note what was chosen."""
        self.bot.answers.append(f"topics {self.values}")
        await interaction.response.defer()


@asynccontextmanager
async def practice_bot(playground: Playground) -> AsyncIterator[PracticeBot]:
    """The bot, connected to a playground; it goes when the block is left."""
    point_at(playground.base_url)
    bot = PracticeBot()
    serving = asyncio.create_task(bot.start(playground.token))
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            await bot.ready.wait()
        yield bot
    finally:
        await bot.close()
        with suppress(asyncio.CancelledError):
            await serving
