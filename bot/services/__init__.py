"""The use cases, and the worker that carries out what they decide."""
