"""Hands-on challenges and duels, as rules alone: when they go on, who is where, what is shown.

phases.py     what may follow what       standings.py  places, ties, first solvers, the freeze
rules.py      the numbers, and who may still join
"""
