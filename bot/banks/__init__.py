"""Question banks of one's own: files that instructors upload, and files that banks become.

limits.py   how much a bank holds           model.py     banks and mistakes as values
decoding.py bytes become text               raw.py       what is written, with its lines
yaml_form.py, csv_form.py   each form becomes raw questions
judging.py  raw questions become a bank     reading.py   the way from file to bank
writing.py  a bank becomes YAML or CSV      patterns.py  regular expressions of others
names.py    names of banks                  boxes.py     when a question is asked again

Everything here is pure. Both forms say the same and are judged by the same rules; every mistake is
found at once, with its line, as a key of the text catalogue.
"""
