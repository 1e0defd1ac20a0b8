"""The commands besides running: one module a family, registered by ``bot.__main__``."""
