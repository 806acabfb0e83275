#!/bin/sh
# A settings file alone means "serve with it"; the registry's own commands do without its name.
set -e
case ${1-} in
*.yml | *.yaml) set -- registry serve "$@" ;;
serve | garbage-collect | help | -*) set -- registry "$@" ;;
esac
exec "$@"
