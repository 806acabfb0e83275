"""How each known error looks, as the learners' engine prints it; for catalogues and for search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_MARKED: Final[Mapping[str, str]] = {
    "unknown_command": "docker: '‹rnu›' is not a docker command.",
    "plugin_missing": "docker: '‹compose›' is not a docker command.",
    "unknown_subcommand": "docker: unknown command: docker ‹container› ‹lst›",
    "unknown_flag": "unknown flag: --‹nmae›",
    "unknown_short_flag": "unknown shorthand flag: '‹n›' in -‹name›",
    "flag_needs_value": "flag needs an argument: --‹name›",
    "bad_flag_value": 'invalid argument "‹1x›" for "‹-m, --memory›" flag: ‹invalid size: \'1x\'›',
    "too_few_arguments": '"docker ‹run›" requires at least ‹1› argument.',
    "wrong_argument_count": '"docker ‹rename›" requires exactly ‹2› arguments.',
    "build_without_folder": '"docker buildx build" requires exactly 1 argument.',
    "takes_no_arguments": '"docker ‹ps›" accepts no arguments.',
    "not_a_terminal": "the input device is not a TTY",
    "login_without_terminal": "Error: Cannot perform an interactive login from a non TTY device",
    "bad_template": 'template: :1:2: executing "" at <.‹Nmae›>: map has no entry for key "‹Nmae›"',
    "bad_filter": "Error response from daemon: invalid filter '‹nmae›'",
    "rm_with_restart": "docker: Conflicting options: --restart and --rm.",
    "no_env_file": "docker: open ‹app.env›: no such file or directory.",
    "image_in_capitals": "invalid reference format: repository name must be lowercase",
    "bad_image_name": "docker: invalid reference format.",
    "pulls_first": "Unable to find image '‹nginx:latest›' locally",
    "image_not_found": "pull access denied for ‹ngnix›, repository does not exist or may require "
    "'docker login'",
    "tag_not_found": "manifest for ‹nginx:99› not found: manifest unknown",
    "not_in_mirror": "no such image in the mirror, and a sandbox has no internet to look further",
    "no_image_for_cpu": "no matching manifest for ‹linux/arm64› in the manifest list entries",
    "image_of_other_cpu": "image with reference ‹nginx› was found but its platform "
    "(‹linux/amd64›) does not match the specified platform (‹linux/arm64›)",
    "pull_limit": "toomanyrequests: You have reached your pull rate limit.",
    "no_internet": "dial tcp: lookup ‹registry-1.docker.io›: no such host",
    "no_such_image": "Error response from daemon: No such image: ‹web:1›",
    "push_without_tag": "An image does not exist locally with the tag: ‹lab/web›",
    "push_denied": "denied: requested access to the resource is denied",
    "registry_without_tls": "http: server gave HTTP response to HTTPS client",
    "image_used": 'conflict: unable to remove repository reference "‹nginx›" (must force) - '
    "container ‹1a2b3c4d5e6f› is using its referenced image ‹6f5e4d3c2b1a›",
    "image_runs": "conflict: unable to delete ‹6f5e4d3c2b1a› (cannot be forced) - image is being "
    "used by running container ‹1a2b3c4d5e6f›",
    "image_has_more_names": "conflict: unable to delete ‹6f5e4d3c2b1a› (must be forced) - image is "
    "referenced in multiple repositories",
    "no_such_container": "Error response from daemon: No such container: ‹web›",
    "no_such_object": "Error: No such object: ‹web›",
    "id_too_short": "multiple IDs found with provided prefix: ‹1›",
    "name_taken": 'Conflict. The container name "/‹web›" is already in use by container '
    '"‹1a2b3c4d›"',
    "bad_container_name": "Invalid container name (‹웹›), only [a-zA-Z0-9][a-zA-Z0-9_.-] are "
    "allowed",
    "still_running": 'cannot remove container "/‹web›": container is running: stop the container '
    "before removing or force remove",
    "paused_before_removal": 'cannot remove container "/‹web›": container is paused and must be '
    "unpaused first",
    "being_removed": "removal of container ‹web› is already in progress",
    "not_running": "Error response from daemon: container ‹1a2b3c4d5e6f› is not running",
    "attach_to_stopped": "You cannot attach to a stopped container, start it first",
    "restarting": "Container ‹web› is restarting, wait until the container is running",
    "paused_before_exec": "Container ‹web› is paused, unpause the container before exec",
    "no_such_program": 'exec: "‹bash›": executable file not found in $PATH: unknown',
    "no_such_program_file": 'exec: "‹/start.sh›": stat ‹/start.sh›: no such file or directory: '
    "unknown",
    "program_not_executable": 'exec: "‹/start.sh›": permission denied: unknown',
    "program_of_other_cpu": "exec ‹/start›: exec format error",
    "no_such_user": "unable to find user ‹yuna›: no matching entries in passwd file",
    "relative_workdir": "the working directory '‹app›' is invalid, it needs to be an absolute path",
    "too_little_memory": "Minimum memory limit allowed is 6MB",
    "too_many_cpus": "range of CPUs is from 0.01 to ‹2.00›, as there are only ‹2› CPUs available",
    "no_such_capability": 'invalid CapAdd: unknown capability: "‹CAP_FLY›"',
    "bad_volume_name": 'create ‹./data›: "‹./data›" includes invalid characters for a local volume '
    "name",
    "no_bind_source": 'invalid mount config for type "bind": bind source path does not exist: '
    "‹/root/data›",
    "relative_mount_target": "invalid mount path: '‹data›' mount path must be absolute",
    "bad_mount_mode": "invalid mode: ‹readonly›",
    "two_mounts_at_one_path": "Duplicate mount point: ‹/data›",
    "no_such_volume": "Error response from daemon: get ‹data›: no such volume",
    "volume_used": "remove ‹data›: volume is in use - [‹1a2b3c4d5e6f›]",
    "no_file_to_copy": "Could not find the file ‹/etc/nothing› in container ‹web›",
    "copy_without_container": "must specify at least one container source",
    "port_taken": "Bind for ‹0.0.0.0:8080› failed: port is already allocated",
    "port_of_other_program": "listen tcp4 ‹0.0.0.0:80›: bind: address already in use",
    "bad_port": "invalid containerPort: ‹web›",
    "no_such_network": "Error response from daemon: network ‹front› not found",
    "network_exists": "network with name ‹front› already exists",
    "network_used": "network ‹front› id ‹1a2b3c4d5e6f› has active endpoints",
    "already_connected": "endpoint with name ‹web› already exists in network ‹front›",
    "subnet_taken": "Pool overlaps with other one on this address space",
    "no_subnets_left": "all predefined address pools have been fully subnetted",
    "no_build_folder": 'unable to prepare context: path "‹app›" not found',
    "no_dockerfile": "failed to read dockerfile: open ‹Dockerfile›: no such file or directory",
    "unknown_instruction": "dockerfile parse error on line ‹2›: unknown instruction: ‹COPI›",
    "copy_source_missing": 'failed to calculate checksum of ref …: "‹/app.py›": not found',
    "build_step_failed": 'process "/bin/sh -c ‹frob›" did not complete successfully: exit code: '
    "‹127›",
    "no_compose_file": "no configuration file provided: not found",
    "not_declared": 'service "‹web›" depends on undefined service ‹db›: invalid compose project',
    "service_without_image": 'service "‹web›" has neither an image nor a build context specified',
    "unknown_compose_key": "services.‹web› additional properties '‹prots›' not allowed",
    "compose_yaml": "yaml: line ‹3›: ‹did not find expected key›",
    "compose_version_key": "the attribute `version` is obsolete, it will be ignored",
    "variable_not_set": 'The "‹TAG›" variable is not set. Defaulting to a blank string.',
    "dependency_unhealthy": "dependency failed to start: container ‹lab-db-1› is unhealthy",
    "dependency_exited": "dependency failed to start: container ‹lab-db-1› exited (‹1›)",
    "orphan_containers": "Found orphan containers ([‹lab-old-1›]) for this project",
    "engine_down": "Cannot connect to the Docker daemon at ‹unix:///var/run/docker.sock›. Is the "
    "docker daemon running?",
    "engine_not_allowed": "permission denied while trying to connect to the Docker daemon socket "
    "at ‹unix:///var/run/docker.sock›",
    "versions_too_far_apart": "client version ‹1.52› is too new. Maximum supported API version is "
    "‹1.45›",
    "disk_full": "no space left on device",
    "option_after_image": 'exec: "‹-p›": executable file not found in $PATH: unknown',
    "port_not_published": "curl: (7) Failed to connect to localhost port ‹8080›",
}
"""By the id of the error. What is of this example alone stands between ‹ and ›."""

SAMPLES: Final[Mapping[str, str]] = {
    error_id: re.sub("[‹›]", "", message) for error_id, message in _MARKED.items()
}
"""By the id of the error. One that only the state tells has no wording."""

MESSAGES: Final[Mapping[str, str]] = {
    error_id: re.sub("‹[^›]*›", "…", message) for error_id, message in _MARKED.items()
}
"""The same with `…` for what is of the example alone: said of somebody's error, it says no more
than is known."""
