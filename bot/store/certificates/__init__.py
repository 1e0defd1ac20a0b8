"""Rows of devices and certificates."""
