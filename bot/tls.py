"""Whom connections trust: the public certificate authorities, read once.

Reading them costs some 20 ms; each HTTP client of its own would do it again.
"""

import ssl
from functools import cache

import httpx


@cache
def public_authorities() -> ssl.SSLContext:
    """The context ``httpx`` makes by default, one for all clients of this process."""
    return httpx.create_ssl_context()
