"""The tests that belong into the VM stay out of every other run."""

from __future__ import annotations

from pathlib import Path

IN_THE_VM = Path("/dev/disk/by-id/virtio-cargo")

collect_ignore = [] if IN_THE_VM.exists() else ["inside"]
