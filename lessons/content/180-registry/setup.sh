# Two images of one menu, yesterday's and today's. They are the lesson's own; those of another attempt say other words.
# step: tag push move pinned
make() { # TAG WORD
  docker image inspect -f '{{.Config.Cmd}}' "lunch:$1" 2>/dev/null | grep -q "$2" && return
  printf 'FROM busybox\nCMD ["echo", "menu: %s"]\n' "$2" | docker build -q -t "lunch:$1" - && echo made
}
make 1 {{first}} && make 2 {{second}}
