# The files of the cafe: a web server, a WAS and a database. The WAS gives up when the database does not answer at its
# start, and that is what the lesson is about. An attempt of another time leaves its project; it had another menu.
# step: file up logs order scale down volume
here=/root/compose
grep -qs '{{menu}}' $here/first.sql || {
docker compose -p cafe down -v >/dev/null 2>&1
rm -rf $here && mkdir -p $here/app || exit

cat >$here/compose.yaml <<'END'
name: cafe

services:
  web:
    image: nginx:alpine
    ports:
      - "${WEB_PORT:-8080}:80"
    volumes:
      - ./web.conf:/etc/nginx/conf.d/default.conf:ro
    depends_on:
      - was

  was:
    image: python:3-alpine
    command: python -u /app/server.py
    environment:
      DB_HOST: db
      DB_PASSWORD: secret
    volumes:
      - ./app:/app:ro
    depends_on:
      db:
        condition: service_started

  db:
    image: postgres:17-alpine
    environment:
      POSTGRES_PASSWORD: secret
    volumes:
      - data:/var/lib/postgresql/data
      - ./first.sql:/docker-entrypoint-initdb.d/first.sql:ro
    healthcheck:
      test: pg_isready -q -h 127.0.0.1 -U postgres
      interval: 2s
      retries: 60

volumes:
  data:
END

cat >$here/web.conf <<'END'
server {
    listen 80;
    # How many WAS there are may change: ask Docker's DNS again every second.
    resolver 127.0.0.11 valid=1s ipv6=off;

    location / {
        set $was http://was:8000;
        proxy_pass $was;
    }
}
END

cat >$here/app/server.py <<'END'
"""The WAS: counts the visits in the database and shows the menu."""
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from database import ask


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            ((menu, visits),) = ask("UPDATE cafe SET visits = visits + 1 RETURNING menu, visits")
            status, text = 200, f"menu: {menu}\nvisits: {visits}\nWAS: {socket.gethostname()}\n"
        except OSError as problem:
            status, text = 503, f"no answer from the database: {problem}\n"
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


try:
    ask("SELECT menu FROM cafe")
except OSError as problem:
    sys.exit(f"error code {{code}}: no answer from the database: {problem}")
print("ready", flush=True)
ThreadingHTTPServer(("", 8000), Page).serve_forever()
END

cat >$here/app/database.py <<'END'
"""As much of PostgreSQL's protocol as it takes to ask a question; a real WAS uses a driver."""
import base64
import hashlib
import hmac
import os
import socket
import struct


def ask(sql):
    """The rows of the answer, as text; OSError when there is none."""
    with socket.create_connection((os.environ["DB_HOST"], 5432), timeout=5) as link:
        stream = link.makefile("rwb")
        send(stream, b"", struct.pack("!I", 3 << 16) + b"user\0postgres\0\0")
        log_in(stream, os.environ["DB_PASSWORD"])
        wait(stream)
        send(stream, b"Q", sql.encode() + b"\0")
        return wait(stream)


def send(stream, kind, body):
    stream.write(kind + struct.pack("!I", len(body) + 4) + body)
    stream.flush()


def read(stream):
    head = stream.read(5)
    if len(head) < 5:
        raise ConnectionError("it hung up")
    body = stream.read(struct.unpack("!I", head[1:])[0] - 4)
    if head[:1] == b"E":
        fields = dict((part[:1], part[1:]) for part in body.split(b"\0"))
        raise ConnectionError(fields[b"M"].decode())
    return head[:1], body


def wait(stream):
    """All rows until it is ready for the next question."""
    rows = []
    while True:
        kind, body = read(stream)
        if kind == b"Z":
            return rows
        if kind == b"D":
            rows.append(row(body))


def row(body):
    cells, at = [], 2
    for _ in range(struct.unpack_from("!H", body)[0]):
        size = max(0, struct.unpack_from("!i", body, at)[0])
        cells.append(body[at + 4 : at + 4 + size].decode())
        at += 4 + size
    return cells


def log_in(stream, password):
    """SCRAM-SHA-256: the password itself never travels."""
    ours = "n=,r=" + base64.b64encode(os.urandom(18)).decode()
    while True:
        kind, body = read(stream)
        step = struct.unpack("!I", body[:4])[0]
        if step == 0:
            return
        if step == 10:
            first = b"n,," + ours.encode()
            send(stream, b"p", b"SCRAM-SHA-256\0" + struct.pack("!I", len(first)) + first)
        elif step == 11:
            send(stream, b"p", proof(password.encode(), ours, body[4:].decode()))
        elif step != 12:
            raise ConnectionError(f"unknown way to log in: {step}")


def proof(password, ours, theirs):
    given = dict(part.split("=", 1) for part in theirs.split(","))
    salted = hashlib.pbkdf2_hmac("sha256", password, base64.b64decode(given["s"]), int(given["i"]))
    key = hmac.digest(salted, b"Client Key", "sha256")
    answer = f"c=biws,r={given['r']}"
    said = f"{ours},{theirs},{answer}".encode()
    signature = hmac.digest(hashlib.sha256(key).digest(), said, "sha256")
    mixed = bytes(a ^ b for a, b in zip(key, signature))
    return f"{answer},p={base64.b64encode(mixed).decode()}".encode()
END
# The last one: who has it has all of them.
cat >$here/first.sql <<'END' || exit
CREATE TABLE cafe (menu text, visits integer);
INSERT INTO cafe VALUES ('{{menu}}', 0);
-- A real cafe has more to fill in before it opens.
SELECT pg_sleep(5);
END
echo made
}
