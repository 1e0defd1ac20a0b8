"""Rows of jobs, of the inbox, and their ages."""
