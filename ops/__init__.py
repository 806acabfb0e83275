"""The set-up behind the script `docent`: what runs on the operator's machine, not in production.

__main__       the commands and their arguments
up, house      start all parts in order, watch them, stop them in reverse
plan, parts    what is to be started, and how each part is
children       one child process: started, awaited, restarted, stopped
preparation    all that has to be there before the parts start
images, registry, host_engine, packages, sysctls   one thing each that a preparation makes ready
compose_plugin whether `docker compose` is there
home, env_file, layout of a home folder and the settings in `.env`
check          what can be judged without running the code: languages, locked
testing        pytest with what it needs around it: postgres
doctor, backup what is there; a copy of what is remembered
progress, errors   how the set-up talks
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The repository."""
