# One way through the lesson; the tests play it on a fresh engine.
# task: df
docker system df
# task: containers
docker container prune -f --filter label!=keep=yes
# task: images
docker image prune -f
# task: volumes
docker volume prune -f
# task: logs
docker rm -f cleanup-chatty
docker run -d --name cleanup-chatty --log-opt max-size={{size}}m nginx
# task: remove
docker rm -f cleanup-chatty cleanup-{{keep}}
docker rmi cleanup-app:{{version}}
docker volume rm cleanup-{{data}}
