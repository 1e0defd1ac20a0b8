"""Cloudflare: the only place that knows its API."""
