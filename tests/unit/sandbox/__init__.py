"""The sandbox service without Docker."""
