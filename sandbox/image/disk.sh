# shellcheck shell=bash
# The learner's disk: a file with ext4 in it, on a loop device, mounted so that the learner's root owns it.

# Mounts /disk.img on TARGET; uid 0 on the disk is BASE outside. Returns 1 when that failed.
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
  mount -t ext4 -o "nosuid,nodev,noatime,discard,errors=remount-ro,X-mount.idmap=u:0:$base:65536 g:0:$base:65536" \
    "$device" "$target" || return 1
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
