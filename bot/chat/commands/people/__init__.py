"""Handlers about people: who asks, who is let in, who is who."""
