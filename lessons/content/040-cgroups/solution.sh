# One way through the lesson; the tests play it on a fresh engine.
# task: memory
docker run -d --name m64 -m 64m nginx
# task: killed
docker run --name eater -m 32m --memory-swap 32m busybox tail /dev/zero
# task: cpu
docker run -d --name half --cpus 0.5 nginx
# task: update
docker update --cpus 0.25 half
# task: remove
docker rm -f m64 eater half
