"""Loading lessons, and telling an author every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.__main__ import main
from lessons.checks import AnyOf
from lessons.command_checks import Command
from lessons.loader import AuthoringErrors, load_catalogue
from lessons.page_checks import PageSeen
from lessons.running_checks import ContainerGone, ContainerRunning

LESSON = """\
id: web
order: 20
version: 3
minutes: 10
requires: []
steps:
  - id: run
    tasks:
      - id: run
        checks:
          - { kind: container_running, name: web, image: nginx, publishes: 80:80 }
      - id: look
        checks:
          - kind: any_of
            checks:
              - { kind: page_seen, port: 80 }
              - { kind: command, is: docker logs web }
  - id: end
    tasks:
      - id: remove
        checks:
          - { kind: container_gone, name: web, after: run }
"""
PROSE = """\
# A web server {#lesson}

## Goal {#goal}
You can run it.

## Run it {#step-run}
Like this.
```sh
# this is no heading
docker run
```

### Run {#task-run}
1. Look here.
2. Use that,
   with care.

### Look {#task-look}
1. One.
2. Two.

### Solution {#solution-run}
`docker run nginx`

## End {#step-end}
Remove it.

### Remove {#task-remove}
1. One.
2. Two.

### Solution {#solution-end}
`docker rm`

## Mistakes {#mistakes}
None.

## Summary {#summary}
All.
"""
SOLUTION = """\
# task: run
docker run -d -p 80:80 --name web nginx
# task: look
curl localhost
# task: remove
docker rm -f web
"""

TRIALS = """\
ways:
  - name: in one line
    lines:
      - "!look 80"
      - docker rm -f web
misses:
  - { name: another port, task: run, finding: port_other, lines: [docker run -p 81:80 nginx] }
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder with one lesson that is right."""
    folder = tmp_path / "020-web"
    folder.mkdir()
    for name, text in {
        "lesson.yaml": LESSON,
        "ko.md": PROSE,
        "en.md": PROSE,
        "solution.sh": SOLUTION,
        "trials.yaml": TRIALS,
        "questions.yaml": "questions: []\n",
        "questions.ko.md": "# Quiz {#questions}\n",
        "questions.en.md": "# Quiz {#questions}\n",
    }.items():
        (folder / name).write_text(text)
    return tmp_path


def edit(content: Path, name: str, old: str, new: str) -> None:
    file = content / "020-web" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def mistakes_in(content: Path) -> list[str]:
    """Each mistake as `file:line: text`, the file relative to the content folder."""
    with pytest.raises(AuthoringErrors) as raised:
        load_catalogue(content)
    return [line.removeprefix(f"{content}/") for line in str(raised.value).splitlines()]


def test_a_lesson_is_loaded_with_its_checks_and_texts(content: Path) -> None:
    """Structure comes from lesson.yaml, prose from the language's file."""
    catalogue = load_catalogue(content)
    lesson = catalogue.get("web")
    assert lesson is not None
    assert (lesson.order, lesson.version, lesson.minutes) == (20, 3, 10)
    run, look, remove = lesson.tasks
    assert run.checks == (ContainerRunning("web", "nginx", (80, 80)),)
    assert remove.checks == (ContainerGone("web", "run"),)
    (choice,) = look.checks
    assert isinstance(choice, AnyOf)
    assert [type(check) for check in choice.checks] == [PageSeen, Command]

    text = catalogue.text(lesson, "ko")
    assert text.title == "A web server"
    assert text.steps["run"].body.startswith("Like this.")
    assert "# this is no heading" in text.steps["run"].body
    assert text.tasks["run"].hints == ("Look here.", "Use that,\nwith care.")
    assert text.steps["end"].solution == "`docker rm`"


def test_an_unknown_lesson_is_none(content: Path) -> None:
    """Learners may ask for anything."""
    assert load_catalogue(content).get("nothing") is None


FAULTS = """\
  - id: broken
    at_once: 1
    faults:
      - id: port
        checks:
          - { kind: container_running, name: web, publishes: 80:80 }
      - id: image
        checks:
          - { kind: container_running, name: web, image: nginx }
"""
FAULTS_PROSE = """\
## Broken {#step-broken}
Something is.

### No answer {#task-port}
1. One.
2. Two.

### Solution {#solution-port}
Publish it.

### A strange page {#task-image}
1. One.
2. Two.

### Solution {#solution-image}
Another image.

## Mistakes"""
FAULTS_SOLUTION = "# task: port\ndocker rm -f web\n# task: image\ndocker rm -f web\n"


@pytest.fixture
def broken(content: Path) -> Path:
    """The same folder, with a step that draws one fault of two."""
    (content / "020-web" / "lesson.yaml").write_text(LESSON + FAULTS)
    for name in ("ko.md", "en.md"):
        edit(content, name, "## Mistakes", FAULTS_PROSE)
    (content / "020-web" / "solution.sh").write_text(SOLUTION + FAULTS_SOLUTION)
    edit(content, "trials.yaml", "in one line\n", "in one line\n    faults: [port]\n")
    return content


def test_faults_are_drawn_and_have_words_of_their_own(broken: Path) -> None:
    """An attempt has some of them; the texts are there for all."""
    catalogue = load_catalogue(broken)
    drawn = {catalogue.get("web", variant) for variant in range(8)}
    assert {lesson.broken for lesson in drawn if lesson} == {("port",), ("image",)}
    lesson = catalogue.lessons[0]
    text = catalogue.text(lesson, "ko")
    assert [text.tasks[name].solution for name in ("port", "image", "run")] == [
        "Publish it.",
        "Another image.",
        None,
    ]
    assert (text.steps["broken"].solution, len(lesson.tasks), len(lesson.every_task)) == (
        None,
        4,
        5,
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("lesson.yaml", "at_once: 1", "at_once: 3", "'at_once' must be a number from 1 to 2"),
        ("lesson.yaml", "    at_once: 1\n", "", "'at_once' is missing: how many are drawn?"),
        ("lesson.yaml", "- id: port", "- id: image", "the task id 'image' is used twice"),
        ("lesson.yaml", "- id: port", "- id: end", "'end' is a step and a task"),
        ("lesson.yaml", "- id: end", "- id: end\n    at_once: 2", "for a step with 'faults'"),
        ("lesson.yaml", "requires: []", "draws: { faults: word }", "'faults' is what a catalogue"),
        ("ko.md", "{#solution-port}", "{#solution-pot}", "{#solution-pot} is not in lesson.yaml"),
        ("solution.sh", "# task: image", "# task: imag", "'imag' is no task"),
        (
            "trials.yaml",
            "faults: [port]",
            "faults: [pord]",
            "no fault 'pord'; did you mean 'port'?",
        ),
    ],
)
def test_mistakes_about_faults_are_named(
    broken: Path, file: str, old: str, new: str, expected: str
) -> None:
    """As all mistakes: with the file, in words."""
    edit(broken, file, old, new)
    assert any(expected in mistake for mistake in mistakes_in(broken))


def test_lessons_come_in_their_order(content: Path) -> None:
    """Whatever order the folders are read in."""
    earlier = content / "005-early"
    earlier.mkdir()
    for file in (content / "020-web").iterdir():
        text = file.read_text().replace("id: web\norder: 20", "id: early\norder: 5")
        (earlier / file.name).write_text(text)
    assert [lesson.id for lesson in load_catalogue(content).lessons] == ["early", "web"]


def test_newcomers_begin_where_a_lesson_says_so(content: Path) -> None:
    """Else at the first in order."""
    earlier = content / "005-early"
    earlier.mkdir()
    for file in (content / "020-web").iterdir():
        text = file.read_text().replace("id: web\norder: 20", "id: early\norder: 5")
        (earlier / file.name).write_text(text)
    first = load_catalogue(content).start
    edit(content, "lesson.yaml", "requires: []", "requires: []\nstart: true")
    marked = load_catalogue(content).start
    assert first is not None
    assert marked is not None
    assert (first.id, marked.id) == ("early", "web")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("order: 20\n", "", "020-web/lesson.yaml:1: 'order' is missing"),
        (
            "minutes: 10",
            "minutes: soon",
            ":4: 'minutes' must be a number from 1 to 240, not 'soon'",
        ),
        ("version: 3", "version: 3\nlevel: 1", ":4: unknown 'level'"),
        ("minutes: 10", "minuts: 10", "unknown 'minuts'; did you mean 'minutes'?"),
        ("- id: look", "- id: look\n        look_twice: 2", ":13: 'look_twice' must be true or"),
        ("id: web", "id: Web Server", ":1: an id has a-z, 0-9 and single dashes"),
        ("id: web", "id: " + "x" * 41, "at most 40"),
        ("- id: end", "- id: run", "the step id 'run' is used twice"),
        ("- id: look", "- id: run", "the task id 'run' is used twice"),
        ("id: web", "id: web\nid: web", ":2: 'id' is here twice"),
        ("container_running", "container_runing", ":11: unknown kind of check 'container_runing'"),
        ("container_running", "container_runing", "did you mean 'container_running'?"),
        ("publishes: 80:80", "publishes: 80", ":11: `publishes` must be HOST:CONTAINER"),
        ("publishes: 80:80", "publishes: 80:99999", "a port must be a number from 1 to 65535"),
        ("publishes: 80:80", "publish: 80:80", "did you mean 'publishes'?"),
        ("port: 80", "port: http", ":16: a port must be a number"),
        ("is: docker logs web", "is: curl localhost", ":17: `is` must be one docker command"),
        ("is: docker logs web", "", "'is' is missing"),
        ("kind: page_seen, ", "", ":16: a check needs its 'kind'"),
        ("              - { kind: page_seen, port: 80 }\n", "", "any_of needs at least two"),
        ("after: run", "after: sun", "comes after 'sun', which is no earlier task"),
        ("requires: []", "requires: [gone]", "requires the lesson 'gone', which does not exist"),
        ("requires: []", "requires: gone", ":5: 'requires' must be a list"),
        ("requires: []", "requires: [web]", "requires the lesson 'web', which comes later"),
        ("order: 20", "order: 21", "the folder should be called 021-web"),
        ("steps:", "steps: [}", "this is not YAML"),
        ("steps:\n", "steps: x\nmore:\n", "'steps' must be a list"),
    ],
)
def test_each_mistake_in_the_yaml_is_named(
    content: Path, old: str, new: str, expected: str
) -> None:
    """With its line, in words that an author understands."""
    edit(content, "lesson.yaml", old, new)
    assert any(expected in mistake for mistake in mistakes_in(content)), mistakes_in(content)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## Goal {#goal}", "## Goal", "020-web/ko.md:3: the heading 'Goal' has no id"),
        ("{#step-end}", "{#step-and}", "{#step-and} is not in lesson.yaml"),
        ("{#step-end}", "{#step-and}", "there is no heading that ends in {#step-end}"),
        ("{#summary}", "{#goal}", "{#goal} is here twice"),
        ("### Run {#task-run}", "## Run {#task-run}", "the heading of {#task-run} needs ###"),
        ("## Goal {#goal}", "## {#goal}", "the heading of {#goal} has no words"),
        ("You can run it.\n", "", "there is no text below {#goal}"),
        ("# A web", "Hello\n# A web", "there is text before the first heading"),
        ("1. Look here.\n", "", "{#task-run} needs at least 2 hints"),
        ("1. Look here.\n", "Look here.\n", "must hold a numbered list of hints only"),
        ("{#lesson}\n", "{#lesson}\nHello.\n", "belongs below {#goal}"),
    ],
)
def test_each_mistake_in_the_prose_is_named(
    content: Path, old: str, new: str, expected: str
) -> None:
    """A slip of a translator never hides text."""
    edit(content, "ko.md", old, new)
    assert any(expected in mistake for mistake in mistakes_in(content)), mistakes_in(content)


def test_parts_in_another_order_are_a_mistake(content: Path) -> None:
    """Prose reads in the order of the lesson."""
    edit(content, "en.md", "{#mistakes}", "{#swap}")
    edit(content, "en.md", "{#summary}", "{#mistakes}")
    edit(content, "en.md", "{#swap}", "{#summary}")
    assert mistakes_in(content) == ["020-web/en.md:35: {#summary} is not where lesson.yaml has it"]


@pytest.mark.parametrize("name", ["lesson.yaml", "ko.md", "en.md", "solution.sh", "trials.yaml"])
def test_a_missing_file_is_named(content: Path, name: str) -> None:
    """Each file has to be there."""
    (content / "020-web" / name).unlink()
    assert mistakes_in(content) == [f"020-web/{name}: the file is missing"]


def test_a_file_that_is_no_text_is_named(content: Path) -> None:
    """An odd encoding is said, not guessed."""
    (content / "020-web" / "ko.md").write_bytes("안녕".encode("euc-kr"))
    assert mistakes_in(content) == ["020-web/ko.md: the file is not UTF-8 text"]


def test_the_solution_has_a_part_for_each_task(content: Path) -> None:
    """A task without one and a part without a task are mistakes."""
    edit(content, "solution.sh", "# task: look", "# task: lok")
    assert mistakes_in(content) == [
        "020-web/solution.sh: there is nothing for the task 'look'",
        "020-web/solution.sh:3: 'lok' is no task or is here twice",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("task: run", "task: rum", ":7: no task 'rum'; did you mean 'run'?"),
        ("finding: port_other", "finding: port_odd", "never finds 'port_odd'; did you mean"),
        ("misses:", "mises:", "unknown 'mises'; did you mean 'misses'?"),
        ('"!look 80"', "{ look: 80 }", ":4: 'lines' holds words only"),
    ],
)
def test_each_mistake_in_the_trials_is_named(
    content: Path, old: str, new: str, expected: str
) -> None:
    """A near miss for a task or a finding that does not exist would try nothing."""
    edit(content, "trials.yaml", old, new)
    assert any(expected in mistake for mistake in mistakes_in(content)), mistakes_in(content)


def test_all_mistakes_are_told_at_once_and_nothing_is_loaded(content: Path) -> None:
    """An author mends everything in one go."""
    edit(content, "lesson.yaml", "minutes: 10", "minutes: x")
    edit(content, "lesson.yaml", "port: 80", "port: x")
    edit(content, "ko.md", "{#goal}", "")
    edit(content, "en.md", "1. Look here.\n", "")
    found = mistakes_in(content)
    assert {line.split(":")[0] for line in found} == {
        "020-web/lesson.yaml",
        "020-web/ko.md",
        "020-web/en.md",
    }
    assert len([line for line in found if "lesson.yaml" in line]) == 2


def test_two_lessons_with_one_id_or_order_are_told_apart(content: Path) -> None:
    """Ids name progress; they are never shared."""
    second = content / "020-other"
    second.mkdir()
    for file in (content / "020-web").iterdir():
        text = file.read_text().replace("id: web\norder", "id: other\norder")
        (second / file.name).write_text(text)
    assert mistakes_in(content) == ["020-web/lesson.yaml: order 20 is taken by the lesson 'other'"]


def test_a_folder_without_lessons_is_a_mistake(tmp_path: Path) -> None:
    """A wrong path must not look like an empty course."""
    assert mistakes_in(tmp_path) != []
    with pytest.raises(AuthoringErrors, match="no such folder"):
        load_catalogue(tmp_path / "missing")


def test_the_command_lists_lessons_or_mistakes(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m lessons FOLDER` is an author's first test."""
    assert main([str(content)]) == 0
    assert capsys.readouterr().out == "020-web: 2 steps, 3 tasks\n"
    edit(content, "lesson.yaml", "minutes: 10", "minutes: x")
    assert main([str(content)]) == 1
    assert "lesson.yaml:4" in capsys.readouterr().err


SVG = '<svg viewBox="0 0 4 3"><text>%host%</text></svg>'
DIAGRAMS = """\
diagrams:
  - id: layers
    step: run
    alt: { ko: 그림, en: A picture }
    words:
      host: { ko: "호스트 <OS>", en: Host OS }
"""


def test_a_diagram_has_its_words_in_each_language(content: Path) -> None:
    """The words go into the drawing as text, whatever is in them."""
    folder = content / "020-web"
    (folder / "diagrams.yaml").write_text(DIAGRAMS)
    (folder / "layers.svg").write_text(SVG)
    lesson = load_catalogue(content).get("web")
    assert lesson is not None
    diagram = lesson.steps[0].diagram
    assert diagram is not None
    assert "호스트 &lt;OS&gt;" in diagram.drawing("ko")
    assert diagram.image("en") == folder / "layers.en.png"
    assert not diagram.is_up_to_date("en")


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("step: run", "step: walk", "there is no step 'walk'"),
        ("host:", "guest:", "%host% in layers.svg is not here"),
        ("host:", "guest:", "the word 'guest' is not in layers.svg"),
        ("id: layers", "id: levels", "there is no levels.svg"),
        ("en: Host OS", "fr: Hote", "'en' is missing"),
    ],
)
def test_a_mistake_in_a_diagram_is_named(content: Path, old: str, new: str, mistake: str) -> None:
    """With the file and the line."""
    folder = content / "020-web"
    (folder / "diagrams.yaml").write_text(DIAGRAMS.replace(old, new))
    (folder / "layers.svg").write_text(SVG)
    found = mistakes_in(content)
    assert any(line.startswith("020-web/diagrams.yaml:") and mistake in line for line in found)


SETUP = """\
# what the step needs
# step: run
docker inspect web-{{token}} || docker create --name web-{{token}} nginx
"""


def test_a_set_up_has_what_was_drawn(content: Path) -> None:
    """So have the checks and the prose of the attempt, and another attempt has another word."""
    (content / "020-web" / "setup.sh").write_text(SETUP)
    edit(content, "lesson.yaml", "requires: []", "requires: []\ndraws: { token: word }")
    edit(content, "lesson.yaml", "name: web, image: nginx", "name: 'web-{{token}}', image: nginx")
    edit(content, "ko.md", "Like this.", "Call it `web-{{token}}`.")
    catalogue = load_catalogue(content)
    names = set()
    for variant in (3, 4):
        lesson = catalogue.get("web", variant)
        assert lesson is not None
        (check,) = lesson.tasks[0].checks
        assert isinstance(check, ContainerRunning)
        assert f"--name {check.name} nginx" in str(lesson.setup_of(lesson.steps[0]))
        assert f"`{check.name}`" in catalogue.text(lesson, "ko").steps["run"].body
        names.add(check.name)
    assert len(names) == 2


def test_steps_can_share_a_set_up(content: Path) -> None:
    """Each has the shared part, whichever the learner opens first."""
    (content / "020-web" / "setup.sh").write_text("# step: run end\nmkdir -p web\n")
    lesson = load_catalogue(content).get("web")
    assert lesson is not None
    assert [lesson.setup_of(step) for step in lesson.steps] == ["mkdir -p web", "mkdir -p web"]


@pytest.mark.parametrize(
    ("setup", "mistake"),
    [
        ("# step: walk\ntrue\n", "'walk' is no step"),
        ("# step: run\n", "there is nothing for the step 'run'"),
        ("docker ps\n", "this is before the first"),
        ("# step: run\ntrue {{token}}\n", "nothing is drawn under the name 'token'"),
        (f"# step: run\n{'x' * 13_000}\n", "more than"),
        ("# step: run end run\ntrue\n", "'run' is no step or is here twice"),
    ],
)
def test_a_mistake_in_a_set_up_is_named(content: Path, setup: str, mistake: str) -> None:
    """Before it could run in anybody's engine."""
    (content / "020-web" / "setup.sh").write_text(setup)
    assert any(mistake in line for line in mistakes_in(content))
