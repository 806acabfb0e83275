"""The benchmark: `./docent bench`. Every figure has a goal, and ratios come from one run.

figures      a measured number with its goal; medians, percentiles, slopes; the table
curve        the same over the number of sandboxes, as a picture
stage        everything that is measured, running: sandbox service, playground, bot
plain_dind   what engine starts are compared with
machine      what we hold of the machine: loop devices, mounts, cgroups, files, memory
learners     many of them at once: opening sandboxes, typing commands at a rate
memory, start, commands, chat, errors, explaining, pictures, visit, flood
             the product as one person meets it
sandbox      the sandbox service on its own
density, cost, day, soak
             the sandbox service under load, and for a long time
"""
