# One way through the lesson; the tests play it on a fresh engine.
# task: volume
docker run -d --name db1 -e POSTGRES_PASSWORD=secret -v data1:/var/lib/postgresql/data postgres:17
docker exec db1 sh -c 'until pg_isready -h 127.0.0.1; do sleep 1; done'
# task: write
docker exec db1 psql -U postgres -c "CREATE TABLE memo AS SELECT '{{word}}' AS word"
# task: outlive
docker stop db1
docker rm db1
docker run -d --name db2 -v data1:/var/lib/postgresql/data postgres:17
docker exec db2 sh -c 'until pg_isready -h 127.0.0.1; do sleep 1; done'
docker exec db2 psql -U postgres -c "SELECT * FROM memo"
# task: site
docker run -d --name site -p {{port}}:80 -v /root/data/site:/usr/share/nginx/html:ro nginx
# task: edit
echo '<h1>{{word}}</h1>' > /root/data/site/index.html
# task: tmpfs
docker run -d --name scratch --tmpfs /scratch:size=16m nginx
# task: backup
docker stop db2
docker run --rm -v data1:/from:ro -v /root/data/backup:/to busybox tar cf /to/data1.tar -C /from .
# task: remove
docker rm -f db2 site scratch
docker volume rm data1
