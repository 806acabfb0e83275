# What is there from an earlier attempt with other names is replaced.

# step: logs cp
mkdir -p /root/look-inside
[ -e /root/look-inside/report-{{file}}.conf ] || {
  echo 'settings: count every shelf at night' >/root/look-inside/report-{{file}}.conf
  echo "made report-{{file}}.conf"
}
docker inspect -f '{{json .Config.Cmd}}' inside-report 2>/dev/null | grep -q 'report-{{file}}' || {
  docker rm -f inside-report >/dev/null 2>&1
  docker run -d --name inside-report busybox sh -c '
    seq 40 | sed "s/^/report: counted shelf /"
    cat /etc/report-{{file}}.conf || exit 3
    echo "report: ready"
    trap "exit 0" TERM
    while :; do sleep 1; done'
}

# step: inspect exec diff
docker inspect -f '{{json .HostConfig.PortBindings}}' inside-web 2>/dev/null | grep -q '"{{port}}"' || {
  docker rm -f inside-web >/dev/null 2>&1
  docker network rm inside >/dev/null 2>&1
  docker network create --subnet 10.{{net}}.0.0/24 inside
  docker run -d --name inside-web --network inside --ip 10.{{net}}.0.{{host}} -p {{port}}:80 nginx
}
# Copied, not written from inside: that works while the container is stopped, too.
docker cp inside-web:/usr/share/nginx/html/{{trace}}.txt - >/dev/null 2>&1 || {
  folder=$(mktemp -d)
  echo 'nobody knows how I came here' >"$folder/{{trace}}.txt"
  docker cp -q "$folder/{{trace}}.txt" inside-web:/usr/share/nginx/html/ && echo made a trace
  rm -r "$folder"
}
