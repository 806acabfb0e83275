# One way through the lesson; the tests play it on a fresh engine.
# task: pull
docker pull busybox:stable
docker pull busybox:1
# task: layers
!look-up layers docker image inspect -f '{{len .RootFS.Layers}}' images-shop:{{version}}
# task: tag
docker tag busybox:stable lab/busybox:{{token}}
# task: untag
docker rmi lab/busybox:{{token}}
# task: remove
docker rm box-{{holder}}
docker rmi images-shop:{{version}}
