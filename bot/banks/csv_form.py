"""CSV of an author → raw questions: a row per question, or one for each of its languages.

The first row names the columns, in Korean or English and in any order. Only `question` has to be
there; what is left out is made out from the rest:

    question,option1,why1,option2,why2,answer
    What does docker ps show?,Running containers,Right.,All containers,That takes -a.,1

`answer` has the numbers of the right options, or their letters, or for a question without options
each right command on a line of its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from string import ascii_lowercase
from typing import Final

from bot.banks.limits import MOST_OPTIONS
from bot.banks.raw import Cell, Complaints, RawQuestion, RawWords
from bot.banks.yaml_form import say_unknown
from bot.tables import rearmed
from bot.texts import LANGUAGES, Language

DELIMITERS: Final = (",", ";", "\t")
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "번호"),
    "kind": ("kind", "종류"),
    "language": ("language", "언어"),
    "question": ("question", "문제"),
    "details": ("details", "설명"),
    "answer": ("answer", "정답"),
    "why": ("why", "해설"),
    "setup": ("setup", "준비"),
    "run": ("run", "실행"),
}
"""Names of columns, in English and in Korean."""
NUMBERED: Final[Mapping[str, tuple[str, ...]]] = {
    "option": ("option", "보기"),
    "why": ("why", "해설"),
    "pattern": ("pattern", "출력"),
}
"""The same of what each option has; its number follows."""
_ALSO: Final = {
    "title": "question", "질문": "question", "type": "kind", "유형": "kind", "lang": "language",
    "answers": "answer", "답": "answer", "explanation": "why", "body": "details",
    "command": "run",
}  # fmt: skip
_ALSO_NUMBERED: Final = {"explanation": "why", "선택지": "option", "choice": "option"}
KINDS: Final = {
    "single": "single", "하나": "single", "객관식": "single",
    "multiple": "multiple", "여러개": "multiple", "복수": "multiple",
    "truefalse": "true_false", "참거짓": "true_false", "ox": "true_false",
    "command": "command", "명령": "command", "engine": "engine", "엔진": "engine",
}  # fmt: skip
_TRUTH: Final = {
    "true": "true", "o": "true", "참": "true", "맞음": "true", "yes": "true",
    "false": "false", "x": "false", "거짓": "false", "틀림": "false", "no": "false",
    "1": "true", "2": "false",
}  # fmt: skip
_NUMBERED_NAME: Final = re.compile(r"(\D+)(\d{1,2})")
_SEPARATES: Final = re.compile(r"[,;/|\s]+")


def read_csv(text: str, language: Language, complaints: Complaints) -> tuple[RawQuestion, ...]:
    """Every question that can be made out; words are in `language` where no column says it."""
    rows = _rows(text, complaints)
    if not rows:
        complaints.add(0, "no_questions")
        return ()
    line, header = rows[0]
    columns = _columns(header, line, complaints)
    if "question" not in columns:
        complaints.add(line, "csv.no_question_column")
        return ()
    written: list[_Row] = []
    for line, cells in rows[1:]:
        if any(cell.strip() for cell in cells[len(header) :]):
            complaints.add(line, "csv.more_cells", has=len(cells), most=len(header))
        found = {
            name: rearmed(cells[at]).strip() for name, at in columns.items() if at < len(cells)
        }
        if any(found.values()):
            written.append(_Row(line, found))
    return tuple(_questions(written, language, complaints))


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]

    def cell(self, name: str) -> Cell:
        return Cell(self.cells.get(name, ""), self.line)

    def lines(self, name: str) -> tuple[Cell, ...]:
        pieces = self.cells.get(name, "").splitlines()
        return tuple(Cell(piece.strip(), self.line) for piece in pieces if piece.strip())

    @property
    def options(self) -> int:
        """How many there are: the last that has any words counts."""
        has = (n for n in range(1, MOST_OPTIONS + 1) if self.cells.get(f"option{n}"))
        return max(has, default=0)


def _rows(text: str, complaints: Complaints) -> list[tuple[int, list[str]]]:
    """The rows that hold anything, with the lines on which they begin."""
    return max(
        (_split(text, delimiter, complaints) for delimiter in DELIMITERS), key=_known_columns
    )


def _split(text: str, delimiter: str, complaints: Complaints) -> list[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begins, row))
            begins = reader.line_num + 1
    except csv.Error:
        if _known_columns(rows):  # else it is the wrong delimiter, and no mistake
            complaints.add(begins, "csv.syntax")
    return rows


def _known_columns(rows: Sequence[tuple[int, list[str]]]) -> int:
    return sum(1 for cell in rows[0][1] if _column(cell) is not None) if rows else 0


def _columns(header: Sequence[str], line: int, complaints: Complaints) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, written in enumerate(header):
        name = _column(written)
        if name is None:
            if written.strip():
                known = [*COLUMNS, *(f"{each}1" for each in NUMBERED)]
                say_unknown(complaints, line, written.strip(), known)
        elif name in columns:
            complaints.add(line, "twice", name=written.strip())
        else:
            columns[name] = at
    return columns


def _column(written: str) -> str | None:
    """The name of a column as we call it; None for one that nobody knows."""
    name = re.sub(r"[\s_-]", "", rearmed(written).casefold())
    for known, names in COLUMNS.items():
        if name in names:
            return known
    if name in _ALSO:
        return _ALSO[name]
    found = _NUMBERED_NAME.fullmatch(name)
    if found is None or not 1 <= int(found[2]) <= MOST_OPTIONS:
        return None
    for known, names in NUMBERED.items():
        if found[1] in names or _ALSO_NUMBERED.get(found[1]) == known:
            return f"{known}{int(found[2])}"
    return None


def _questions(
    rows: Sequence[_Row], default: Language, complaints: Complaints
) -> Iterator[RawQuestion]:
    """Rows of the same id are one question in several languages."""
    together: dict[str, list[_Row]] = {}
    for number, row in enumerate(rows, start=1):
        together.setdefault(row.cells.get("id") or f"q{number}", []).append(row)
    for question_id, same in together.items():
        words: dict[Language, RawWords] = {}
        for row in same:
            language = _language(row, default, complaints)
            if language in words:
                complaints.add(row.line, "id_twice", id=question_id[:60])
                continue
            words[language] = _words(row)
            _say_where_it_differs(row, same[0], complaints)
        yield _question(question_id, same[0], words, complaints)


def _language(row: _Row, default: Language, complaints: Complaints) -> Language:
    written = row.cells.get("language", "").casefold()
    for language, names in (("ko", ("ko", "한국어", "korean")), ("en", ("en", "영어", "english"))):
        if written in names:
            return LANGUAGES[0] if language == LANGUAGES[0] else LANGUAGES[1]
    if written:
        complaints.add(row.line, "language", language=written[:20])
    return default


def _say_where_it_differs(row: _Row, first: _Row, complaints: Complaints) -> None:
    for name in ("kind", "answer", "setup", "run"):
        if row.cells.get(name) and row.cells[name] != first.cells.get(name):
            complaints.add(row.line, "csv.differs", name=name, first=first.line)


def _question(
    question_id: str, row: _Row, words: Mapping[Language, RawWords], complaints: Complaints
) -> RawQuestion:
    kind = _kind(row)
    count = row.options
    options = tuple(Cell(str(n), row.line) for n in range(1, count + 1))
    if kind == "true_false":
        words = {language: _truth_words(each, row) for language, each in words.items()}
    patterns = {str(n): row.cell(f"pattern{n}") for n in range(1, count + 1)}
    return RawQuestion(
        line=row.line,
        id=Cell(question_id, row.line),
        kind=Cell(kind, row.line),
        options=() if kind == "true_false" else options,
        answers=_answers(row, kind, count, complaints),
        patterns=patterns if kind == "engine" else {},
        setup=row.lines("setup"),
        run=row.cell("run"),
        words=words,
    )


def _kind(row: _Row) -> str:
    """The kind that is written, else the one that the other cells speak of."""
    written = row.cells.get("kind", "")
    if written:
        return KINDS.get(re.sub(r"[\s_-]", "", written.casefold()), written)
    answers = _SEPARATES.split(row.cells.get("answer", "").casefold())
    if row.cells.get("run"):
        return "engine"
    if not row.options:
        return "true_false" if answers[0] in _TRUTH and len(answers) == 1 else "command"
    return "multiple" if len(answers) > 1 else "single"


def _answers(row: _Row, kind: str, count: int, complaints: Complaints) -> tuple[Cell, ...]:
    written = row.cells.get("answer", "")
    if kind == "command":
        return row.lines("answer")
    if kind == "engine":
        if written:
            complaints.add(row.line, "csv.engine_answer")
        return ()
    if kind == "true_false":
        pieces = [piece for piece in _SEPARATES.split(written.casefold()) if piece]
        return tuple(Cell(_TRUTH.get(piece, piece), row.line) for piece in pieces)
    whole = next((n for n in range(1, count + 1) if row.cells.get(f"option{n}") == written), None)
    if whole is not None and not written.isdigit():
        return (Cell(str(whole), row.line),)
    pieces = [piece for piece in _SEPARATES.split(written.casefold()) if piece]
    return tuple(Cell(_number(piece), row.line) for piece in pieces)


def _number(piece: str) -> str:
    """The number of an option that is given as a letter."""
    if len(piece) == 1 and piece in ascii_lowercase:
        return str(ascii_lowercase.index(piece) + 1)
    return piece.lstrip("0") or piece if piece.isascii() and piece.isdigit() else piece


def _words(row: _Row) -> RawWords:
    return RawWords(
        line=row.line,
        title=row.cell("question"),
        body=row.cell("details"),
        options={
            str(n): (row.cell(f"option{n}"), row.cell(f"why{n}")) for n in range(1, row.options + 1)
        },
        why=row.cell("why"),
    )


def _truth_words(words: RawWords, row: _Row) -> RawWords:
    """Of options that need no words: the first is what is true."""
    options = {
        name: words.options.get(str(n), (Cell("", row.line), row.cell(f"why{n}")))
        for n, name in enumerate(("true", "false"), start=1)
    }
    return RawWords(words.line, words.title, words.body, options, words.why)
