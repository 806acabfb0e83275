# One way through the lesson; the tests play it on a fresh engine.
# task: create
docker create --name web nginx
# task: start
docker start web
# task: pause
docker pause web
# task: unpause
docker unpause web
# task: stop
docker stop web
# task: kill
docker start web
docker kill web
# task: exit-code
docker run --name exit3 busybox sh -c 'exit 3'
# task: restart
docker run -d --name phoenix --restart on-failure:3 busybox sh -c 'exit 1'
sleep 10
# task: once
docker run --rm busybox echo hello
# task: remove
docker rm web exit3 phoenix
