"""The page with the phones: a sandbox seen through a browser, as its people see it."""

from sandbox.page.server import Page

__all__ = ["Page"]
