"""Ordinary uses of every command of docker, compose and buildx, written for the tests."""

EXAMPLES = [
    line.strip()
    for line in r"""
    docker --version
    docker version --format '{{.Server.Version}}'
    docker info -f '{{.Driver}}'
    docker help run
    docker run hello-world
    docker run -d -p 80:80 --name hellonginx nginx
    docker run --rm -it busybox sh
    docker run -dit --name box busybox
    docker run -d --name db -e POSTGRES_PASSWORD=secret -v pgdata:/var/lib/postgresql/data postgres
    docker run --rm -v "$PWD":/src -w /src python python3 app.py
    docker run --rm -v $(pwd)/html:/usr/share/nginx/html:ro nginx
    docker run -d --memory 256m --memory-swap 512m --cpus 0.5 --pids-limit 100 nginx
    docker run --restart unless-stopped -d nginx
    docker run --restart=on-failure:5 -d nginx
    docker run -d --network shop --network-alias api --hostname api nginx
    docker run --mount type=bind,source=/srv/data,target=/data,readonly busybox ls /data
    docker run --mount type=tmpfs,target=/run --tmpfs /tmp:size=64m --read-only nginx
    docker run --health-cmd 'curl -f localhost || exit 1' --health-interval 5s nginx
    docker run --health-retries 3 --health-timeout 2s --health-start-period 10s nginx
    docker run --entrypoint sh nginx -c 'echo hello'
    docker run --env-file app.env -e DEBUG nginx
    docker run --cap-drop ALL --cap-add NET_BIND_SERVICE --security-opt no-new-privileges nginx
    docker run -u 1000:1000 --userns host --pid host --ipc private busybox id
    docker run -P --expose 8080 -l team=web --label-file labels nginx
    docker run --add-host db:10.0.0.5 --dns 1.1.1.1 --dns-search lan busybox nslookup db
    docker run --pull always --platform linux/amd64 nginx:1.25
    docker run --log-driver json-file --log-opt max-size=10m --log-opt max-file=3 nginx
    docker run --ulimit nofile=1024:2048 --shm-size 64m --stop-timeout 5 --stop-signal SIGQUIT nginx
    docker run --device /dev/fuse --sysctl net.core.somaxconn=1024 --init nginx
    docker run --net=host nginx
    docker run --sig-proxy=false nginx
    docker run -- busybox ls
    docker run -a stdout -a stderr busybox ls
    docker run --gpus all --runtime runc --cpuset-cpus 0-1 --cpu-shares 512 nginx
    docker run 127.0.0.1:5000/shop/web:v2
    docker container attach --no-stdin web
    docker container commit -m 'add tools' -a Yuna --change 'CMD ["sh"]' web mine:1
    docker cp web:/etc/nginx/nginx.conf .
    docker cp index.html web:/usr/share/nginx/html/
    docker cp - web:/tmp < files.tar
    docker create --name later nginx
    docker diff web
    docker exec -it web bash
    docker exec -e A=1 -w /app -u root web env
    docker export -o web.tar web
    docker inspect -f '{{.State.Status}}' web
    docker inspect --type image nginx
    docker container inspect web db
    docker kill -s HUP web
    docker logs -f --tail 20 web
    docker logs --since 10m --until 2026-01-31T12:00:00 -t web
    docker ps
    docker ps -a --no-trunc
    docker ps -aq -f status=exited --filter name=web
    docker ps --format 'table {{.Names}}\t{{.Status}}'
    docker ps -n 3 -s
    docker container ls --latest
    docker pause web
    docker port web 80/tcp
    docker container prune -f --filter until=24h
    docker rename web shop
    docker restart -t 5 web
    docker rm -fv web db
    docker rm -f $(docker ps -aq)
    docker start -ai web
    docker stats --no-stream web
    docker stop web db
    docker top web aux
    docker unpause web
    docker update --memory 512m --memory-swap 1g --restart always web
    docker wait web
    docker build .
    docker build -t mine:1 -f Dockerfile.dev --build-arg VERSION=2 --target build --no-cache .
    docker build --progress plain --pull -t mine - < Dockerfile
    docker build -t mine https://example.org/repo.git
    docker buildx build --platform linux/amd64,linux/arm64 -t mine --push .
    docker history --no-trunc nginx
    docker import files.tar mine:1
    docker image inspect nginx
    docker load -i images.tar
    docker images -a --digests
    docker image ls -q --filter dangling=true
    docker image ls nginx
    docker image prune -a
    docker pull nginx:1.25
    docker pull -q alpine@sha256:0123456789012345678901234567890123456789012345678901234567890123
    docker push 127.0.0.1:5000/mine:1
    docker rmi -f nginx mine:1
    docker save -o images.tar nginx redis
    docker tag mine:1 127.0.0.1:5000/mine:1
    docker volume create --label team=web data
    docker volume inspect data
    docker volume ls -q -f dangling=true
    docker volume prune -a
    docker volume rm data old
    docker volume update --availability drain data
    docker network create --driver bridge --subnet 10.5.0.0/24 --gateway 10.5.0.1 shop
    docker network create --internal -o com.docker.network.bridge.name=br0 inside
    docker network connect --alias api --ip 10.5.0.9 shop web
    docker network disconnect -f shop web
    docker network inspect -v shop
    docker network ls --no-trunc
    docker network prune -f
    docker network rm shop
    docker system df -v
    docker events --since 1h --filter event=die
    docker system prune -af --volumes
    docker login -u yuna --password-stdin registry.example.org
    docker logout
    docker search --limit 5 nginx
    docker builder build -t mine .
    docker builder prune -a --filter until=48h
    docker buildx bake --print web
    docker buildx create --name fast --use
    docker buildx dial-stdio
    docker buildx du --verbose
    docker buildx imagetools create -t mine:latest mine:1
    docker buildx imagetools inspect nginx
    docker buildx inspect --bootstrap fast
    docker buildx ls
    docker buildx prune -f
    docker buildx rm fast
    docker buildx stop fast
    docker buildx use fast
    docker buildx version
    docker compose attach web
    docker compose build --no-cache --build-arg A=1 web
    docker compose config --services
    docker compose -f a.yaml -f b.yaml config -q
    docker compose cp web:/etc/hosts .
    docker compose create
    docker compose down --rmi local --remove-orphans
    docker compose down -v -t 5
    docker compose events --json
    docker compose exec -T web sh -c 'nginx -t'
    docker compose images
    docker compose kill -s SIGINT web
    docker compose logs -f --tail=50 web db
    docker compose ls -a
    docker compose pause web
    docker compose port web 80
    docker compose ps -a --format json
    docker compose pull --ignore-pull-failures
    docker compose push
    docker compose restart web
    docker compose rm -fsv
    docker compose run --rm -e A=1 web sh
    docker compose scale web=3
    docker compose start
    docker compose stats
    docker compose stop -t 3
    docker compose top
    docker compose unpause
    docker compose -p shop --profile debug up -d --build --scale web=3
    docker compose up --wait --wait-timeout 30
    docker compose version --short
    docker compose wait web
    docker compose watch --no-up
    docker swarm init --advertise-addr 10.0.0.1
    docker swarm join --token SWMTKN-1-x 10.0.0.1:2377
    docker swarm join-token worker
    docker swarm leave --force
    docker swarm ca --rotate
    docker swarm unlock
    docker swarm unlock-key -q
    docker swarm update --autolock
    docker node ls
    docker node demote n1
    docker node promote n1
    docker node inspect --pretty self
    docker node ps self
    docker node rm --force n1
    docker node update --availability drain n1
    docker service create --name web --replicas 3 -p 80:80 nginx
    docker service inspect --pretty web
    docker service logs -f web
    docker service ls
    docker service ps web
    docker service rm web
    docker service rollback web
    docker service scale web=5 api=2
    docker service update --image nginx:1.25 web
    docker stack config -c compose.yaml
    docker stack deploy -c compose.yaml shop
    docker stack ls
    docker stack ps shop
    docker stack rm shop
    docker stack services shop
    docker secret create db_password password.txt
    docker secret inspect db_password
    docker secret ls
    docker secret rm db_password
    docker config create site nginx.conf
    docker config inspect site
    docker config ls
    docker config rm site
    docker context create far --docker host=ssh://yuna@far
    docker context export far
    docker context import far far.dockercontext
    docker context inspect
    docker context ls
    docker context rm far
    docker context show
    docker context update --description lab far
    docker context use default
    docker manifest annotate mine:1 mine:arm --arch arm64
    docker manifest create mine:1 mine:amd mine:arm
    docker manifest inspect nginx
    docker manifest push mine:1
    docker manifest rm mine:1
    docker plugin create mine ./folder
    docker plugin disable mine
    docker plugin enable mine
    docker plugin inspect mine
    docker plugin install --grant-all-permissions vieux/sshfs
    docker plugin ls
    docker plugin push mine
    docker plugin rm mine
    docker plugin set mine DEBUG=1
    docker plugin upgrade mine
    docker trust inspect nginx
    docker trust revoke mine:1
    docker trust sign mine:1
    docker trust key generate yuna
    docker trust key load key.pem
    docker trust signer add --key cert.pem yuna mine
    docker trust signer remove yuna mine
    docker checkpoint create web first
    docker checkpoint ls web
    docker checkpoint rm web first
    docker ps | grep web
    docker ps -q | xargs docker stop
    docker ps -q | wc -l > count.txt
    docker pull nginx && docker run -d nginx || echo failed
    docker stop web; docker rm web
    docker logs web 2>&1 | grep -i error
    docker save nginx | gzip > nginx.tar.gz
    docker inspect web >/dev/null 2>&1
    for i in 1 2 3; do docker run -d --name web$i nginx; done
    NAME=web; docker run -d --name "$NAME" nginx
    DOCKER_BUILDKIT=1 docker build -t mine .
    sudo docker ps
    cat app.tar | docker load
    docker exec db psql -U postgres -c 'select 1'
    docker run --rm busybox sh -c 'echo $HOSTNAME; sleep 1'
    """.strip().splitlines()
]
