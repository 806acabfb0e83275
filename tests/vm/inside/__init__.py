"""Tests that run in the VM: each promise once, on another kernel, engine and security module."""
