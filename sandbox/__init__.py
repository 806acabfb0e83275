"""The sandbox service: a Docker engine of their own for every learner.

What the bot sees:      contract/ (the wire), sandboxes.py (what may be asked), client.py (who
                        asks), errors.py (what can fail)
What an operator says:  settings.py, home.py (which file is where)
A sandbox:              spec.py (what it is), disks.py, image/ (what happens inside)
Its life:               lifecycle.py (open, close, reset), opening.py (what makes it run),
                        reaper.py (what lost its owner)
What is done in it:     commands.py (one line at a time), shell.py (SSH), facts.py, pages.py
The host's engine:      engine.py (what we need of it), docker_engine.py (the adapter)
The service:            http/ (routes, token), __main__.py
"""
