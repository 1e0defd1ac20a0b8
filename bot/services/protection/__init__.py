"""Hosts, the rule and its drift, lockdown, take-over."""
