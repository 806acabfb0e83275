"""What is taught and how it is judged: content in, verdicts out. Pure: no Discord, Docker or SQL.

- `model`: lesson → steps (screens of a card) → tasks (ticked) → checks; and their texts
- `facts`: what a check may know; `checks`: what all checks are; `kinds`: all kinds of them, a
  small class each in `*_checks`
- `command_line`, `docker_grammar`: what a typed line means, whichever way it is written
- `loader`: `content/` → model, with every authoring mistake at once
- `glossary_file`: `glossary/` → words, commands and errors that learners ask about
- `content/<nnn-slug>/`: `lesson.yaml` (ids and checks), `ko.md` and `en.md` (prose), `solution.sh`
"""
