"""Pictures that the bot draws itself: what they are made of, and how they become PNG.

shapes.py   boxes, lines, dots and labels at places that are known before anything is painted
sketch.py   a drawing while it is made    letters.py           what a text keeps, where it is cut
theme.py    colours, dark and light       fonts.py, glyphs.py  letters from files, how wide they are
chart.py    lines over time               paint.py             a drawing becomes PNG
studio.py   draws in a thread, bounded    alt.py, words.py     the same in words

engine_map.py, load_plot.py, progress_board.py, quiz.py, class_*.py   the layouts

A layout is a pure function from what is to be shown to a `Drawing`. It measures every text with
`Fonts` and cuts what is too wide, so that nothing overlaps whatever learners call their things.
"""
