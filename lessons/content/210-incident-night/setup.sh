# The stack of the night, with what this attempt drew broken. Only a volume that is gone, or another
# attempt, makes it anew: what was repaired stays repaired.
# step: repair
set -e
faults='{{faults}}' key='{{token}} {{port}} {{faults}}'
cd /root
if [ "$(cat night/.made 2>/dev/null)" = "$key" ] && docker volume inspect night-data >/dev/null 2>&1; then
  exit 0
fi
broken() { case " $faults " in *" $1 "*) ;; *) false ;; esac; }
if broken image; then web_image=httpd:alpine; else web_image=nginx:alpine; fi
for image in python:alpine redis:alpine nginx:alpine "$web_image"; do
  docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null &
done
wait

# Whatever an attempt before left, under the lesson's own names.
for name in night-web night-was night-db night-dp; do docker rm -f "$name" >/dev/null 2>&1 || true; done
for name in night-data night-date night-log; do docker volume rm "$name" >/dev/null 2>&1 || true; done
for name in night-net night-old; do docker network rm "$name" >/dev/null 2>&1 || true; done
rm -rf night && mkdir -p night/web night/was

cat >night/web/night.conf <<'END'
server {
    listen 80;
    resolver 127.0.0.11 valid=2s;
    access_log /log/web.log;
    location / {
        set $was http://night-was:8000;
        proxy_pass $was;
        proxy_connect_timeout 3s;
    }
}
END
cat >night/was/was.py <<'END'
"""The night shop: asks the database for tonight's word and shows it."""
import http.server, json, os, signal, socket, sys

with open("/app/settings.json") as file:
    settings = json.load(file)
cache = b"." * (settings["cache_mb"] * 1024 * 1024)
host = os.environ["DB_HOST"]

def word():
    with socket.create_connection((host, 6379), timeout=3) as db:
        db.sendall(b"GET night:word\r\n")
        head, _, rest = db.recv(4096).decode().partition("\r\n")
    if head == "$-1":
        raise LookupError("the database has no night:word")
    return rest.strip()

class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with open("/log/was.log", "a") as log:
                log.write(self.path.ljust(100) + "\n")
            status, text = 200, "Night shop: " + word()
        except Exception as error:
            print(f"ERROR {host=}: {error!r}", file=sys.stderr)
            status, text = 503, "Out of order. See the logs of night-was."
        body = f"<title>Night shop</title><h1>{text}</h1>\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        print(self.requestline)

signal.signal(signal.SIGTERM, lambda *args: sys.exit(0))
print("night-was listens on port", settings["port"])
http.server.ThreadingHTTPServer(("", settings["port"]), Page).serve_forever()
END
echo '{"port": 8000, "cache_mb": 24}' >night/was/settings.json
cat >night/plan.txt <<'END'
night-web  image    nginx:alpine
           network  night-net
           port     {{port}} -> 80
           mounts   /root/night/web -> /etc/nginx/conf.d (ro), night-log -> /log
night-was  image    python:alpine
           network  night-net
           restart  always
           memory   64m (swap included)
           env      DB_HOST=night-db
           mounts   /root/night/was -> /app (ro), night-log -> /log
           command  python -u /app/was.py
night-db   image    redis:alpine
           network  night-net
           mounts   night-data -> /data
           health   redis-cli ping, every 2s
END

db_name=night-db was_net=night-net was_memory=64m was_db=night-db
if broken name; then db_name=night-dp; fi
if broken network; then was_net=night-old; fi
if broken limit; then was_memory=16m; fi
if broken env; then was_db=night-bd; fi
if broken crash; then echo '{"port": 8000, "cache_mb": 24,}' >night/was/settings.json; fi
health='redis-cli ping' web_port='{{port}}'
if broken health; then health='redis-cli -p 6380 ping'; fi
if broken port; then web_port='{{other}}'; fi

run_db() {
  docker run -d --name "$db_name" --network night-net -v "$1":/data --health-cmd "$health" \
    --health-interval 2s redis:alpine
}
{
  docker network create night-net
  if broken network; then docker network create night-old; fi
  docker volume create night-data
  docker volume create -d local -o type=tmpfs -o device=tmpfs -o o=size=1m night-log
  docker run -d --name night-web --network night-net -p "$web_port":80 \
    -v /root/night/web:/etc/nginx/conf.d:ro -v night-log:/log "$web_image" &
  run_db night-data
  wait
  if broken disk; then docker exec night-web sh -c 'cat /dev/zero >/log/old.log' || true; fi
  # With so little memory it may not even start; that is the fault.
  docker run -d --name night-was --network "$was_net" --restart always \
    -m "$was_memory" --memory-swap "$was_memory" -e DB_HOST="$was_db" \
    -v /root/night/was:/app:ro -v night-log:/log python:alpine python -u /app/was.py || broken limit
} >/dev/null 2>&1

tries=0
until docker exec "$db_name" redis-cli set night:word '{{token}}' 2>/dev/null | grep -q OK; do
  tries=$((tries + 1))
  [ "$tries" -lt 50 ] || exit 1
  sleep 0.2
done
docker exec "$db_name" redis-cli save >/dev/null
if broken volume; then { docker rm -f "$db_name"; run_db night-date; } >/dev/null 2>&1; fi
printf %s "$key" >night/.made
echo made
