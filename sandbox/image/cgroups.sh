# shellcheck shell=bash
# Cgroups of a sandbox. Below the container's own group, in every hierarchy:
#
#   learner          limits; belongs to root, so the learner can't lift them
#   learner/inner    delegated: the engine makes its groups here
#   learner/exec     command lines that come over SSH; only the keeper may put a process in. It makes groups below,
#                    for what has to be ended apart: v1 in the last of the hierarchies; v2 without any controller
#   sys              v2 only: our own processes, since v2 allows none beside child groups
#
# What is left between the container's limit and the learner's is the keeper's, so that a sandbox whose learner
# has used up everything can still be reached and ended.

CGROUP_ROOT=${CGROUP_ROOT:-/sys/fs/cgroup}
KEEPER_MEMORY=$((48 * 1024 * 1024))
KEEPER_PIDS=96

cgroup_version() {
  if [ -e "$CGROUP_ROOT/cgroup.controllers" ]; then echo 2; else echo 1; fi
}

# The container engine hands cgroups over read-only.
make_cgroups_writable() {
  local group
  if [ "$(cgroup_version)" = 2 ]; then
    mount -o remount,bind,rw "$CGROUP_ROOT"
  else
    for group in $(v1_hierarchies); do mount -o remount,bind,rw "$group"; done
  fi
}

# Makes the groups above. Sets INNER_GROUPS, which the learner's side has to join, and EXEC_GROUPS.
prepare_cgroups() { # BASE KEEPER
  "prepare_v$(cgroup_version)" "$1" "$2"
}

prepare_v2() { # BASE KEEPER
  local base=$1 keeper=$2 root=$CGROUP_ROOT
  local learner=$root/learner pid pids
  INNER_GROUPS=$learner/inner EXEC_GROUPS=$learner/exec
  mkdir "$root/sys" "$learner"
  mapfile -t pids <"$root/cgroup.procs"
  for pid in "${pids[@]}"; do echo "$pid" >"$root/sys/cgroup.procs" || :; done
  enable_controllers "$root"
  lower_limit "$root/memory.max" "$learner/memory.max" $KEEPER_MEMORY
  lower_limit "$root/pids.max" "$learner/pids.max" $KEEPER_PIDS
  [ ! -e "$learner/memory.swap.max" ] || echo 0 >"$learner/memory.swap.max"
  # Every group costs kernel memory of the host.
  echo 8 >"$learner/cgroup.max.depth"
  enable_controllers "$learner"
  mkdir "$INNER_GROUPS" "$EXEC_GROUPS"
  # For each of them: who has made all that they may can still be reached.
  echo 400 >"$INNER_GROUPS/cgroup.max.descendants"
  echo 40 >"$EXEC_GROUPS/cgroup.max.descendants"
  # Delegation is these files and the folder; the limits in it stay root's.
  chown "$base:$base" "$INNER_GROUPS" "$INNER_GROUPS"/cgroup.{procs,threads,subtree_control}
  # To move a process, v2 asks for the right to write in the common ancestor too.
  let_keeper_write "$keeper" "$root/cgroup.procs" "$EXEC_GROUPS/cgroup.procs" "$EXEC_GROUPS"
}

enable_controllers() { # GROUP
  local name
  # One by one: a controller that can't be had must not cost the others.
  for name in $(<"$1/cgroup.controllers"); do
    { echo "+$name" >"$1/cgroup.subtree_control"; } 2>/dev/null || :
  done
}

prepare_v1() { # BASE KEEPER
  local base=$1 keeper=$2 group
  local inner=() exec=()
  for group in $(v1_hierarchies); do
    inner+=("$group/learner/inner")
    case ${group##*/} in memory | pids | cpu | cpuacct | cpu,cpuacct | cpuacct,cpu)
      exec+=("$group/learner/exec") ;;
    esac
  done
  INNER_GROUPS=${inner[*]} EXEC_GROUPS=${exec[*]}
  # Once for all of a dozen hierarchies: each program takes a millisecond or two of a learner's waiting.
  mkdir -p "${inner[@]}" "${exec[@]}"
  chown "$base:$base" "${inner[@]}" "${inner[@]/%//cgroup.procs}" "${inner[@]/%//tasks}"
  let_keeper_write "$keeper" "${exec[@]/%//cgroup.procs}" "${exec[-1]}"
  share_cpuset
  lower_limit "$CGROUP_ROOT/pids/pids.max" "$CGROUP_ROOT/pids/learner/pids.max" $KEEPER_PIDS
  local file
  # In this order: memory and swap together may not be less than memory.
  for file in memory.limit_in_bytes memory.memsw.limit_in_bytes; do
    [ ! -e "$CGROUP_ROOT/memory/$file" ] ||
      lower_limit "$CGROUP_ROOT/memory/$file" "$CGROUP_ROOT/memory/learner/$file" $KEEPER_MEMORY
  done
  take_back_loop_devices
}

# The real hierarchies; `cpu` may be a link to `cpu,cpuacct`.
v1_hierarchies() {
  local group
  for group in "$CGROUP_ROOT"/*; do [ -L "$group" ] || echo "$group"; done
}

# A v1 cpuset is empty, and takes no process, until somebody fills it.
share_cpuset() {
  local group=$CGROUP_ROOT/cpuset file numbers
  [ -d "$group" ] || return 0
  for file in cpuset.cpus cpuset.mems; do
    read -r numbers <"$group/$file"
    echo "$numbers" >"$group/learner/$file"
    echo "$numbers" >"$group/learner/inner/$file"
  done
  echo 1 >"$group/learner/cgroup.clone_children"
  echo 1 >"$group/learner/inner/cgroup.clone_children"
}

# The container was allowed loop devices for its disk. v2 can't take that back; there it is enough that
# no node is left and nobody can make one.
take_back_loop_devices() {
  local rule
  for rule in 'b 7:*' 'c 10:237'; do echo "$rule rwm" >"$CGROUP_ROOT/devices/devices.deny"; done
}

# Gives a child the parent's limit less RESERVE; no limit stays none.
lower_limit() { # PARENT_FILE CHILD_FILE RESERVE
  local limit
  limit=$(<"$1")
  # v1 writes "no memory limit" as a number near 2^63.
  if [ "$limit" != max ] && ((limit < 1 << 50)); then echo $((limit - $3)) >"$2"; fi
}

let_keeper_write() { # KEEPER FILE...
  chgrp "$1" "${@:2}"
  chmod g+w "${@:2}"
}
