# step: layer
docker inspect ledger >/dev/null 2>&1 || {
  docker run --name ledger busybox dd if=/dev/zero of=/book bs=1M count={{mb}} >/dev/null 2>&1 && echo made
}
