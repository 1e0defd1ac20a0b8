"""People, their roles and standing, what they ask for."""
