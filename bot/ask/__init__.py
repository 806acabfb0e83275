"""Answers to learners' questions, out of lessons and glossary; no network, no model.

language.py  words that mean the same        words.py     a text as terms, Korean and English alike
passages.py  what can be an answer           index.py     passages by terms (BM25F)
finding.py   a question → passages           excerpt.py   the part of a passage that answers
reference.py  passages of commands' texts    problems.py  passages of known errors
mending.py   slips of the pen                pasting.py   an error message that was pasted
"""
