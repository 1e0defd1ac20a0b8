"""Rows of hosts, of the rule, of openings and of proofs."""
