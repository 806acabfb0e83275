"""Docent on another machine: a Debian 13 VM under qemu, with cgroup v2 and AppArmor.

`./docent test vm` prepares this machine and runs `python -m tests.vm`:

    root.py       the VM's root file system, bootstrapped from Debian's packages, and its kernel
    cargo.py      what goes into the VM: the engine image, the mirror's data, this source
    first_boot.py the boot in which the VM's engine takes the engine image in; its disk is kept
    machine.py    the VM itself: the call of qemu, its transcript, its deadline
    guest.py      runs in the VM: looks at the machine, loads the image, starts pytest
    inside/       the tests that run in the VM

docs/vm.md tells what it shows and what it does not.
"""
