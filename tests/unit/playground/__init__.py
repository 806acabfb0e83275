"""Unit tests of the playground: no sockets, no bot."""
