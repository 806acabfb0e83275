# One way through the lesson; the tests play it on a fresh engine.
# task: kernel
docker run --name kernel busybox uname -r
# task: uts
docker run -d --name uts --hostname lab nginx
# task: alone
docker run --rm busybox ps
# task: peek
docker run --name peek --pid container:uts busybox ps
# task: net
docker run --name island --network none busybox ip addr
# task: user
docker run --name someone -u 1000 busybox id
# task: remove
docker rm -f kernel uts peek island someone
