"""What Docent remembers: learners, their progress and the newest commands of each.

- `engine`: `Database`, which opens an engine and gives transactions
- `learners`, `progress`, `history`: questions and changes; each takes a session first
- `models`: the tables; `migrations`: how they came to be; `migrate`: brings a database up to date
- `errors`: what can go wrong and is worth telling apart

Nothing here knows lessons, Discord or sandboxes: ids are plain numbers and strings.
"""
