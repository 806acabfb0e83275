"""Typing help: what phones and Korean keyboards do is undone, and nothing else is touched."""

from __future__ import annotations

import pytest

from bot.terminal.typing import repair

NBSP, IDEOGRAPHIC_SPACE, ZERO_WIDTH = "\u00a0", "\u3000", "\u200b"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # long dashes
        ("docker run —rm nginx", "docker run --rm nginx"),
        ("docker run –rm nginx", "docker run --rm nginx"),
        ("docker run ――name web nginx", "docker run --name web nginx"),
        ("docker run —-name web nginx", "docker run --name web nginx"),
        ("docker run –-name web nginx", "docker run --name web nginx"),
        ("docker run —d —p 80:80 nginx", "docker run -d -p 80:80 nginx"),
        ("docker run –d –p 80:80 nginx", "docker run -d -p 80:80 nginx"),
        ("docker run —it busybox", "docker run -it busybox"),
        ("docker rm —f $(docker ps —aq)", "docker rm -f $(docker ps -aq)"),
        ("docker ps —format '{{.Names}}'", "docker ps --format '{{.Names}}'"),
        ("docker run −d nginx", "docker run -d nginx"),
        ("docker exec my–app ls", "docker exec my-app ls"),
        ("docker‑compose up", "docker-compose up"),
        ("docker run --name=my—app nginx", "docker run --name=my--app nginx"),
        ("tar cf – .", "tar cf - ."),
        ("docker exec web ls — /", "docker exec web ls -- /"),
        ("docker ps|grep —v x", "docker ps|grep -v x"),
        # quotes
        ("docker run -e “A=b c” nginx", 'docker run -e "A=b c" nginx'),
        ("docker run -e ‘A=b c’ nginx", "docker run -e 'A=b c' nginx"),
        ("docker run -e ”A=b c” nginx", 'docker run -e "A=b c" nginx'),
        ("docker run -e „A=b c“ nginx", 'docker run -e "A=b c" nginx'),
        ('docker run -e "A=b c” nginx', 'docker run -e "A=b c" nginx'),
        ("sh -c “echo ‘hi’”", "sh -c \"echo 'hi'\""),
        ("sh -c ‘echo it’s’", "sh -c 'echo it’s'"),
        # full width
        ("ｄｏｃｋｅｒ　ｐｓ　－ａ", "docker ps -a"),
        ("docker run －－rm nginx", "docker run --rm nginx"),
        ("docker run -e ＂A=b＂ nginx", 'docker run -e "A=b" nginx'),
        # spaces and what nobody sees
        (f"docker{NBSP}ps", "docker ps"),
        (f"docker{IDEOGRAPHIC_SPACE}ps", "docker ps"),
        (f"docker{ZERO_WIDTH} ps\ufeff", "docker ps"),
        ("docker \u202eps\u202c", "docker ps"),
        ("docker p\u200ds", "docker ps"),
        ("docker run …", "docker run ..."),
        ("docker run ₩\n nginx", "docker run \\\n nginx"),
    ],
)
def test_a_phone_keyboard_is_undone(typed: str, meant: str) -> None:
    """Dashes, quotes, full-width and unseen characters become what a shell expects."""
    repaired = repair(typed)
    assert repaired.line == meant
    assert repaired.changed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("애찯ㄱ ㅔㄴ", "docker ps"),
        ("애찯ㄱ ㅔㄴ -ㅁ", "docker ps -a"),
        ("애찯ㄱ 겨ㅜ -ㅇ -ㅔ 80:80 --ㅜ믇 ㅗ디ㅣㅐㅜ햐ㅜㅌ ㅜ햐ㅜㅌ",
         "docker run -d -p 80:80 --name hellonginx nginx"),
        ("애찯ㄱ 그 -ㄹ ㅗ디ㅣㅐㅜ햐ㅜㅌ", "docker rm -f hellonginx"),
        ("애찯ㄱ 그 -f web", "docker rm -f web"),
        ("애찯ㄱ 채ㅡㅔㅐㄴㄷ ㅕㅔ -ㅇ", "docker compose up -d"),
        ("애찯ㄱ ㅊㅐㅜㅅ먀ㅜㄷㄱ ㅣㄴ", "docker container ls"),
        ("애찯ㄱ ㅔㄴ | ㅎㄱ데 ㅈ듀", "docker ps | grep web"),
        ("docker ㅔㄴ", "docker ps"),
        ("docker 그 -f web", "docker rm -f web"),
        ("docker run -d ㅜ햐ㅜㅌ", "docker run -d nginx"),
        ("ㅣㄴ -ㅁㅣ", "ls -al"),
        ("ㅔㅈㅇ", "pwd"),
        ("그 -rf x", "rm -rf x"),
        # Korean that is meant stays, in a command that was typed with the layout on
        ("애찯ㄱ 겨ㅜ -ㄷ “이름=웹 서버” ㅜ햐ㅜㅌ", 'docker run -e "이름=웹 서버" nginx'),
        ("ㄷ쵀 안녕", "echo 안녕"),
        ("애찯ㄱ 겨ㅜ --name 웹 nginx", "docker run --name 웹 nginx"),
        ("애찯ㄱ 겨ㅜ ㅠㅕ뇨ㅠㅐㅌ ㄷ쵀 '안녕 ㅔㄴ'", "docker run busybox echo '안녕 ㅔㄴ'"),
    ],
)  # fmt: skip
def test_a_command_typed_with_the_hangul_layout_is_read(typed: str, meant: str) -> None:
    """Words that only make sense as keys are read as keys."""
    assert repair(typed).line == meant


@pytest.mark.parametrize(
    "typed",
    [
        "docker ps -a",
        "docker run --rm -e 'A=—b “c” …' nginx",
        'docker run -e "A=1–2" nginx',
        'echo "it’s — fine…"',
        "echo it’s",
        "docker run -e MSG='애찯ㄱ ㅔㄴ' nginx",
        "echo 안녕하세요",
        "echo ㅋㅋㅋ",
        "docker exec web echo ㅋㅋㅋ",
        "echo ㅔㄴ",
        "docker run --name 웹서버 nginx",
        "docker build -t 내이미지 .",
        "echo 서울—부산",
        "echo 1\\—2",
        "echo 👨\u200d👩\u200d👧",
        "그 컨테이너는 뭐예요?",
        "안녕하세요 — 반가워요",
        "cat > a.txt <<EOF\n“그대로” — 둔다…\nEOF",
        "docker ps # “주석” — 그대로",
        "",
    ],
)
def test_what_needs_no_help_stays(typed: str) -> None:
    """Text in quotes, Korean words and correct lines come back to the character."""
    repaired = repair(typed)
    assert repaired.line == typed
    assert not repaired.changed


def test_after_a_here_document_help_goes_on() -> None:
    """Its body is the learner's text; the line after it is a command again."""
    typed = "cat > a <<'EOF'\n—rm “x”\nEOF\ndocker run —rm nginx"
    assert repair(typed).line == "cat > a <<'EOF'\n—rm “x”\nEOF\ndocker run --rm nginx"


def test_a_command_inside_double_quotes_is_a_command() -> None:
    """`$(…)` is read by the shell, so its dashes are flags."""
    assert repair('echo "$(docker ps —aq) —"').line == 'echo "$(docker ps -aq) —"'
