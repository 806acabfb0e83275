"""A lesson to write over: small, whole and right, so that there is something to see at once."""

from __future__ import annotations

from collections.abc import Iterator

LESSON = """\
# What is asked and how it is judged; the words are in ko.md and en.md. See docs/lessons.md.
id: {id}
order: {order}
version: 1
minutes: 15
requires: []
steps:
  - id: run
    tasks:
      - id: run
        checks:
          - {{ kind: container_running, name: {id}, image: nginx }}
  - id: remove
    tasks:
      - id: remove
        checks:
          - {{ kind: container_gone, name: {id}, after: run }}
"""
SOLUTION = """\
# One way through the lesson; the tests play it on a fresh engine.
# task: run
docker run -d --name {id} nginx
# task: remove
docker rm -f {id}
"""
TRIALS = """\
# Other right ways through the lesson, and near misses that have to fail.
ways:
  - name: long options
    lines:
      - docker container run --detach --name={id} nginx
      - docker container rm --force {id}
  - name: in two steps
    lines:
      - docker create --name {id} nginx
      - docker start {id}
      - docker stop {id}
      - docker rm {id}
misses:
  - task: run
    name: created only
    finding: container_created
    lines: [docker create --name {id} nginx]
  - task: run
    name: another name
    finding: container_other_name
    lines: [docker run -d --name other-one nginx]
  - task: run
    name: another image
    finding: container_other_image
    lines: [docker run -d --name {id} httpd]
  - task: run
    name: not running any more
    finding: container_exited
    lines: [docker run --name {id} nginx true]
  - {{ task: remove, name: never made, finding: container_never_seen, lines: ["true"] }}
  - task: remove
    name: stopped only
    finding: container_still_there
    lines: [docker run -d --name {id} nginx, docker stop {id}]
  - task: remove
    name: removed without force
    finding: container_still_running
    lines: [docker run -d --name {id} nginx, docker rm {id}]
  - task: remove
    name: frozen only
    finding: container_still_running
    lines: [docker run -d --name {id} nginx, docker pause {id}]
"""
KOREAN = """\
# 새 강의 {{#lesson}}

## 목표 {{#goal}}

이 강의가 끝나면 할 수 있는 일 한 가지를 한 문장으로 써요.

## 첫 화면 {{#step-run}}

휴대폰 화면 하나에 생각 하나만 설명해요.

```
docker run -d --name 이름 이미지명
```

### nginx를 {id}라는 이름으로 실행하기 {{#task-run}}

1. 무엇을 봐야 하는지 알려 줘요.
2. 어떤 명령을 쓰는지 알려 주되, 답은 쓰지 않아요.

### 풀이 {{#solution-run}}

```
docker run -d --name {id} nginx
```
왜 이것이 답인지 설명해요.

## 뒷정리 {{#step-remove}}

만든 것을 지우며 마무리해요.

### {id} 지우기 {{#task-remove}}

1. 실행 중인 것은 어떻게 지우는지 떠올려 보세요.
2. 강제로 지우는 옵션을 찾아보세요.

### 풀이 {{#solution-remove}}

```
docker rm -f {id}
```
`-f`는 멈추고 나서 지워요.

## 자주 하는 실수 {{#mistakes}}

- **이름을 이미지 뒤에 썼어요.** 옵션은 이미지 이름보다 앞에 써요.

## 정리 {{#summary}}

- 기억할 것을 짧게 적어요.
"""
ENGLISH = """\
# A new lesson {{#lesson}}

## Goal {{#goal}}

One sentence: what the learner can do at the end.

## The first screen {{#step-run}}

Explain one idea on one screen of a phone.

```
docker run -d --name NAME IMAGE
```

### Run nginx under the name {id} {{#task-run}}

1. Say what to look at.
2. Say which command, but not the answer.

### Solution {{#solution-run}}

```
docker run -d --name {id} nginx
```
Explain why this is the answer.

## Tidy up {{#step-remove}}

End by removing what was made.

### Remove {id} {{#task-remove}}

1. Think of how to remove what still runs.
2. Find the option that forces it.

### Solution {{#solution-remove}}

```
docker rm -f {id}
```
`-f` stops it first.

## Mistakes that are often made {{#mistakes}}

- **The name came after the image.** Options stand before the name of the image.

## Summary {{#summary}}

- Say in short what to remember.
"""
QUESTIONS = """\
# The questions of this lesson; their words are in questions.ko.md and questions.en.md.
questions: []
"""


def files(*, order: int, lesson_id: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each file."""
    texts = {
        "lesson.yaml": LESSON,
        "solution.sh": SOLUTION,
        "trials.yaml": TRIALS,
        "ko.md": KOREAN,
        "en.md": ENGLISH,
        "questions.yaml": QUESTIONS,
        "questions.ko.md": "# 문제 {{#questions}}\n",
        "questions.en.md": "# Questions {{#questions}}\n",
    }
    for name, text in texts.items():
        yield name, text.format(id=lesson_id, order=order)
