"""/challenge and /duel, and the judgements that follow commands and looks at pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.challenge import rules
from bot.classroom.challenge_views import Challenge
from bot.classroom.commands import CommandEnded
from bot.classroom.duels import Proposal
from bot.errors import LearnerError
from bot.features.challenge import _labs, _mine
from bot.features.challenge._runner import Runner
from bot.features.challenge._table import table_button
from bot.on_error import as_learner_error, report_bug
from bot.ui.destination import Destination
from bot.ui.home import enrolled
from bot.ui.instructing import language_for_all, require_instructor, server_of
from bot.ui.layout import note, row
from bot.ui.lesson_option import suggest_lessons

if TYPE_CHECKING:
    from bot.bot import DocentBot

log = structlog.get_logger(__name__)

MINUTES: Final = 30
FREEZE_MINUTES: Final = 5
Minutes = app_commands.Range[int, rules.SHORTEST_MIN, rules.LONGEST_MIN]
Freeze = app_commands.Range[int, 0, rules.FREEZE_MOST_MIN]
Faults = app_commands.Range[int, 1, rules.MOST_FAULTS_OF_A_DUEL]
Somebody = discord.Member | discord.Role


class ChallengeCog(
    commands.GroupCog,
    name="Challenge",
    group_name=locale_str("challenge", key="command.challenge.name"),
    group_description=locale_str(
        "The same tasks on everybody's engine, at the same time",
        key="command.challenge.description",
    ),
):
    """Opens challenges and duels; `runner` drives them."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.runner = Runner(bot)
        super().__init__()

    async def cog_load(self) -> None:
        """Go on with all that were under way."""
        for challenge_id in await self._bot.classroom.challenges.load():
            self.runner.go_on(challenge_id)

    async def cog_unload(self) -> None:
        """The next start goes on."""
        await self.runner.close()

    @app_commands.command(
        name=locale_str("start", key="command.challenge.start.name"),
        description=locale_str(
            "For instructors: a lesson or an incident on everybody's engine, at the same time",
            key="command.challenge.start.description",
        ),
    )
    @app_commands.rename(
        lesson=locale_str("lesson", key="command.challenge.lesson.name"),
        minutes=locale_str("minutes", key="command.challenge.minutes.name"),
        freeze=locale_str("freeze", key="command.challenge.freeze.name"),
    )
    @app_commands.describe(
        lesson=locale_str(
            "Number or name of the lesson; without it, the incident",
            key="command.challenge.lesson.description",
        ),
        minutes=locale_str(
            "How long it lasts; 30 unless you say otherwise",
            key="command.challenge.minutes.description",
        ),
        freeze=locale_str(
            "The board stands still for so many minutes before the end; 5, or 0 for never",
            key="command.challenge.freeze.description",
        ),
    )
    @app_commands.guild_only()
    @app_commands.autocomplete(lesson=suggest_lessons)
    async def start(
        self,
        interaction: discord.Interaction[DocentBot],
        lesson: str | None = None,
        minutes: Minutes = MINUTES,
        freeze: Freeze = FREEZE_MINUTES,
    ) -> None:
        """Open the lobby of a challenge in this channel."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self._bot, interaction)
        language = language_for_all(interaction.guild_locale)
        desk = self._bot.classroom.lessons
        if lesson is None or not lesson.strip():
            chosen = self._bot.classroom.duels.lesson()
        else:
            chosen = desk.find(lesson, self._bot.speeches.at_once_to(interaction).language)
        channel = _channel(interaction)
        made = await self._bot.classroom.challenges.create(
            server_id=server_of(interaction),
            channel_id=channel.id,
            lesson=chosen,
            language=language,
            minutes=minutes,
            freeze_minutes=freeze,
        )
        await self.post(interaction, made, channel)

    @app_commands.command(
        name=locale_str("show", key="command.challenge.show.name"),
        description=locale_str(
            "For instructors: post the board of the challenge here, also of the last one",
            key="command.challenge.show.description",
        ),
    )
    @app_commands.guild_only()
    async def show(self, interaction: discord.Interaction[DocentBot]) -> None:
        """Post the board anew, where its channel or its message was deleted; results as well."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self._bot, interaction)
        channel = _channel(interaction)
        book = self._bot.classroom.challenges
        challenge = await book.to_show(server_of(interaction), channel.id)
        await self.post(interaction, challenge, channel, new=False)

    @commands.Cog.listener()
    async def on_command_ended(self, ended: CommandEnded, destination: Destination) -> None:
        """A command is over and shown: see whether it did a task."""
        await self._judge(ended.learner_id, destination)

    @commands.Cog.listener()
    async def on_page_seen(self, learner_id: int, destination: Destination) -> None:
        """A page was looked at: see whether that did a task."""
        await self._judge(learner_id, destination)

    @commands.Cog.listener()
    async def on_learner_forgotten(self, learner_id: int) -> None:
        """Everything about somebody was deleted, their engine with it."""
        self._bot.classroom.challenges.forget(learner_id)

    @commands.Cog.listener()
    async def on_server_left(self, server_id: int) -> None:
        """The bot was taken out of this server: everybody gets their engine back now."""
        for challenge_id in await self._bot.classroom.challenges.server_gone(server_id):
            self.runner.drive(challenge_id)

    async def _judge(self, learner_id: int, destination: Destination) -> None:
        number = self._bot.classroom.challenges.playing(learner_id)
        if number is None:
            return
        at = self._bot.classroom.challenges.now()
        # The end waits for what was done before it, also while that waits for its turn. In order,
        # so that an older judgement never paints over a newer one.
        with self._bot.classroom.challenge_judging.under_way(number):
            async with self._bot.aftermath.of(learner_id):
                solved = await self._judge_in_turn(number, learner_id, at, destination)
        if solved:
            self.runner.ring(number)

    async def _judge_in_turn(
        self, number: int, learner_id: int, at: datetime, destination: Destination
    ) -> bool:
        """Judge, and say what was solved; whether something was."""
        try:
            judged = await self._bot.classroom.challenge_judging.judge(learner_id, at)
        except Exception as error:  # noqa: BLE001 - the command's own result stands already
            if as_learner_error(error) is None:
                report_bug(error, learner_id=learner_id, event_name="challenge")
            say = self._bot.speeches.at_once_to_learner(learner_id)
            await destination.send(view=note(say("challenge.check_failed")))
            return False
        if judged is None or not judged.solved:
            return False
        say = await self._bot.speeches.to_learner(learner_id)
        prose = self._bot.classroom.lessons.text(judged.mine.lesson, say.language)
        await destination.send(view=_mine.solved_note(judged, prose, say))
        await _labs.refresh_card(self._bot, number, learner_id)
        return True

    async def post(
        self,
        interaction: discord.Interaction[DocentBot],
        challenge: Challenge,
        channel: discord.abc.Messageable,
        *,
        new: bool = True,
    ) -> None:
        """Show the board in the channel; a new challenge without a board is none."""
        book = self._bot.classroom.challenges
        try:
            await self.runner.painter.post(await book.must_have_board(challenge.id), channel)
        except BaseException:
            if new:
                # The runner ends what has no board, as soon as the database can be used.
                self.runner.drive(challenge.id)
            raise
        self.runner.drive(challenge.id)
        say = await self._bot.speeches.to(interaction)
        if challenge.phase in ("running", "ended"):
            said = note(say("challenge.shown"), row(table_button(challenge.id, say)))
        else:
            said = note(say("duel.posted" if challenge.kind == "duel" else "challenge.posted"))
        await interaction.followup.send(view=said, ephemeral=True)


class DuelCog(commands.Cog, name="Duel"):
    """Lets learners challenge each other."""

    def __init__(self, bot: DocentBot, challenge: ChallengeCog) -> None:
        self._bot = bot
        self._challenge = challenge

    @app_commands.command(
        name=locale_str("duel", key="command.duel.name"),
        description=locale_str(
            "Challenge somebody, or a team: who repairs first wins",
            key="command.duel.description",
        ),
    )
    @app_commands.rename(
        opponent=locale_str("opponent", key="command.duel.opponent.name"),
        opponent2=locale_str("opponent2", key="command.duel.opponent2.name"),
        opponent3=locale_str("opponent3", key="command.duel.opponent3.name"),
        team=locale_str("team", key="command.duel.team.name"),
        mate2=locale_str("mate2", key="command.duel.mate2.name"),
        faults=locale_str("faults", key="command.duel.faults.name"),
    )
    @app_commands.describe(
        opponent=locale_str(
            "Whom you challenge: a person, or the role of a team",
            key="command.duel.opponent.description",
        ),
        opponent2=locale_str(
            "A second one of their side", key="command.duel.opponent2.description"
        ),
        opponent3=locale_str("A third one of their side", key="command.duel.opponent3.description"),
        team=locale_str(
            "Who is with you: a person, or the role of your team",
            key="command.duel.team.description",
        ),
        mate2=locale_str("A second one of your side", key="command.duel.mate2.description"),
        faults=locale_str(
            "How many things are broken on each side; 3 unless you say otherwise",
            key="command.duel.faults.description",
        ),
    )
    @app_commands.guild_only()
    async def duel(
        self,
        interaction: discord.Interaction[DocentBot],
        opponent: Somebody,
        opponent2: discord.Member | None = None,
        opponent3: discord.Member | None = None,
        team: Somebody | None = None,
        mate2: discord.Member | None = None,
        faults: Faults = rules.FAULTS_OF_A_DUEL,
    ) -> None:
        """Propose a duel in this channel."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await enrolled(self._bot, interaction)
        by_role = isinstance(opponent, discord.Role)
        if by_role != isinstance(team, discord.Role) and (by_role or team is not None):
            raise LearnerError("duel.two_roles")
        if by_role and any((opponent2, opponent3, mate2)):
            raise LearnerError("duel.two_roles")
        channel = _channel(interaction)
        proposal = Proposal(
            server_id=server_of(interaction),
            channel_id=channel.id,
            language=language_for_all(interaction.guild_locale),
            proposer=(interaction.user.id, interaction.user.display_name),
            opponents=_people(opponent, opponent2, opponent3),
            mates=_people(team, mate2),
            own_role=team.id if isinstance(team, discord.Role) else None,
            other_role=opponent.id if isinstance(opponent, discord.Role) else None,
            faults=faults,
        )
        if by_role:
            _must_have_role(interaction, proposal.own_role)
        made = await self._bot.classroom.duels.propose(proposal)
        await self._challenge.post(interaction, made, channel)


def _people(*given: Somebody | None) -> Sequence[tuple[int, str]]:
    people = [each for each in given if isinstance(each, discord.Member)]
    if any(person.bot for person in people):
        raise LearnerError("duel.no_bots")
    return [(person.id, person.display_name) for person in people]


def _must_have_role(interaction: discord.Interaction[DocentBot], role_id: int | None) -> None:
    user = interaction.user
    if not isinstance(user, discord.Member) or role_id not in [role.id for role in user.roles]:
        raise LearnerError("duel.not_your_side")


def _channel(
    interaction: discord.Interaction[DocentBot],
) -> discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread:
    """The channel of a server where this happens; `LearnerError` in others."""
    channel = interaction.channel
    if isinstance(
        channel,
        discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread,
    ):
        return channel
    raise LearnerError("class.only_in_server")
