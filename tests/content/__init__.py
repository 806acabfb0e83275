"""Tests that every lesson has to pass."""
