"""What admins change about people: trust, limits, freezing, leaving."""
