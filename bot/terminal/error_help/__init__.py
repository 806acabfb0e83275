"""Errors that learners meet, explained: why, and what to do, with their own names filled in.

    explain_failure(line, output, exit_code)   the known error that a command met, or None
    with_command_line, with_engine             names for ids, and what was meant instead
    text_of(help, speech)                      two lines in the learner's language
    catalogue(speech), entry(id, speech)       every error that we can explain, by its stable id

model.py        what an error is, known and met      known/        the table: wordings of 24 to 29
recognising.py  an output → the error it ends with   typed.py      what the line says
silent.py       mistakes that succeed                naming.py     names, and did you mean
words.py        the text                             samples.py    how each message looks
mounts.py       files that a mount hides    cli_names.py  commands and flags that exist

Texts are in `errors.po`: `error_help.<id>.why` and `.do`, with variants `.with_<value>`.
"""

from __future__ import annotations

from bot.terminal.error_help.known import ALL_IDS
from bot.terminal.error_help.model import ContainerSeen, EngineSeen, ErrorHelp
from bot.terminal.error_help.naming import needs_engine, with_command_line, with_engine
from bot.terminal.error_help.recognising import explain_failure
from bot.terminal.error_help.words import CatalogueEntry, HelpText, catalogue, entry, text_of

__all__ = [
    "ALL_IDS",
    "CatalogueEntry",
    "ContainerSeen",
    "EngineSeen",
    "ErrorHelp",
    "HelpText",
    "catalogue",
    "entry",
    "explain_failure",
    "needs_engine",
    "text_of",
    "with_command_line",
    "with_engine",
]
