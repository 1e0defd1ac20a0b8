"""The ports at which Cloudflare answers beside 443."""

HTTPS_PORTS = (2053, 2083, 2087, 2096, 8443)
"""The ports other than 443 at which Cloudflare's edge takes HTTPS (its documentation, "Network ports")."""
