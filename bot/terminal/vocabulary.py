"""The words that begin a command: docker's, the shell's, and those that are English words too."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


DOCKER = frozenset({"docker", "docker-compose"})

DOCKER_COMMANDS = words(
    """
    attach build builder buildx checkpoint commit compose config container context cp create diff
    events exec export help history image images import info inspect kill load login logout logs
    manifest network node pause plugin port ps pull push rename restart rm rmi run save scout
    search secret service stack start stats stop swarm system tag top trust unpause update version
    volume wait
    """
)

DOCKER_NESTED = words(
    """
    ls list prune inspect create rm remove connect disconnect up down logs ps build pull push exec
    run start stop restart kill df events info export import load save tag history attach commit cp
    diff pause port rename stats top unpause update wait init join leave use show config images
    """
)
"""Second words of `docker container …`, `docker compose …` and their like."""

DOCKER_GROUPS = words(
    """
    builder buildx checkpoint compose config container context image manifest network node plugin
    secret service stack swarm system trust volume
    """
)

HELPERS = words(
    """
    ls cat cd pwd echo printf mkdir rmdir rm cp mv touch chmod chown ln stat tee tar gzip gunzip
    curl wget grep sed awk cut tr uniq wc xargs seq whoami hostname uname nproc lsns unshare
    nsenter mount umount df du ps pgrep pkill ip ping nslookup dig ss netstat getent sha256sum
    base64 basename dirname readlink realpath vi vim nano sh bash ash
    """
)
"""Shell words that no sentence begins with."""

ENGLISH_HELPERS = words(
    """
    find head tail sort which yes date time sleep test kill env export history file tree less more
    watch top free id true false wait type man set unset command exec source nohup timeout clear
    alias help for while until if case python python3 node perl git make systemctl service
    """
)
"""Shell words that are English words too: they begin a command when the rest looks like one."""

TEXT_PRINTERS = frozenset({"echo", "printf"})
"""Programs whose unquoted words may well be Korean prose."""
