"""Handlers of what people do with devices and their certificates."""
