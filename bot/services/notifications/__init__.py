"""Having somebody told, and keeping what they read up to date."""
