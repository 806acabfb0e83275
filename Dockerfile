# Every image of Docent that is not in the learners' catalogue.
#
#   engine   a learner's machine: Docker engine, keeper and mirror (sandbox/image/ says how it starts)
#   app      bot, sandbox service and playground
#
# No BuildKit-only syntax: the builder of Docker 20.10 has to do. `ops/images.py` builds both.

# --- the seccomp profile ---------------------------------------------------------------------------------
# Made from Debian's own, so that calls which a newer kernel brings are known as soon as Debian knows them.
FROM debian:trixie-slim AS seccomp
RUN apt-get update -q \
 && apt-get install -qy --no-install-recommends python3-minimal \
 && cd /tmp && apt-get download golang-github-containers-common \
 && dpkg-deb --extract golang-github-containers-common_*.deb /tmp/containers \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /tmp/*.deb
COPY sandbox/image/seccomp.py /usr/lib/docent/
RUN python3 /usr/lib/docent/seccomp.py /tmp/containers/usr/share/containers/seccomp.json /seccomp.json

# --- engine: a learner's machine, and the mirror that learners pull from ---------------------------------
FROM debian:trixie-slim AS engine
# First row: the engine and what it runs on. Second: the way in and the mirror. Third: tools for learners.
RUN apt-get update -q \
 && apt-get install -qy --no-install-recommends \
      docker.io docker-cli docker-compose docker-buildx iptables nftables uidmap ca-certificates e2fsprogs \
      dropbear-bin socat docker-registry \
      curl iproute2 jq less procps time vim-tiny \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/*
# A browser takes pictures of learners' pages; `DOCENT_ENGINE_BROWSER=off` leaves it out. It draws without a graphics
# card: half of what it would bring along is for that. Of the fonts, what a page needs to be Korean.
ARG BROWSER=on
RUN [ "$BROWSER" = off ] || { \
    apt-get update -q \
 && apt-get install -qy --no-install-recommends \
      -o Dpkg::Options::=--path-exclude=/usr/lib/*/libLLVM* \
      -o Dpkg::Options::=--path-exclude=/usr/lib/*/libgallium* \
      -o Dpkg::Options::=--path-exclude=/usr/lib/*/libz3* \
      -o Dpkg::Options::=--path-exclude=/usr/lib/chromium/libVk* \
      -o Dpkg::Options::=--path-exclude=/usr/share/fonts/truetype/nanum/* \
      -o Dpkg::Options::=--path-include=/usr/share/fonts/truetype/nanum/NanumGothic*.ttf \
      chromium-headless-shell fonts-nanum \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/*; }
# The keeper and the learner never gain a privilege through a file of the image.
# The folders are places to mount on: the root of a running sandbox is read-only.
RUN find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && mkdir -p /srv /media /mnt /sock /mirror /data /var/lib/docker /var/lib/containerd \
 && chmod 755 /root && touch /disk.img && ln -sf vim.tiny /usr/bin/vim \
 && rm -rf /root/.bashrc /root/.profile
COPY --from=seccomp /seccomp.json /usr/lib/docent/
COPY sandbox/image/ /usr/lib/docent/
RUN chmod 755 /usr/lib/docent /usr/lib/docent/first-process /usr/lib/docent/view /usr/lib/docent/ceilings \
      /usr/lib/docent/screenshot \
      /usr/lib/docent/inner-init /usr/lib/docent/keeper /usr/lib/docent/command /usr/lib/docent/run-line \
      /usr/lib/docent/let-in /usr/lib/docent/docker-with-packages
ENTRYPOINT ["/usr/lib/docent/first-process"]

# --- app: bot, sandbox service and playground ------------------------------------------------------------
# The wheels come with the build context (`ops/images.py` fetches them): not every builder reaches a package index.
FROM debian:trixie-slim AS app-dependencies
RUN apt-get update -q && apt-get install -qy --no-install-recommends python3 python3-venv \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
COPY build/wheels/ /wheels/
COPY requirements.lock /
RUN python3 -m venv /opt/docent \
 && /opt/docent/bin/pip install --quiet --no-cache-dir --no-index --find-links /wheels --require-hashes \
      --requirement /requirements.lock \
 && /opt/docent/bin/pip uninstall --quiet --yes pip

FROM debian:trixie-slim AS app
# e2fsprogs: the sandbox service makes the file system on a learner's disk. Two fonts: the bot draws pictures.
RUN apt-get update -q && apt-get install -qy --no-install-recommends \
      -o Dpkg::Options::=--path-exclude=/usr/share/fonts/truetype/nanum/* \
      -o Dpkg::Options::=--path-include=/usr/share/fonts/truetype/nanum/NanumGothic.ttf \
      -o Dpkg::Options::=--path-include=/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf \
      python3 ca-certificates e2fsprogs fonts-nanum \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log \
 && groupadd --gid 10001 docent \
 && useradd --uid 10001 --gid docent --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin docent \
 && install -d -o docent -g docent /data /state # new volumes take over the owner
COPY --from=app-dependencies /opt/docent /opt/docent
WORKDIR /app
COPY lessons lessons
COPY db db
COPY sandbox sandbox
COPY playground playground
COPY bot bot
ENV PATH=/opt/docent/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER docent
# One image, three programs; `compose.yaml` says which: python -m bot, sandbox or playground.
CMD ["python", "-m", "bot"]
