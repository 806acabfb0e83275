"""Docker commands typed in chat: mended, run, shown while they run, folded at the end.

_cog.py            which messages are commands, and /docker
_suggestions.py    how `/docker` could go on while it is typed
_run.py            one command, from the line to its last message
_showing.py        what goes on is shown until it is over
_live_message.py   post late, edit in turn, arrive in any case
_intake.py         output on its way to a screen
_render.py         how all of it looks
_cancel.py         the button that ends a command
_session.py        the life of one session, from its line to its last message
_session_typing.py   what is typed into it
_session_clock.py    how long it runs, and that nobody uses it
_session_drawing.py  when its screen is drawn, and where
_session_card.py   how it looks      _session_buttons.py  its keys
_session_desk.py   which sessions are live where; what a killed bot left
_edits.py          a message that was edited runs again
_sandbox_lines.py  a wait for a place, what ended with the last sandbox, what will end
_sandbox_buttons.py  start it again, keep it longer
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.features.terminal._cancel import CancelButton
from bot.features.terminal._cog import Terminal
from bot.features.terminal._sandbox_buttons import BUTTONS
from bot.features.terminal._session_buttons import KeyButton

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def setup(bot: DocentBot) -> None:
    """Called by discord.py when the bot loads this feature."""
    bot.add_dynamic_items(CancelButton, KeyButton, *BUTTONS)
    await bot.add_cog(Terminal(bot))
