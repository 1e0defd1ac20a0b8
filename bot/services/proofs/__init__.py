"""Knocking at the lock, and what came of it."""
