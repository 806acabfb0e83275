"""REST API v10 of the playground.

route         what a route is and what a handler gets
door          the way in: body, token, rate limit, planted faults, errors, the log of traffic
body          JSON and multipart bodies
application   the bot itself, its application, its commands
guild         the guild, its members and channels, direct messages
channels      channels and threads
messages      messages, reactions, pins
webhooks      answers to interactions
"""
