# One way through the lesson; the tests play it on a fresh engine.
# task: web
docker run -d --name web --label role=web nginx
# task: db
docker run -d --name db --label role=db -e POSTGRES_PASSWORD=secret postgres
# task: was
docker run -d --name was --label role=was python python -m http.server
# task: files
docker run -d --name files --label role=files busybox httpd -f
# task: alone
docker stop db
# task: remove
docker rm -f web db was files
