"""Words about how everything is."""
