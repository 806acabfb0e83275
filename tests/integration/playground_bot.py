"""A small bot that touches every surface which Docent uses, for the playground's own tests."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
from discord import app_commands, ui

from bot.discord_url import point_at
from playground import Playground

Interaction = discord.Interaction["TestBot"]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000002000000030802000000368849d6"
    "0000000b49444154789c636040060000090001b1e2fa0f0000000049454e44ae426082"
)


class Feedback(ui.Modal, title="Feedback"):
    """A modal with a text, a select and a file."""

    name: ui.Label["Feedback"] = ui.Label(text="Name", component=ui.TextInput(custom_id="name"))
    topic: ui.Label["Feedback"] = ui.Label(
        text="Topic",
        component=ui.Select(
            custom_id="topic",
            options=[discord.SelectOption(label="A"), discord.SelectOption(label="B")],
        ),
    )
    file: ui.Label["Feedback"] = ui.Label(
        text="File", component=ui.FileUpload(custom_id="file", required=False, min_values=0)
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        assert isinstance(self.name.component, ui.TextInput)
        assert isinstance(self.topic.component, ui.Select)
        assert isinstance(self.file.component, ui.FileUpload)
        sizes = [len(await file.read()) for file in self.file.component.values]
        text = f"{self.name.component.value} {self.topic.component.values} {sizes}"
        await interaction.followup.send(text, ephemeral=True)


class Panel(ui.View):
    """Buttons and selects that outlive a restart."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @ui.button(label="Form", custom_id="panel:form")
    async def form(self, interaction: discord.Interaction, _: ui.Button["Panel"]) -> None:
        await interaction.response.send_modal(Feedback())

    @ui.button(label="Bump", custom_id="panel:bump")
    async def bump(self, interaction: discord.Interaction, _: ui.Button["Panel"]) -> None:
        await interaction.response.edit_message(content="bumped", view=self)

    @ui.button(label="Slow", custom_id="panel:slow")
    async def slow(self, interaction: discord.Interaction, _: ui.Button["Panel"]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="slow done")

    @ui.select(
        custom_id="panel:pick", options=[discord.SelectOption(label=x, value=x) for x in "xyz"]
    )
    async def pick(self, interaction: discord.Interaction, select: ui.Select["Panel"]) -> None:
        await interaction.response.send_message(f"picked {select.values}", ephemeral=True)

    @ui.select(cls=ui.UserSelect, custom_id="panel:who")
    async def who(self, interaction: discord.Interaction, select: ui.UserSelect["Panel"]) -> None:
        chosen = select.values[0].display_name
        await interaction.response.send_message(f"chose {chosen}", ephemeral=True)


class More(ui.ActionRow["Card"]):
    """The card's button."""

    @ui.button(label="More", custom_id="card:more")
    async def more(self, interaction: discord.Interaction, _: ui.Button["Card"]) -> None:
        layout = ui.LayoutView()
        layout.add_item(ui.TextDisplay("no more"))
        await interaction.response.edit_message(view=layout, attachments=[])


class Card(ui.LayoutView):
    """Components V2 of every kind."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        box: ui.Container[Card] = ui.Container(accent_colour=0x2A7B9B)
        box.add_item(ui.TextDisplay("# 강의"))
        box.add_item(ui.Section("Text", accessory=ui.Thumbnail("attachment://picture.png")))
        box.add_item(ui.Separator())
        box.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://picture.png")))
        box.add_item(ui.File("attachment://notes.txt"))
        box.add_item(More())
        self.add_item(box)


class TestBot(discord.Client):
    """Answers `!word` in channels, everything in direct messages, and its commands."""

    __test__ = False

    def __init__(self) -> None:
        intents = discord.Intents.default()
        intents.message_content = True
        intents.members = True
        super().__init__(intents=intents, guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)
        self.ready = asyncio.Event()
        self.seen: list[str] = []
        _add_commands(self.tree)

    async def setup_hook(self) -> None:
        self.add_view(Panel())
        await self.tree.sync()

    async def on_ready(self) -> None:
        self.seen.append("ready")
        self.ready.set()

    async def on_resumed(self) -> None:
        self.seen.append("resumed")

    async def on_member_join(self, member: discord.Member) -> None:
        self.seen.append(f"joined {member.name}")

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.seen.append(f"reaction {event.emoji}")

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.seen.append(f"thread {thread.name}")

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        if message.guild is None:
            await message.channel.send(f"you said {message.content}")
        elif message.content.startswith("!"):
            word, _, rest = message.content[1:].partition(" ")
            await getattr(self, f"do_{word}")(message, rest)
        else:
            self.seen.append(message.content)

    async def do_echo(self, message: discord.Message, rest: str) -> None:
        async with message.channel.typing():
            file = discord.File(io.BytesIO(b"hi"), "hi.txt", description="a file")
            await message.reply(f"echo {rest}", file=file)
        await message.add_reaction("👍")

    async def do_read(self, message: discord.Message, _: str) -> None:
        data = await message.attachments[0].read()
        await message.channel.send(f"read {len(data)}")

    async def do_say(self, message: discord.Message, rest: str) -> None:
        await message.channel.send(rest)

    async def do_edit(self, message: discord.Message, rest: str) -> None:
        sent = await message.channel.send("first")
        await sent.edit(content=rest)

    async def do_lab(self, message: discord.Message, rest: str) -> None:
        assert isinstance(message.channel, discord.TextChannel)
        lab = await message.channel.create_thread(
            name=rest, type=discord.ChannelType.private_thread, invitable=False
        )
        await lab.add_user(message.author)
        await lab.send("welcome")

    async def do_archive(self, message: discord.Message, _: str) -> None:
        assert isinstance(message.channel, discord.Thread)
        await message.channel.edit(archived=True)

    async def do_public(self, message: discord.Message, rest: str) -> None:
        thread = await message.create_thread(name=rest)
        await thread.send("in the thread")

    async def do_history(self, message: discord.Message, _: str) -> None:
        found = [m.content async for m in message.channel.history(limit=3)]
        fetched = await message.channel.fetch_message(message.id)
        gone = await message.channel.send("bye")
        await gone.delete()
        await message.channel.send(f"{found} {fetched.content}")

    async def do_dm(self, message: discord.Message, _: str) -> None:
        await message.author.send("hello in private")

    async def do_pin(self, message: discord.Message, _: str) -> None:
        await message.pin()

    async def do_panel(self, message: discord.Message, _: str) -> None:
        await message.channel.send("panel", view=Panel())

    async def do_embed(self, message: discord.Message, rest: str) -> None:
        embed = discord.Embed(title=rest, description="text", colour=0x336699)
        embed.add_field(name="field", value="value").set_image(url="attachment://picture.png")
        file = discord.File(io.BytesIO(PICTURE), "picture.png")
        await message.channel.send(embed=embed, file=file)


def _add_commands(tree: app_commands.CommandTree[TestBot]) -> None:
    @tree.command(name="ping", description="Answers, edits, follows up")
    async def ping(interaction: Interaction, text: str = "x") -> None:
        answer = await interaction.response.send_message(f"pong {text}")
        assert answer.message_id
        original = await interaction.original_response()
        await interaction.edit_original_response(content=f"{original.content} edited")
        further = await interaction.followup.send("further", wait=True)
        await further.edit(content="further edited")

    @ping.autocomplete("text")
    async def complete(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current + s, value=current + s) for s in "ab"]

    @tree.command(name="panel", description="Buttons and selects")
    async def panel(interaction: Interaction) -> None:
        await interaction.response.send_message("panel", view=Panel())

    @tree.command(name="card", description="Components V2, for you alone")
    async def card(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        files = [
            discord.File(io.BytesIO(PICTURE), "picture.png"),
            discord.File(io.BytesIO(b"notes"), "notes.txt"),
        ]
        await interaction.followup.send(view=Card(), files=files, ephemeral=True)

    @tree.command(name="upload", description="A file, a member, a channel")
    async def upload(
        interaction: Interaction,
        file: discord.Attachment,
        who: discord.Member,
        where: discord.TextChannel,
    ) -> None:
        data = await file.read()
        copy = discord.File(io.BytesIO(data), "copy.bin")
        text = f"{file.filename} {len(data)} {who.name} {where.name} {interaction.locale}"
        await interaction.response.send_message(text, file=copy)

    @tree.command(name="long", description="Says too much")
    async def long(interaction: Interaction) -> None:
        try:
            await interaction.response.send_message("x" * 2001)
        except discord.HTTPException as refused:
            await interaction.response.send_message(f"{refused.status} {refused.code}")

    @tree.command(name="late", description="Answers too late")
    async def late(interaction: Interaction) -> None:
        await asyncio.sleep(0.4)
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as refused:
            interaction.client.seen.append(f"refused {refused.code}")

    @tree.context_menu(name="Quote")
    async def quote(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content}")

    @tree.context_menu(name="Who")
    async def who(interaction: Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"it is {member.name}", ephemeral=True)

    group = app_commands.Group(
        name="class", description="For instructors", default_permissions=discord.Permissions(32)
    )

    @group.command(name="open", description="Open a class")
    async def open_class(interaction: Interaction, name: str) -> None:
        await interaction.response.send_message(f"opened {name}")

    tree.add_command(group)


@asynccontextmanager
async def running_bot(playground: Playground) -> AsyncIterator[TestBot]:
    """A bot that is logged in at the playground; it is closed at the end."""
    point_at(playground.base_url)
    bot = TestBot()
    serving = asyncio.create_task(bot.start(playground.token))
    try:
        ready = asyncio.create_task(bot.ready.wait())
        done, _ = await asyncio.wait(
            {serving, ready}, timeout=15, return_when=asyncio.FIRST_COMPLETED
        )
        assert ready in done, serving.exception() if serving.done() else "not ready in time"
        yield bot
    finally:
        await bot.close()
        with suppress(asyncio.CancelledError):
            await serving
