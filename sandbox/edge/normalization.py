"""URL normalisation as the edge does before the rules look: Cloudflare's type "RFC-3986", on by default.

What the service behind gets is the path as it was sent ("Normalize URLs to origin" is off by default).
"""

import re
from typing import Final

_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPED: Final = re.compile(rb"%[0-9a-fA-F]{2}")
# RFC 3986, section 2: what is neither unreserved nor reserved nor a percent sign has to be encoded.
_FOREIGN: Final = re.compile(rb"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]")


def normalised_escapes(text: str) -> str:
    """Unreserved characters decoded, other escapes in upper case, foreign bytes encoded."""
    data = _ESCAPED.sub(_decoded, text.encode("utf-8", "surrogateescape"))
    return _FOREIGN.sub(_encoded, data).decode("ascii")


def normalised_path(raw: str) -> str:
    """The path of a URL with its escapes normalised and dot segments removed (RFC 3986, 5.2.4).

    ``//`` stays, ``\\`` becomes ``%5C`` and ``%2F`` stays encoded: that is the "Cloudflare" type's business.
    """
    kept: list[str] = []
    segments = normalised_escapes(raw).split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _decoded(match: re.Match[bytes]) -> bytes:
    byte = int(match[0][1:], 16)
    return bytes([byte]) if byte in _UNRESERVED else match[0].upper()


def _encoded(match: re.Match[bytes]) -> bytes:
    return f"%{match[0][0]:02X}".encode("ascii")
