"""Tests with real parts: engines, servers, the bot on a local Discord."""
