"""Words about people, their requests and their preferences."""
