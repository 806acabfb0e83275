"""Which lines go to a live terminal, and which of them want the keyboard."""

from __future__ import annotations

import pytest

from bot.terminal.interactive import Going, going

KEYBOARD = """
docker run -it busybox sh
docker run --rm -ti --name x -p 80:80 busybox
docker run --interactive --tty busybox
docker run -i busybox cat
docker run -e A=1 -it x
docker run -v /:/host -it busybox chroot /host
docker -D run -it x
docker exec -it web sh
docker exec -u root -it db psql -U postgres
docker container exec -ti web bash
docker exec -it web ls /
docker attach web
docker container attach --no-stdin=false web
docker start -ai web
docker start web -ai
docker compose exec web sh
docker compose run --rm web sh
docker-compose exec web sh
docker run -it x | cat
vi a
/usr/bin/vi a
LANG=C vim a
cd a && vi Dockerfile
docker rm -f a; docker run -it --name a busybox
for i in 1 2; do docker exec -it web ls; done
top
top -d 1
sh
bash -i
python3
psql -U postgres
docker run -it --rm postgres psql -h db -U postgres -d shop
docker exec --user postgres -it db psql -d shop
docker compose exec --user postgres db psql -d shop
docker run --rm -it alpine top -d 1
docker compose run --rm app python -d app.py
"""
FOLLOWS = """
docker logs -f web
docker logs web -f
docker logs -n 5 -f web
docker logs -fn5 web
docker logs --follow web | grep x
docker logs -f web 2>&1 | head
docker logs -f web 2>/dev/null
docker --context default logs -f web
docker stats
docker stats --no-stream=false
docker container stats web
docker events
docker system events --filter type=container
docker compose up
docker compose -f a.yml up --build web
docker compose up --no-deps web
docker compose logs -f
docker compose logs --tail 5 --follow web
docker compose -p x events --json
tail -f x
tail -n 5 -F x
tail --follow=name x
watch -n1 docker ps
"""
ENDS = """
docker ps
docker run nginx
docker run --name -it busybox
docker run -d -it nginx
docker run -dit nginx
docker run -it --detach nginx
docker run busybox sh -c 'read -it'
docker run --help -it
docker run --tty=false busybox ls
echo hi | docker run -i busybox cat
docker exec -i web sh < script
docker exec -i web sh <<END
docker exec web ls -it
docker exec -itd web sleep 9
docker logs web
docker logs -n 5 web
docker logs -f web > log.txt
docker logs -t web
docker stats --no-stream
docker stats web --no-stream
docker stats &
docker events --since 10m --until 0s
docker events --until=0s
docker start web
docker start -a web
docker compose up -d
docker compose up --build -d
docker compose up web --wait
docker compose exec -T web ls
docker compose run -T web ls
docker compose logs
docker compose up --help
docker top web
docker
docker compose
docker-compose
cat
cat a | vi -
vi < a
vi a > b
top -b -n1
top -bn1 | head
sh -c 'ls'
sh x.sh
echo ls | sh
bash --version
python3 x.py
python3 -c 'print(1)'
tail -5 x
watch
echo 'docker run -it x'
echo docker; echo -it
docker run -it "x
docker run --rm alpine ping -i 1 -c 30 web
docker exec --user root web grep -i foo /etc/hosts
docker run --rm busybox sort -t , -k 2 f
"""


@pytest.mark.parametrize("line", KEYBOARD.strip().splitlines())
def test_a_line_that_reads_what_is_typed_wants_the_keyboard(line: str) -> None:
    """Wherever its flags stand, and whatever stands before it."""
    assert going(line) is Going.KEYBOARD


@pytest.mark.parametrize("line", FOLLOWS.strip().splitlines())
def test_a_line_that_only_shows_what_happens_follows(line: str) -> None:
    """In all of docker's spellings."""
    assert going(line) is Going.FOLLOWS


@pytest.mark.parametrize("line", ENDS.strip().splitlines())
def test_every_other_line_ends_by_itself(line: str) -> None:
    """Flags of the program inside, quotes, pipes and files don't make a terminal."""
    assert going(line) is None


def test_the_second_line_of_a_message_counts() -> None:
    """Lines are commands one after the other."""
    assert going("docker ps\ndocker exec -it web sh") is Going.KEYBOARD
    assert going("docker run -d \\\n  -it nginx") is None


def test_a_line_may_go_on_after_a_backslash() -> None:
    """As every manual formats long commands."""
    assert going("docker run \\\n  --name box \\\n  -it alpine sh") is Going.KEYBOARD
    assert going("docker logs \\\n  -f web") is Going.FOLLOWS


def test_a_text_that_is_written_into_a_file_is_no_command() -> None:
    """Whatever its lines begin with; what follows it counts again."""
    script = "cat > run.sh <<'END'\ndocker run -it busybox\nvi a\nEND"
    assert going(script) is None
    assert going(script + "\nsh") is Going.KEYBOARD
    assert going("cat <<<word\nvi a") is Going.KEYBOARD
