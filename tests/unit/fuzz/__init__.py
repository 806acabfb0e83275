"""Promises held against inputs that are searched for: whatever a sandbox prints, or people type."""
