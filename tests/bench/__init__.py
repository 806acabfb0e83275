"""The benchmark: `./docent bench`. Every figure has a goal, and ratios come from one run.

figures      a measured number with its goal; medians; the table
stage        everything that is measured, running: sandbox service, playground, bot
plain_dind   what engine starts are compared with
start, commands, chat, memory   the measurements
"""
