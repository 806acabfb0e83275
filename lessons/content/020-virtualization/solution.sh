# One way through the lesson; the tests play it on a fresh engine.
# task: pair
docker run -d --name one nginx
docker run -d --name two nginx
# task: crash
docker kill one
# task: os
docker run --name os debian cat /etc/os-release
# task: kernel
docker run --rm busybox uname -r
!look-up kernel docker run --rm busybox uname -r
# task: remove
docker rm -f one two os
