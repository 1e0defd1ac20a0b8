"""The record, and the names in it."""
