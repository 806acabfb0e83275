# The files that the learner builds from; nothing that is there is changed.

# step: cache
if [ ! -e /root/build-better/menu ]; then
  mkdir -p /root/build-better/menu
  cd /root/build-better/menu
  printf '%s\n' 'FROM python:alpine' 'WORKDIR /app' 'COPY . .' 'RUN python prepare.py' 'RUN python render.py' \
    'CMD ["python", "-m", "http.server", "8000", "--directory", "site"]' > Dockerfile
  printf '%s\n' '# Stands for a slow step, such as installing packages from the internet.' \
    'import pathlib, time' 'time.sleep(3)' \
    'pathlib.Path("prepared.txt").write_text(f"prepared at {time.time_ns()}\n")' > prepare.py
  printf '%s\n' '# Makes a web page of the menu.' 'import pathlib' \
    'lines = pathlib.Path("menu.txt").read_text().splitlines()' \
    'items = "".join(f"<li>{line}</li>" for line in lines)' \
    'pathlib.Path("site").mkdir(exist_ok=True)' \
    'head = "<!doctype html><meta charset=utf-8><title>Menu</title><h1>Menu</h1>"' \
    'pathlib.Path("site/index.html").write_text(f"{head}<ul>{items}</ul>\n")' > render.py
  printf '%s\n' bibimbap gimbap > menu.txt
  echo made
fi

# step: stages
if [ ! -e /root/build-better/menu/Dockerfile.slim ]; then
  mkdir -p /root/build-better/menu
  cd /root/build-better/menu
  printf '%s\n' 'FROM python:alpine' 'WORKDIR /app' 'COPY prepare.py .' 'RUN python prepare.py' 'COPY . .' \
    'RUN python render.py' 'FROM busybox' 'COPY /app/site /site' \
    'CMD ["httpd", "-f", "-p", "8000", "-h", "/site"]' > Dockerfile.slim
  echo made
fi

# step: secrets
if ! docker image inspect leaky:1 >/dev/null 2>&1; then
  printf '%s\n' 'FROM busybox' 'ARG PASSWORD' 'RUN echo "$PASSWORD" > /key.txt && echo using the key' \
    'RUN rm /key.txt' 'CMD echo nothing to see here' |
    docker build -q -t leaky:1 --build-arg PASSWORD={{secret}} - >/dev/null && echo made
fi
