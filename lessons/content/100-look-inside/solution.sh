# One way through the lesson; the tests play it on a fresh engine.
# task: cause
docker logs --tail 3 inside-report
!answer cause report-{{file}}.conf
# task: ip
!look-up ip docker inspect -f '{{.NetworkSettings.Networks.inside.IPAddress}}' inside-web
# task: page
docker exec inside-web sh -c 'echo {{token}} > /usr/share/nginx/html/index.html'
# task: repair
docker cp /root/look-inside/report-{{file}}.conf inside-report:/etc/
docker start inside-report
docker logs --tail 2 inside-report
# task: trace
docker diff inside-web
!answer trace /usr/share/nginx/html/{{trace}}.txt
# task: remove
docker rm -f inside-web inside-report
docker network rm inside
