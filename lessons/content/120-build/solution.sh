# One way through the lesson; the tests play it on a fresh engine.
# task: build
cd /root/build/hello
echo 'CMD cat /message.txt' >> Dockerfile
docker build -t hello:1 .
# task: run
docker run --name greet hello:1
# task: ignore
cd /root/build/site
echo secret.txt > .dockerignore
docker build -t site:1 .
# task: entry
cd /root/build/say
sed -i '2s/CMD/ENTRYPOINT/' Dockerfile
docker build -t hello:2 .
