#!/bin/sh
# Runs the scripts that somebody put into /docker-entrypoint.d, then the command.
set -eu

say() {
  [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $*"
}

case $1 in nginx | nginx-debug)
  for script in /docker-entrypoint.d/*; do
    [ -e "$script" ] || continue
    case $script in
      *.envsh)
        say "Sourcing $script"
        # shellcheck disable=SC1090 # whatever the user of the image puts there
        . "$script"
        ;;
      *.sh)
        if [ -x "$script" ]; then
          say "Launching $script"
          "$script"
        else
          say "Ignoring $script, not executable"
        fi
        ;;
      *) say "Ignoring $script" ;;
    esac
  done
  say "Configuration complete; ready for start up"
  ;;
esac
exec "$@"
