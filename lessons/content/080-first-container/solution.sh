# One way through the lesson; the tests play it on a fresh engine.
# task: version
docker version
# task: info
docker info
# task: help
docker --help
# task: run
docker run -d -p 80:80 --name hellonginx nginx
# task: page
curl localhost
# task: remove
docker rm -f hellonginx
