"""The chat: the only place that knows Telegram."""
