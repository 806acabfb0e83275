# One way through the lesson; the tests play it on a fresh engine.
# task: caps
docker run --name owner --cap-drop ALL --cap-add CHOWN busybox chown 1000 /tmp
# task: harden
docker rm -f shop
docker run -d --name shop -p {{port}}:8080 -v /root/security/www:/www:ro -u 1000 --cap-drop ALL --read-only --security-opt no-new-privileges busybox httpd -f -p 8080 -h /www
# task: find
!look-up find docker ps --filter volume=/var/run/docker.sock --format '{{.Names}}'
# task: replace
docker rm -f sec-{{spy}}
docker run -d --name sec-{{spy}} busybox sleep 1d
# task: pin
docker pull nginx
docker images --digests nginx
docker run -d --name pinned $(docker inspect -f '{{index .RepoDigests 0}}' nginx)
