"""From an order to an installed certificate, its renewal, and its end."""
