"""Handlers of the lock itself: hosts, the rule, lockdown, take-over."""
