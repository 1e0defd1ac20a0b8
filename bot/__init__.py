"""Latchkey: Cloudflare client certificates, handed out and taken back from a Telegram chat."""
