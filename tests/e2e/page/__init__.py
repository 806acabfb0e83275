"""The chat page in Chromium, on a playground in this process with a small bot that shows all."""
