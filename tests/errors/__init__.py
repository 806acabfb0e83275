"""Errors as learners meet them: scenes, what they print, and how it was captured."""
