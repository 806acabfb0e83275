"""The service's HTTP face: parse, call, and turn failures into codes.

app.py puts it together; auth.py lets callers in; routes.py has one function for each request;
run.py is the WebSocket of a command, session.py that of a session.
"""
