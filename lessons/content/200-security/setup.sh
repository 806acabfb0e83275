# What a careless colleague left: a container with every privilege, and one that holds the engine's socket.
# step: harden
mkdir -p /root/security/www
echo '<title>Shop</title><h1>Shop: {{token}}</h1>' >/root/security/www/index.html
if ! docker inspect shop >/dev/null 2>&1; then
  docker run -d --privileged --name shop -p '{{port}}:8080' -v /root/security/www:/www busybox \
    httpd -f -p 8080 -h /www >/dev/null 2>&1 || exit 1
  echo made
fi
# step: socket
for name in lamp radio clock; do
  docker inspect "sec-$name" >/dev/null 2>&1 && continue
  socket=
  if [ "$name" = '{{spy}}' ]; then socket='-v /var/run/docker.sock:/var/run/docker.sock:ro'; fi
  # shellcheck disable=SC2086 # two words, or none
  docker run -d --name "sec-$name" $socket busybox sleep 1d >/dev/null 2>&1 || exit 1
  echo made
done
