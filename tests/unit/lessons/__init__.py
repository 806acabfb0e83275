"""Tests of `lessons`: reading files, reading commands, judging."""
