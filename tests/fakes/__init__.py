"""Hand-written stand-ins for the world outside a part; each can misbehave on purpose."""
