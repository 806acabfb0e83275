"""Lines that begin with a command's name: which of them run, and which are sentences about it."""

from __future__ import annotations

import pytest

from bot.terminal.reading import read_message

TALK = [
    "docker 명령어가 뭐예요?",
    "docker 명령어 알려줘",
    "docker 어렵다 ㅠㅠ",
    "docker 너무 어려워요",
    "docker 재밌네",
    "docker 가 뭐야",
    "docker ps 하면 뭐가 나와요?",
    "docker ps 하면 뭐가 나와요",
    "docker ps는 뭐예요",
    "docker ps 뭐예요",
    "docker ps 뭐예요 ?",
    "docker run이랑 start 차이가 뭔가요",
    "docker run하면 바로 켜지나요?",
    "docker run 했는데 안 돼요 ㅠㅠ",
    "docker run -d 옵션은 뭐 하는 거예요?",
    "docker rm -f 는 위험한가요",
    "docker rm 이랑 docker rmi 차이점 알려 주세요",
    "docker images 결과가 이상해",
    "docker exec 어떻게 써요?",
    "docker run nginx 하면 80 포트가 열려요?",
    'docker run "nginx" 하면 왜 멈춰 있나요',
    "docker-compose 는 언제 배워요?",
    "docker ps 쳤더니 아무것도 안 나옴",
    "docker is great",
    "docker works!",
    "docker doesn't work",
    "docker doesn’t work",
    "docker ps doesn't work",
    "docker run is what I typed",
    "docker ps shows nothing at all",
    "docker run the nginx image please",
    "docker container ls is the same as docker ps",
    "ls is a command",
    "rm is dangerous",
    "cp and mv are different",
    "curl doesn't work here",
    "ls 명령어 알려줘",
    "ls 뭐예요",
    "cat 이랑 less 차이가 뭐죠",
    "cd 하면 어디로 가나요?",
    "rm 하면 다시 못 살리나요 ㅠㅠ",
    "curl 은 왜 써요?",
    "docker ps 하면 뭐가 나와요?\n그리고 docker images 는요?",
]

COMMANDS = [
    "docker",
    "docker ps",
    "docker ps?",
    "docker 실행",
    "docker frobnicate",
    "docker run --name 웹서버 nginx",
    "docker run --name 웹서버 -d -p 80:80 nginx",
    "docker run -e 이름=민수 nginx",
    "docker run -e '인사=안녕하세요 여러분?' nginx",
    "docker run busybox echo 안녕하세요",
    "docker run busybox echo 저는 학생이에요?",
    "docker run busybox sh -c 'echo 뭐예요?'",
    "docker exec web cat /root/메모는요",
    "docker exec web ls 자료",
    "docker cp web:/tmp/일기 ./일기",
    "docker build -t 앱 .",
    "docker tag nginx 내이미지",
    "docker network create 우리네트워크",
    "docker network create 우리 네트워크",
    "docker ps --filter name=웹",
    "docker ps # 지금 도는 컨테이너가 보여요?",
    "docker ps && echo 잘 됐어요",
    'docker run nginx "이건 인자예요?"',
    "docker logs web | grep 오류",
    "docker logs web | grep '왜 안 돼요?'",
    "docker volume create 자료",
    "docker start works",
    "docker stop is",
    "docker run -d an/image",
    "docker ps\ndocker images",
    "docker run \\\n  --name 웹 nginx",
    "echo docker 가 뭐예요?",
    "printf '안녕하세요\\n'",
    "ls",
    "ls 사진",
    "cat 메모 일기",
    "mkdir 사과 바나나",
    "touch 가 나 다",
    "mkdir 강아지 고양이",
    "mkdir app이름",
    "cat 'is a file'",
    "cat is",
    "grep 안녕 메모",
    "curl localhost/왜?",
    "./run.sh",
    "./run.sh 안녕",
    "../bin/start -v",
    "~/run.sh",
    "/root/run.sh --fast",
    "python3 -c 'print(1)'",
    "python3 app.py",
]


@pytest.mark.parametrize("content", TALK)
def test_a_sentence_about_a_command_is_talk(content: str) -> None:
    """Nobody who asks about a command finds it run."""
    assert read_message(content) is None


@pytest.mark.parametrize("content", COMMANDS)
def test_a_command_with_korean_in_it_runs(content: str) -> None:
    """Names, values, quotes and comments may be Korean; what is in doubt after docker runs."""
    typed = read_message(content)
    assert typed is not None
    assert typed.line == content


@pytest.mark.parametrize("content", ["/start", "/help me", "python is fun", "./", "git gud"])
def test_what_only_looks_like_a_program_is_talk(content: str) -> None:
    """A slash command that was sent as a message is none of the shell's."""
    assert read_message(content) is None
