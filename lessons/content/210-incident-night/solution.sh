# One way to repair each fault; the tests play them on a fresh engine.
# task: port
docker rm -f night-web
docker run -d --name night-web --network night-net -p {{port}}:80 -v /root/night/web:/etc/nginx/conf.d:ro -v night-log:/log nginx:alpine
# task: image
docker rm -f night-web
docker run -d --name night-web --network night-net -p {{port}}:80 -v /root/night/web:/etc/nginx/conf.d:ro -v night-log:/log nginx:alpine
# task: limit
docker update -m 64m --memory-swap 64m night-was
docker restart night-was
# task: crash
sed -i 's/24,/24/' /root/night/was/settings.json
docker restart night-was
# task: name
docker rename night-dp night-db
# task: network
docker network connect night-net night-was
# task: disk
docker exec night-was rm /log/old.log
# task: env
docker rm -f night-was
docker run -d --name night-was --network night-net --restart always -m 64m --memory-swap 64m -e DB_HOST=night-db -v /root/night/was:/app:ro -v night-log:/log python:alpine python -u /app/was.py
# task: volume
docker rm -f night-db
docker run -d --name night-db --network night-net -v night-data:/data --health-cmd 'redis-cli ping' --health-interval 2s redis:alpine
# task: health
docker rm -f night-db
docker run -d --name night-db --network night-net -v night-data:/data --health-cmd 'redis-cli ping' --health-interval 2s redis:alpine
sleep 5
# task: page
sleep 3
!look {{port}}
