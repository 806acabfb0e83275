# shellcheck shell=bash
# The learner's disk: a file with ext4 in it, on a loop device, mounted so that the learner's root owns it.
#
# After an unclean end the kernel replays the journal as it mounts, which is all that most disks ever need. A disk on
# which the kernel found something wrong, or that it doesn't mount, is mended first. The mender reads what may be a
# hostile file system, so it is nobody: a uid of its own that may write this one device and has no privilege.

DISK_STATE_OFFSET=$((1024 + 0x3a)) # s_state in the superblock
DISK_HAS_ERRORS=2
MENDING_LIMIT_S=20

# Mounts /disk.img on TARGET; uid 0 on the disk is BASE outside. Returns 1 when no device was to be had, 2 when the
# disk is beyond repair.
mount_disk() { # TARGET BASE
  local target=$1 base=$2 device
  # Nodes are made here, for us alone, and are gone before the learner exists: a node of a loop device is
  # another learner's disk.
  mknod -m 600 /dev/loop-control c 10 237
  for _ in {1..40}; do
    # Several sandboxes may be after the same free device: the loser of that race tries the next.
    claim_loop_device && break
  done
  [ -n "$device" ] || return 1
  if has_errors || ! mount_device 2>/dev/null; then
    mend "$((base + 65537))" && mount_device || return 2
  fi
  exec 6<&- # from here on the mount is what holds the device
  rm -f /dev/loop*
}

# Sets `device` of the caller and holds it open as descriptor 6.
claim_loop_device() {
  device=$(losetup --find) || return 1
  device=${device%% *}
  [ -b "$device" ] || mknod -m 600 "$device" b 7 "${device#/dev/loop}"
  losetup --direct-io=on "$device" /disk.img 2>/dev/null || { device=; return 1; }
  exec 6<>"$device"
  # "Detach at the last close": whatever fails below, the device is never left behind.
  losetup --detach "$device"
}

# nosuid, nodev: a setuid file or a node that a learner made is worth nothing, even if somebody mounts the disk
# elsewhere by mistake. discard: what they delete is the host's again.
mount_device() {
  mount -t ext4 -o "nosuid,nodev,noatime,discard,errors=remount-ro,X-mount.idmap=u:0:$base:65536 g:0:$base:65536" \
    "$device" "$target"
}

# One number out of the file is all that we read of it ourselves.
has_errors() {
  local state
  state=$(od -An -t u2 -j $DISK_STATE_OFFSET -N 2 /disk.img) && (((state & DISK_HAS_ERRORS) != 0))
}

# Exit status 0 and 1 of the mender: whole, or whole again. The device is its own for as long as that takes.
mend() { # UID
  local uid=$1 status=0
  echo "the disk is checked and mended" >&2
  chown "$uid" "$device"
  # KILL if TERM is not enough: a disk can be made so that mending it never ends.
  as_nobody timeout -k 2 $MENDING_LIMIT_S e2fsck -fy "$device" || status=$?
  chown 0 "$device"
  # Nobody of that uid may stay: it could have been made to work for the disk's owner.
  as_nobody sh -c 'kill -KILL -1' || :
  ((status <= 1))
}

# As `uid` of the caller.
as_nobody() {
  setpriv --reuid "$uid" --regid "$uid" --clear-groups --no-new-privs \
    --inh-caps=-all --ambient-caps=-all --bounding-set=-all env -i PATH="$PATH" "$@" </dev/null >/dev/null 2>&1
}
