"""One file a change, the oldest first."""
