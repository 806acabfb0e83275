"""error_questions.yaml: which questions of the lessons treat a known error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lessons.mistakes import AuthoringErrors, Mistake
from lessons.yaml_file import Fields, Report, read_root

ERROR_QUESTIONS: Final = Path(__file__).parent / "error_questions.yaml"


def load_error_questions(file: Path = ERROR_QUESTIONS) -> Mapping[str, tuple[str, ...]]:
    """Known error → its questions, each as lesson/question; none for one that nobody asks about.

    Raises:
        AuthoringErrors: Something is wrong with the file.
    """
    mistakes: list[Mistake] = []
    found: dict[str, tuple[str, ...]] = {}
    root = read_root(file, mistakes)
    fields = None if root is None else Fields.of(root, Report(file, mistakes))
    if fields is not None:
        fields.expect({"errors"})
        found = _errors(fields)
    if mistakes:
        raise AuthoringErrors(tuple(sorted(mistakes)))
    return found


def _errors(fields: Fields) -> dict[str, tuple[str, ...]]:
    node = fields.values.get("errors")
    inner = None if node is None else Fields.of(node, fields.report)
    if inner is None:
        return {}
    found = {error: inner.texts(error) for error in inner.values}
    for error, refs in found.items():
        for ref in refs:
            lesson, slash, question = ref.partition("/")
            if not (lesson and slash and question):
                fields.report.add(inner.values[error], f"{ref!r} is no lesson/question")
        if len(set(refs)) != len(refs):
            fields.report.add(inner.values[error], f"a question is here twice for {error!r}")
    return found
