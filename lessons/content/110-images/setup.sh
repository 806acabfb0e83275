# The image is asked about in one step and removed in a later one.

# step: layers
docker image inspect images-shop:{{version}} >/dev/null 2>&1 || {
  mkdir -p /root/images && cd /root/images || exit
  docker pull -q busybox
  {
    echo FROM busybox
    echo 'CMD ["ls", "/shop"]'
    for n in $(seq {{extra}}); do
      echo "apples: $n" >"shelf-$n.txt"
      echo "COPY shelf-$n.txt /shop/"
    done
  } >Dockerfile
  docker build -q -t images-shop:{{version}} .
}

# step: remove
# The container is made once for an attempt: whoever has removed it on the way does not find it again.
if [ ! -e /root/images/box-{{holder}} ] && docker image inspect images-shop:{{version}} >/dev/null 2>&1; then
  mkdir -p /root/images
  docker run --name box-{{holder}} images-shop:{{version}} >/dev/null &&
    touch /root/images/box-{{holder}} && echo made a container
fi
