"""How everything is, looked at now."""
