"""A local stand-in for Discord: one guild, REST API v10, the Gateway, a CDN and a chat page.

Start it with `python -m playground`, or in tests with `async with Playground.start() as pg`.

The guild           world, objects, permissions, snowflakes, store (on disk), uploads
What happens there  events, messages, posting, threads, reactions, pins, commands,
                    interactions, interaction, interaction_messages, interaction_payload
What is refused     errors, shapes, message_rules, embed_rules, component_rules, select_rules,
                    command_rules, interaction_rules, command_input, refusals, rates, faults
Components          component_kinds, component_fill
The bot's side      rest, gateway, gateway_events, sessions, traffic, identity
People's side       actions, page_view, page_socket, page_api, cdn, page (HTML, CSS, JS), person
All together        app, settings, __main__
"""

from playground.app import Options, Playground
from playground.interactions import Limits
from playground.person import Person

__all__ = ["Limits", "Options", "Person", "Playground"]
