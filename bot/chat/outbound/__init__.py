"""To Telegram: what is shown, edited, deleted, and what its answers mean."""
