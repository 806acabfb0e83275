"""Pieces of Discord that features share: where to send, cards, buttons that outlive a restart.

destination.py     one way to send, whether to a channel or as the answer to an interaction
layout.py          cards (Components V2) that are drawn, never listened to
actions.py         buttons and selects by custom id, with owner check and error boundary
shared_buttons.py  buttons that several features show and one answers
speech.py          the language in which a person is spoken to
plain.py           foreign text made harmless      marks.py   ticks, bars
links.py           addresses of messages           theme.py   colours
turns.py           one thing at a time for each learner
sent_once.py       cards that are there once, whatever fails half way
backgrounds.py     dark or light pictures, as a person chose
running.py         a command for a button
instructing.py     who may do what instructors do
groups.py          slash commands below a name that features share
class_option.py    an option that names a class      lesson_option.py  … a lesson
command_option.py  … a command line                  offer_option.py   … questions
"""
