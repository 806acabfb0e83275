# One way through the lesson; the tests play it on a fresh engine.
# task: cache
cd /root/build-better/menu
sed -i '3s/.*/COPY prepare.py ./' Dockerfile
sed -i '4a COPY . .' Dockerfile
docker build -t menu:1 .
echo {{token}} >> menu.txt
docker build -t menu:2 .
# task: slim
cd /root/build-better/menu
sed -i '1s/$/ AS build/' Dockerfile.slim
sed -i '8s/COPY/COPY --from=build/' Dockerfile.slim
docker build -f Dockerfile.slim -t menu:slim .
# task: user
sed -i '8a USER 1000' Dockerfile.slim
docker build -f Dockerfile.slim -t menu:safe .
docker run -d --name menu -p {{port}}:8000 menu:safe
!look {{port}}
# task: leak
docker history --no-trunc leaky:1
!answer leak {{secret}}
