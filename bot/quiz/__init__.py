"""Live quizzes as values: questions, points, places and the course of a quiz. Pure.

questions.py  a question as a quiz asks it, and where questions come from
scoring.py    points, places, ties
results.py    how the answers to a question were distributed
"""
