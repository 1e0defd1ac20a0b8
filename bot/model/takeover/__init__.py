"""Rules made by hand: what they do, and what of that an own rule can say."""
