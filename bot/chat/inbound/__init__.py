"""From Telegram to a handler: fetched, stored, one after the other for each person, and let through or not."""
