"""Live quizzes as values: questions, points, places and the course of a quiz. Pure.

questions.py  a question as a quiz asks it, and where questions come from
scoring.py    points, places, ties
course.py     lobby, question, answer, over, and how much time is left
options.py    the options as a quiz shows them
"""
