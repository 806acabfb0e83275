"""The VM of `./docent test vm`, without a VM."""
