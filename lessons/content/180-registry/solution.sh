# One way through the lesson; the tests play it on a fresh engine.
# task: run
docker run -d -p {{port}}:5000 -v registry-data:/var/lib/registry --name registry registry:2
# task: tag
docker tag lunch:1 localhost:{{port}}/{{team}}/lunch:1
# task: push
docker push localhost:{{port}}/{{team}}/lunch:1
# task: move
docker tag lunch:2 localhost:{{port}}/{{team}}/lunch:1
docker push localhost:{{port}}/{{team}}/lunch:1
# task: pinned
docker run --name pinned $(docker image inspect -f '{{index .RepoDigests 0}}' lunch:1)
# task: remove
docker rm -f registry pinned
docker volume rm registry-data
