"""What a person is told when something they did is refused, in Korean and in English.

The bot gets Discord's own words (see `errors`); people get these.
"""

from typing import Final

from playground.errors import INVALID_FORM_BODY, ApiError
from playground.json_types import Json

_KOREAN, _ENGLISH = 0, 1

# key: (Korean, English); a fixed noun follows each placeholder, so no particle depends on a value.
SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "name": (
        "이름은 영문 소문자, 한글, 숫자, _ . - 가운데서 1~32자로 정해 주세요.",
        "A name has 1 to 32 letters (a-z, 가-힣), digits or any of _ . -",
    ),
    "name.bot": ("이 이름은 봇이 쓰고 있어요.", "This is the bot's name."),
    "malformed": ("요청의 모양이 맞지 않아요.", "The request does not have the expected form."),
    "locale": (
        "{locale} 언어는 쓸 수 없어요.",
        "{locale} is not a language that Discord knows.",
    ),
    "command.elsewhere": (
        "이 명령은 여기서 쓸 수 없어요.",
        "This command can't be used here.",
    ),
    "component.gone": (
        "이 버튼은 이제 메시지에 없어요.",
        "This is no longer on the message.",
    ),
    "component.disabled": ("지금은 누를 수 없어요.", "This can't be used at the moment."),
    "modal.gone": ("보낼 양식이 없어요.", "There is no form to submit."),
    "channel.hidden": ("이 채널은 고를 수 없어요.", "This channel can't be chosen."),
    "option.unknown": (
        "이 명령에는 {name} 항목이 없어요.",
        "This command has no option {name}.",
    ),
    "option.missing": ("{name} 항목을 채워 주세요.", "Please fill in {name}."),
    "option.kind": ("{name} 항목의 값이 맞지 않아요.", "{name} has a value of the wrong kind."),
    "option.choice": (
        "{name} 항목은 목록에서 골라 주세요.",
        "{name} must be one of the choices.",
    ),
    "option.least": (
        "{name} 항목은 {least} 이상이어야 해요.",
        "{name} must be at least {least}.",
    ),
    "option.most": ("{name} 항목은 {most} 이하여야 해요.", "{name} must be at most {most}."),
    "option.file": ("파일을 골라 주세요.", "Please choose a file."),
    "select.count": (
        "{least}개에서 {most}개까지 골라 주세요.",
        "Please choose between {least} and {most}.",
    ),
    "select.unknown": ("목록에 없는 값이에요.", "This choice is not on the list."),
    "select.one": ("하나를 골라 주세요.", "Please choose one."),
    "modal.files": (
        "파일을 {least}개에서 {most}개까지 골라 주세요.",
        "Please add between {least} and {most} files.",
    ),
    "modal.text": (
        "{least}자에서 {most}자까지 써 주세요.",
        "Please write between {least} and {most} characters.",
    ),
}
_CONTENT_TOO_LONG: Final = (
    "메시지가 너무 길어요. 2000자까지 보낼 수 있어요.",
    "This message is too long: 2000 characters can be sent.",
)
_BY_CODE: Final[dict[int, tuple[str, str]]] = {
    10003: ("없어진 채널이에요.", "This channel is gone."),
    10007: ("여기에 없는 사람이에요.", "This person is not here."),
    10008: ("없어진 메시지예요.", "This message is gone."),
    10011: ("없어진 역할이에요.", "This role is gone."),
    10014: ("쓸 수 없는 이모지예요.", "This emoji can't be used."),
    10062: (
        "시간이 너무 지났어요. 처음부터 다시 해 주세요.",
        "This took too long. Please start again.",
    ),
    10063: ("없어진 명령이에요.", "This command is gone."),
    30010: (
        "한 메시지에는 반응을 20가지까지 달 수 있어요.",
        "A message can have 20 kinds of reactions.",
    ),
    40005: (
        "파일이 너무 커요. 파일 하나는 10 MiB까지 보낼 수 있어요.",
        "This file is too large: 10 MiB can be sent.",
    ),
    50001: ("이 채널은 볼 수 없어요.", "You can't see this channel."),
    50005: ("다른 사람의 메시지는 고칠 수 없어요.", "This is someone else's message."),
    50006: ("빈 메시지는 보낼 수 없어요.", "An empty message can't be sent."),
    50013: ("이 일을 할 권한이 없어요.", "You don't have the permission to do this."),
    50083: ("보관된 스레드예요.", "This thread is archived."),
}


class Refused(ApiError):
    """A refusal with a sentence for the person."""

    def __init__(self, key: str, **values: object) -> None:
        _, english = SENTENCES[key]
        super().__init__(400, INVALID_FORM_BODY, english.format(**values))
        self._key = key
        self._values = values

    def sentence(self, language: int) -> str:
        """Return the sentence in this language."""
        return SENTENCES[self._key][language].format(**self._values)


def sentence_for(refusal: ApiError, locale: str) -> str:
    """Return what the person is told, in the language of their client."""
    language = _KOREAN if locale.startswith("ko") else _ENGLISH
    if isinstance(refusal, Refused):
        return refusal.sentence(language)
    if refusal.code in _BY_CODE:
        return _BY_CODE[refusal.code][language]
    if refusal.errors and "content" in refusal.errors:
        return _CONTENT_TOO_LONG[language]
    return _first_fault(refusal.errors) if refusal.errors else refusal.message


def _first_fault(errors: Json) -> str:
    """Return the first fault of the tree, which says more than "Invalid Form Body"."""
    key, value = next(iter(errors.items()))
    return str(value[0]["message"]) if key == "_errors" else _first_fault(value)
