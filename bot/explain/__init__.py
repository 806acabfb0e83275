"""Commands explained, in the learner's language, without running them; knows no Discord.

explain(line)                       a line taken apart: commands, parts, what is wrong
has_docker(line)                    whether any of its commands is docker's
describe_command(path, speech)      what `docker …` does, in one sentence
describe_flag(path, name, speech)   what one of its flags means, in one sentence
speak(said, speech)                 a sentence of an explanation

shell.py         a line as the shell reads it       cli_table.py   the engine's own command line
docker_words.py  the words of a docker command      arguments.py   by their places
values/          ports, volumes, memory, filters    saying.py      in a language
"""

from __future__ import annotations

from bot.explain.explaining import explain, has_docker
from bot.explain.said import Anything, Explanation, Part, Piece, Said
from bot.explain.saying import describe_command, describe_flag, speak

__all__ = [
    "Anything",
    "Explanation",
    "Part",
    "Piece",
    "Said",
    "describe_command",
    "describe_flag",
    "explain",
    "has_docker",
    "speak",
]
