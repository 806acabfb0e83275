# One way through the lesson; the tests play it on a fresh engine.
# task: short
docker ps -a
# task: management
docker container ls -a
# task: gone
docker run --rm --name gone busybox true
# task: workdir
docker run --name work -w /{{folder}} busybox pwd
# task: dashes
docker run -d --name dash nginx
# task: order
docker run -d --name order busybox sleep 3600
# task: image
docker run -d --name blank -p {{port}}:80 nginx
# task: remove
docker rm -f work dash order blank
