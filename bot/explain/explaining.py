"""A line explained: each command in it, what it would do, part by part, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.explain.cli_table import Command
from bot.explain.docker_words import DockerWords, is_docker, read_docker_words
from bot.explain.said import Anything, Explanation, OfCommand, Part, Piece, Said, said
from bot.explain.shell import Line, Redirection, Step, Word, read_line
from bot.terminal.vocabulary import words

MOST_PIECES: Final = 24
DEEPEST: Final = 3
"""So far `$(…)` in `$(…)` is followed."""

PROGRAMS: Final = words(
    "ls cat cd pwd echo printf mkdir rmdir rm cp mv touch chmod chown ln stat tee tar gzip gunzip"
    " curl wget grep sed awk cut tr uniq wc xargs sort head tail find whoami id hostname uname"
    " nproc lsns unshare nsenter mount umount df du ps pgrep pkill kill ip ping nslookup dig ss"
    " netstat getent sha256sum base64 basename dirname readlink realpath vi vim nano sh bash ash"
    " env export sleep date true false test top less more free watch timeout wait which yes seq"
    " nginx redis-server redis-cli psql python python3 pg_isready apt apt-get apk git"
)
"""Programs that have a text of their own."""

_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash"})
_JOINTS: Final = {
    "|": "pipe", "|&": "pipe", "&&": "and", "||": "or", ";": "then", "\n": "then", ";;": "then",
    "&": "background",
}  # fmt: skip
_LOOPS: Final = frozenset({"for", "while", "until"})
_BRANCHES: Final = frozenset({"if", "then", "elif", "else", "case"})
_GONE_FOR_GOOD: Final = frozenset(
    {("volume", "rm"), ("volume", "prune"), ("system", "prune"), ("container", "prune")}
)


def explain(line: str) -> Explanation:
    """Take a line apart; any text is answered, what can't be read is said to be wrong."""
    read = read_line(line)
    counter = _Counter()
    pieces = tuple(_pieces(read, counter, depth=0))
    wrong = [said("wrong.unclosed", mark=read.unclosed)] if read.unclosed else []
    complete = read.complete and not counter.full
    return Explanation(line, pieces, tuple(wrong), complete)


def has_docker(line: str) -> bool:
    """Whether any command of the line is docker's."""
    steps = read_line(line).steps
    return any(is_docker(word.value) for step in steps for word in step.words[:1])


class _Counter:
    """Counts the pieces of a line, so that nobody can ask for a thousand."""

    def __init__(self) -> None:
        self._left = MOST_PIECES
        self.full = False

    def take(self) -> bool:
        """Whether there is room for one more."""
        self.full = self.full or self._left == 0
        self._left = max(0, self._left - 1)
        return not self.full


def _pieces(line: Line, counter: _Counter, *, depth: int) -> Iterator[Piece]:
    for step in line.steps:
        if not counter.take():
            return
        yield _piece(step, counter, depth=depth)


def _piece(step: Step, counter: _Counter, *, depth: int) -> Piece:
    joint = _JOINTS.get(step.joint)
    typed = step.words
    before = list(_before(step))
    after = [_redirection(each) for each in step.redirections]
    inner = list(_substitutions(step, counter, depth=depth))
    does: tuple[Anything, ...] = ()
    parts: list[Part] = []
    wrong: tuple[Said, ...] = ()
    if typed and is_docker(typed[0].value):
        found = read_docker_words(typed)
        does, parts, wrong = _does(found), found.parts, tuple(found.wrong)
        inner += _of_shell(_program_of(found), counter, depth=depth)
    elif typed:
        parts, more, wrong = _of_program(typed)
        does = (_program(typed[0]), *more)
        inner += _of_shell(typed, counter, depth=depth)
    if step.background:
        after.append(Part("&", (said("joint.to_background"),)))
    return Piece(
        text=_text(step),
        joint=said(f"joint.{joint}") if joint and not step.opening else None,
        does=does,
        parts=(*before, *parts, *after),
        wrong=wrong,
        inner=tuple(inner),
    )


def _text(step: Step) -> str:
    pieces = [word.text for word in (*step.opening, *step.prefixes)]
    pieces += [step.text, *(each.text for each in step.redirections)]
    return " ".join(piece for piece in pieces if piece)


def _before(step: Step) -> Iterator[Part]:
    if step.opening:
        first = step.opening[0].text
        key = "loop" if first in _LOOPS else "branch" if first in _BRANCHES else "shell"
        yield Part(" ".join(word.text for word in step.opening), (said(f"word.{key}"),))
    if step.prefixes:
        text = " ".join(word.text for word in step.prefixes)
        sudo = step.prefixes[0].text == "sudo"
        yield Part(text, (said("word.sudo" if sudo else "word.prefix"),))
    key = "word.setting" if step.words else "word.setting_alone"
    for setting in step.settings:
        yield Part(setting.text, (said(key, name=setting.text.partition("=")[0]),))


def _redirection(each: Redirection) -> Part:
    operator = each.operator.lstrip("0123456789")
    number = each.operator[: len(each.operator) - len(operator)]
    target = each.target.value if each.target else ""
    if not target:
        return Part(each.text, (), (said("wrong.redirection", operator=each.operator),))
    return Part(each.text, (_flow(operator, number, target),))


def _flow(operator: str, number: str, target: str) -> Said:
    errors = number == "2"
    match operator:
        case "<<<":
            return said("redirection.here_string")
        case "<<" | "<<-":
            return said("redirection.here_document")
        case ">&" | "<&":
            return said("redirection.same", target=target)
        case "<" | "<>":
            return said("redirection.in", target=target)
    if target == "/dev/null":
        return said("redirection.errors_away" if errors else "redirection.away")
    append = "append" if operator.endswith(">>") else "out"
    return said("redirection.errors" if errors else f"redirection.{append}", target=target)


def _substitutions(step: Step, counter: _Counter, *, depth: int) -> Iterator[Piece]:
    targets = [each.target for each in step.redirections if each.target]
    lines = [
        line
        for word in (*step.opening, *step.settings, *step.words, *targets)
        for line in word.inner
    ]
    if depth >= DEEPEST:
        return
    for line in lines:
        for at, piece in enumerate(_pieces(read_line(line), counter, depth=depth + 1)):
            yield _with_joint(piece, said("joint.substitution")) if at == 0 else piece


def _of_shell(typed: Sequence[Word], counter: _Counter, *, depth: int) -> Iterator[Piece]:
    """What `sh -c '…'` runs."""
    texts = [word.value for word in typed]
    if not texts or texts[0].rpartition("/")[2] not in _SHELLS or depth >= DEEPEST:
        return
    at = next((n for n, t in enumerate(texts) if t.startswith("-") and t.endswith("c")), None)
    if at is None or at + 1 >= len(texts):
        return
    for number, piece in enumerate(_pieces(read_line(texts[at + 1]), counter, depth=depth + 1)):
        yield _with_joint(piece, said("joint.in_shell")) if number == 0 else piece


def _with_joint(piece: Piece, joint: Said) -> Piece:
    return Piece(piece.text, joint, piece.does, piece.parts, piece.wrong, piece.inner)


def _program(word: Word) -> Said:
    name = word.value.rpartition("/")[2]
    if name in PROGRAMS:
        return said(f"program.{name}")
    return said("program.open" if word.open else "program.other", name=word.value)


def _of_program(typed: Sequence[Word]) -> tuple[list[Part], tuple[Anything, ...], tuple[Said, ...]]:
    """Other programs are not taken apart; `xargs docker …` is, since docker follows."""
    if typed[0].value == "xargs":
        at = next((n for n, word in enumerate(typed) if n and is_docker(word.value)), None)
        if at is not None:
            found = read_docker_words(typed[at:], more=True)
            return found.parts, _does(found), tuple(found.wrong)
    return [], (), ()


def _program_of(found: DockerWords) -> Sequence[Word]:
    """What a container is to run."""
    command = found.command
    if command is None or not command.stops_at_first_word:
        return ()
    return found.arguments[1:]


def _does(found: DockerWords) -> tuple[Anything, ...]:
    command = found.command
    if command is None:
        return ()
    name = " ".join(("docker", *command.path))
    if not command.path and found.has("version"):
        return (said("does.version"),)
    if found.wants_help or not command.path:
        return (said("does.help", command=name),)
    more: list[Anything] = [OfCommand(command.path)]
    if command.path in {("container", "run"), ("container", "create")} and found.arguments:
        more += _does_run(found, command)
    deletes_volumes = command.path == ("compose", "down") and found.has("volumes")
    if command.path in _GONE_FOR_GOOD or deletes_volumes:
        more.append(said("does.for_good"))
    return tuple(more)


def _does_run(found: DockerWords, command: Command) -> Iterator[Said]:
    image = found.arguments[0].value
    names = found.values("name")
    if names:
        yield said("does.run.named", image=image, name=names[-1])
    else:
        yield said("does.run.unnamed", image=image)
    if command.path == ("container", "run"):
        if found.has("detach"):
            yield said("does.run.detached")
        elif found.has("interactive") and found.has("tty"):
            yield said("does.run.terminal")
        else:
            yield said("does.run.foreground")
        if found.has("rm"):
            yield said("does.run.removed")
