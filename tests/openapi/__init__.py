"""Holds the playground's traffic against Discord's own API description, where that is at hand."""
