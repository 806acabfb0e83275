"""Tests without Docker, network or a browser; they run in seconds."""
