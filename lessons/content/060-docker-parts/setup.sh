# step: talk
docker inspect sleeper-{{token}} >/dev/null 2>&1 || {
  docker create --name sleeper-{{token}} nginx >/dev/null 2>&1 && echo made
}
# step: events
# The engine forgets its events when it starts again; then the ghost has to appear once more.
docker events --since 240h --until 0s --filter event=die --filter container=ghost-{{token}} | grep -q . || {
  docker run --rm --name ghost-{{token}} busybox sh -c 'exit {{code}}' >/dev/null 2>&1
  [ $? = {{code}} ] && echo made
}
