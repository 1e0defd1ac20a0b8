"""Updates are stored before Telegram may forget them."""
