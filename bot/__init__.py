"""What people see in Discord; the only package that imports discord.

__main__.py   start: settings in, exit code out      settings.py   what an operator decides
wiring.py     opens everything and hands it over     bot.py        the client and its features
errors.py     what went wrong, as catalogue keys     on_error.py   the one boundary for failures
texts.py      sentences in the learner's language    locale/       the catalogues, one file a part
alive.py      the file that says "connected"
classroom/    use cases, without Discord             terminal/     typed lines in, screens out; pure
features/     one package per feature                ui/           pieces that features share
"""
