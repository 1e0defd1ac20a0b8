"""Handlers: each parses, calls one service, renders. One file a family."""
