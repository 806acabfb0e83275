"""One package per feature. Each has a `setup(bot)` and knows none of the others.

Features hear of each other by events that they dispatch through the bot:

command_ended(ended, destination)      a command's final output is shown
page_seen(learner_id, destination)     a learner has looked at a page of their containers
language_chosen(learner_id)            a learner wants to be spoken to in another language
learner_forgotten(learner_id)          all that was kept of a learner is deleted
hands_forgotten(hands)                 with it went these raised hands, of which messages tell still
"""
