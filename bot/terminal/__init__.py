"""What a terminal in a chat needs to know, free of Discord: reading what was typed, showing output.

reading.py      a message or an option → the command in it, or None when it is talk
  typing.py     mends what phones and Korean keyboards do to a command
  hangul.py     letters typed with the Hangul layout on → the keys that were pressed
  shell_words.py  whether a line is a command for the lab
  prose.py      sentences that begin with a command's name
  quoting.py    what stands in quotes, and which quote was left open
  vocabulary.py   the words that begin a command
near_misses.py  typed for a terminal, but no command here → the key of a line that helps
screen.py       output → what a terminal would show at the end, with colours
live_screen.py  the same for a session: a window of 80×24 with its cursor
interactive.py  which lines keep going, and want a live screen
keys.py         a message → what is typed at a terminal
layers.py       the progress of a pull → one line a layer
folding.py      more than fits → head, fold, tail
escape.py       text out of a sandbox made safe for a message
advice.py       an end that a newcomer stumbles over → the key of a sentence that helps
error_help/     an error of docker's → why it happened and what to do
page.py         a fetched web page → a few lines of text
"""
