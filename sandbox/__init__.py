"""Stand-ins for Telegram, Cloudflare's API and Cloudflare's edge: real HTTP and TLS on loopback."""
