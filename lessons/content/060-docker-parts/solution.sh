# One way through the lesson; the tests play it on a fresh engine.
# task: api
!look-up api docker version --format '{{.Server.APIVersion}}'
# task: runc
!look-up runc docker version | sed -n '/^ runc:/{n;s/.*: *//p}'
# task: by-api
curl -X POST --unix-socket /var/run/docker.sock http://localhost/containers/sleeper-{{token}}/start
# task: events
docker run --name ev1 busybox true
docker events --since 10m --until 0s
# task: ghost
docker events --since 24h --until 0s --filter event=die
!answer ghost {{code}}
# task: remove
docker rm -f sleeper-{{token}} ev1
