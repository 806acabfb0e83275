# One way through the lesson; the tests play it on a fresh engine.
# task: port
cd /root/compose
echo WEB_PORT={{port}} > .env
# task: up
docker compose pull --quiet
docker compose up -d
# task: why
!answer why {{code}}
# task: order
sed -i 's/service_started/service_healthy/' compose.yaml
docker compose up -d
# task: scale
docker compose up -d --scale was=2
# task: down
docker compose down
# task: volume
docker compose up -d
docker compose down -v
