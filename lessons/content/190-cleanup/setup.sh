# In each part, what has to be kept says whether the learner still has to do anything: when it is gone by
# mistake, all of the part is made again.

# step: df containers
docker inspect cleanup-{{keep}} >/dev/null 2>&1 || {
  docker rm -f cleanup-old-1 cleanup-old-2 cleanup-old-3 >/dev/null 2>&1
  docker run --name cleanup-{{keep}} --label keep=yes busybox sh -c 'echo "the only copy" >/root/note.txt'
  for n in 1 2 3; do
    docker run --name cleanup-old-$n busybox dd if=/dev/zero of=/root/junk bs=1M count=5 2>/dev/null
  done
  echo made containers
}

# step: images
docker image inspect cleanup-app:{{version}} >/dev/null 2>&1 || {
  folder=$(mktemp -d)
  for n in 1 2 3; do
    head -c 5000000 /dev/zero >"$folder/app"
    echo "build $n for {{keep}}" >>"$folder/app"
    tar -C "$folder" -c app | docker import --change 'LABEL lesson=cleanup' - cleanup-app:{{version}}
  done
  rm -r "$folder"
}

# step: volumes
docker volume inspect cleanup-{{data}} >/dev/null 2>&1 || {
  docker volume create cleanup-{{data}}
  docker run --rm -v cleanup-{{data}}:/data busybox sh -c 'echo "orders of this year" >/data/orders.txt'
  for n in 1 2; do
    docker run --name cleanup-cache -v /data busybox sh -c 'head -c 5000000 /dev/zero >/data/cache'
    docker rm cleanup-cache
  done
}

# step: logs
docker inspect cleanup-chatty >/dev/null 2>&1 || {
  docker run -d --name cleanup-chatty nginx &&
    docker exec cleanup-chatty sh -c 'yes "10.0.0.7 GET /health 200" | head -n 50000 >/proc/1/fd/1'
}
