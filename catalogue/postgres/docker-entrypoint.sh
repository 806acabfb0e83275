#!/bin/bash
# Makes a database cluster on the first start, then runs the server as user postgres.
#
# POSTGRES_PASSWORD (required), POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD;
# each of the first three also as NAME_FILE. Scripts in /docker-entrypoint-initdb.d run once, on a new cluster.
set -eu

from_file() { # NAME DEFAULT: $NAME, or what the file $NAME_FILE holds
  local name=$1 file=${1}_FILE
  if [ -n "${!name:-}" ] && [ -n "${!file:-}" ]; then
    echo >&2 "error: both $name and $file are set (but are exclusive)"
    exit 1
  fi
  [ -z "${!file:-}" ] || printf -v "$name" %s "$(<"${!file}")"
  printf -v "$name" %s "${!name:-$2}"
  unset "$file"
}

read_settings() {
  from_file POSTGRES_PASSWORD ''
  from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"
  auth=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
}

require_password() {
  [ -z "$POSTGRES_PASSWORD" ] && [ "$auth" != trust ] || return 0
  cat >&2 <<'END'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser, for example "-e POSTGRES_PASSWORD=password" on "docker run".

       To let everybody in without a password, set POSTGRES_HOST_AUTH_METHOD=trust.
       That is good for a try on your own machine and for nothing else.
END
  exit 1
}

make_cluster() {
  local arguments=()
  read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-host=scram-sha-256 \
    --auth-local=trust "${arguments[@]}"
  printf '\nhost all all all %s\n' "$auth" >>"$PGDATA/pg_hba.conf"
}

run_sql() { psql -v ON_ERROR_STOP=1 --no-password --no-psqlrc --username "$POSTGRES_USER" "$@"; }

run_once() { # FILE
  case $1 in
    *.sql) run_sql --dbname "$POSTGRES_DB" --file "$1" ;;
    *.sql.gz) gunzip --stdout "$1" | run_sql --dbname "$POSTGRES_DB" ;;
    *.sh)
      if [ -x "$1" ]; then
        "$1"
      else
        # shellcheck disable=SC1090 # whatever the user of the image puts there
        . "$1"
      fi
      ;;
  esac
}

# On the socket alone: other containers see the server when it is ready and not before.
fill_cluster() {
  pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
  if [ "$POSTGRES_DB" != postgres ]; then
    run_sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      '/docker-entrypoint-initdb.d/*') continue ;; # there is none
      *.sh | *.sql | *.sql.gz) echo "$0: running $file" ;;
      *) echo "$0: ignoring $file" ;;
    esac
    run_once "$file"
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
}

case ${1-} in -*) set -- postgres "$@" ;; esac
if [ "${1-}" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chown -R postgres:postgres "$PGDATA"
    exec setpriv --reuid=postgres --regid=postgres --init-groups "${BASH_SOURCE[0]}" "$@"
  fi
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  if [ -s "$PGDATA/PG_VERSION" ]; then
    echo 'PostgreSQL Database directory appears to contain a database; Skipping initialization'
  else
    read_settings
    require_password
    make_cluster
    fill_cluster
    echo 'PostgreSQL init process complete; ready for start up.'
  fi
fi
exec "$@"
