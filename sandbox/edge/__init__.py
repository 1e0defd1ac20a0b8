"""The stand-in for Cloudflare's edge: real TLS, the zone's rules, and services behind it."""

from sandbox.edge.client import EdgeAddress, Visit, visit
from sandbox.edge.standin import EdgeStandin

__all__ = ["EdgeAddress", "EdgeStandin", "Visit", "visit"]
