# One way through the lesson; the tests play it on a fresh engine.
# task: ten
for n in 1 2 3 4 5 6 7 8 9 10; do docker run -d busybox sleep 3600; done
# task: own
docker ps -a -s
!look-up own docker ps -a -s --filter name=^ledger$ --format '{{.Size}}' | cut -d' ' -f1
# task: powerless
docker run --name powerless --cap-drop ALL busybox chown 1000 /tmp
# task: hard
docker run -d --name hard --cap-drop ALL --read-only --security-opt no-new-privileges busybox sleep 3600
# task: remove
docker rm -f $(docker ps -aq --filter ancestor=busybox)
