# One way through the lesson; the tests play it on a fresh engine.
# task: env
docker run -d --name prod -p {{port}}:80 -e MODE=prod -e GREETING={{word}} greeter
curl localhost:{{port}}
# task: env-file
docker run -d --name stage -p {{second}}:80 --env-file /root/configuration/shop.env -e MODE=stage greeter
curl localhost:{{second}}
# task: fails
docker run -d --name db postgres
sleep 3
docker logs db
# task: secret
docker rm db
docker run -d --name db -v /root/configuration/db-password:/run/secrets/db-password:ro -e POSTGRES_PASSWORD_FILE=/run/secrets/db-password postgres
# task: health
docker run -d --name checked --health-cmd 'wget -q -O /dev/null http://127.0.0.1/' --health-interval 2s --health-retries 1 greeter
sleep 8
# task: sick
docker exec checked rm /www/index.html
sleep 8
# task: stop
docker run -d --name polite --stop-signal SIGINT python python -m http.server
sleep 3
docker stop polite
# task: remove
docker rm -f prod stage db checked polite
