"""When: time zones, what people type for a due date, and when to remind of it. Pure.

zones.py      time zones by name            due.py    "금요일 오후 6시", "next monday 9am"
reminding.py  a day and an hour before, not at night
lateness.py   in time, late, or still to be done
"""
