"""One suite for each Protocol, run against its fake and its real side."""
