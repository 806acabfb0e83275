"""What is known of a class, as numbers: pure, from rows that `db` gives.

rows.py   what goes in             heat.py   learners × lessons
work.py   time per task            open.py   where each learner is just now
help.py   who may need help, why   report.py all of it together
tables.py the same as CSV

Words that are used here, and nowhere otherwise:

- *Working time* is the time between two things that a learner did, gaps of more than ten minutes
  left out. Reading for longer than that counts as a pause; so does lunch.
- A *task's time* is the working time since the learner ticked the task before it or opened a
  lesson, whichever came later. Tasks that one check ticked together share it. What began before
  the oldest command that is still kept of a learner is not measured.
- The *open task* is the first task of the learner's current lesson without a tick.
- A learner is *stuck* when they worked on their open task for `help.STUCK_WORK_S` and for twice as
  long as the class needs (its median, once five have done it), with `help.STUCK_COMMANDS` commands
  or more. Who is away is not stuck for it: time without commands does not count.
"""
