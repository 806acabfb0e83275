# An image that shows how it is configured, and files to configure with.
# step: env env-file secret health
docker image inspect greeter >/dev/null 2>&1 || {
  mkdir -p /root/configuration/greeter && cd /root/configuration/greeter &&
    cat >greet <<'END' &&
#!/bin/sh
# Makes its one page from environment variables, then serves it.
mkdir -p /www
printf '<h1>%s</h1>\n<p>MODE=%s</p>\n' "$GREETING" "$MODE" >/www/index.html
exec httpd -f -p 80 -h /www
END
    chmod 755 greet &&
    cat >Dockerfile <<'END' &&
FROM busybox
COPY greet /bin/greet
ENV MODE=dev GREETING=hello
EXPOSE 80
CMD ["greet"]
END
    docker build -q -t greeter . >/dev/null && echo made
} || exit 1
mkdir -p /root/configuration
grep -qsx 'GREETING={{hello}}' /root/configuration/shop.env || {
  printf '# settings of the greeter\nGREETING=%s\nMODE=prod\n' '{{hello}}' >/root/configuration/shop.env
  echo made
}
grep -qsx '{{secret}}' /root/configuration/db-password || {
  echo '{{secret}}' >/root/configuration/db-password
  chmod 644 /root/configuration/db-password # the database does not read it as root
  echo made
}
