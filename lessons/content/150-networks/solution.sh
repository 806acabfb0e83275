# One way through the lesson; the tests play it on a fresh engine.
# task: default
docker run -d --name web nginx
# task: address
docker inspect web
!look-up address docker inspect -f '{{.NetworkSettings.Networks.bridge.IPAddress}}' web
# task: create
docker network create front
# task: connect
docker network connect front web
# task: client
docker run -d --name client --network front busybox sleep 1d
docker exec client wget -qO- http://web
# task: db
docker network create back
docker run -d --name db --network back redis
# task: app
docker run -d --name app --network front python python -m http.server 8000
docker network connect back app
# task: publish
docker rm -f web
docker run -d --name web --network front -p {{port}}:80 nginx
curl localhost:{{port}}
# task: remove
docker rm -f web client db app
docker network rm front back
