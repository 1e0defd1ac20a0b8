"""Who somebody is, who asks, who is let in."""
