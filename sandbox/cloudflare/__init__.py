"""A stand-in for Cloudflare's API: client certificates, host associations, custom rules, settings."""

from sandbox.cloudflare.standin import CloudflareStandin

__all__ = ["CloudflareStandin"]
