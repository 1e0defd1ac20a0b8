"""What a literal's text means. All raise ``ValueError`` with the reason when it means nothing."""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Final

from sandbox.rules.expression import IntRange, IpAddress, IpNetwork, IpRange

_INT_BOUND: Final = 2**63
_MOST_STARS: Final = 10
_ESCAPE: Final = re.compile(rb'\\(?:x(?P<hex>..)|(?P<octal>[0-3][0-7]{2})|(?P<self>["\\]))')
_WILDCARD_PART: Final = re.compile(rb"\\(?P<literal>[*\\])|(?P<wrong>\\)|(?P<star>\*)|(?P<plain>[^\\*]+)")


def string(text: str) -> bytes:
    """``"…"`` with its escapes: a backslash before a quote or itself, ``xHH``, three octal digits."""
    return _ESCAPE.sub(_escaped, text[1:-1].encode())


def _escaped(match: re.Match[bytes]) -> bytes:
    if (hexadecimal := match["hex"]) is not None:
        return bytes([int(hexadecimal, 16)])
    if (octal := match["octal"]) is not None:
        return bytes([int(octal, 8)])
    return match["self"]


def raw_string(text: str) -> bytes:
    """``r"…"`` or ``r#"…"#``: as it stands."""
    hashes = text.index('"') - 1
    return text[hashes + 2 : len(text) - hashes - 1].encode()


def hex_bytes(text: str) -> bytes:
    """``61:62``: a string by its bytes."""
    return bytes(int(pair, 16) for pair in text.split(":"))


def integer(text: str) -> int:
    """A signed 64-bit number; a leading 0 makes it octal, but not behind a minus (as in the engine)."""
    base = 16 if text.startswith("0x") else 8 if text.startswith("0") else 10
    value = int(text, base)
    if not -_INT_BOUND <= value < _INT_BOUND:
        raise ValueError("number does not fit in 64 bits")
    return value


def int_range(text: str) -> IntRange:
    """``1..5``."""
    first, last = map(integer, text.split(".."))
    if first > last:
        raise ValueError("incompatible range bounds")
    return IntRange(first, last)


def address(text: str) -> IpAddress:
    """One address in full."""
    return ip_address(text)


def addresses(text: str) -> IpRange | IpNetwork:
    """A member of a set: an address, a network without host bits, or ``first..last``.

    IPv4 may leave out trailing zero parts there: ``10/8``, and ``10`` is the one address 10.0.0.0.
    """
    if ".." in text:
        first, last = map(ip_address, text.split("..", 1))
        if first.version != last.version or int(first) > int(last):
            raise ValueError("incompatible range bounds")
        return IpRange(first, last)
    base, slash, length = text.partition("/")
    if ":" in base:
        return ip_network(f"{base}/{int(length)}" if slash else base)
    parts = [int(part) for part in base.split(".")]
    if len(parts) > 4:
        raise ValueError("invalid IP address syntax")
    full = ".".join(map(str, [*parts, 0, 0, 0][:4] if len(parts) < 4 else parts))
    return IPv4Network(f"{full}/{int(length) if slash else 32}")


@lru_cache(maxsize=256)
def wildcard(pattern: bytes, *, strict: bool) -> Callable[[bytes], re.Match[bytes] | None]:
    """What tells whether a whole value matches ``pattern``; without ``strict`` ASCII case does not count."""
    stars = 0
    expression = b""
    previous = ""
    for part in _WILDCARD_PART.finditer(pattern):
        kind = part.lastgroup or ""
        if kind == "wrong":
            raise ValueError("invalid wildcard: invalid escape sequence")
        if kind == "star":
            stars += 1
            if previous == "star":
                raise ValueError("wildcard contains a double star")
            expression += b".*"
        else:
            expression += re.escape(part[kind])
        previous = kind
    if stars > _MOST_STARS:
        raise ValueError(f"wildcard has {stars} star metacharacters, but the limit is {_MOST_STARS}")
    return re.compile(expression, re.DOTALL | (re.NOFLAG if strict else re.IGNORECASE)).fullmatch
