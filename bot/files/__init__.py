"""Files between chat and sandbox: their names, what a message holds of them, what is wrong in them.

names.py       which names and paths are taken
blocks.py      code blocks with a file's name
editing.py     a file as text in a form, and back
dockerfile.py  mistakes in a Dockerfile          compose.py  mistakes in a compose file
problems.py    a mistake with its line           tree.py     a folder as lines

Nothing in here knows Discord or a sandbox.
"""
