"""Subjects of certificates and requests, as a person reads them."""

from cryptography import x509
from cryptography.x509.oid import NameOID

_MAX_SHOWN = 120
_SHORT = {NameOID.EMAIL_ADDRESS: "emailAddress"}
"""Short names that RFC 4514 does not have."""


def readable(name: x509.Name) -> str:
    """The parts in their order, such as ``CN=laptop, O=Anna``; without control characters, and not endless."""
    shown = ", ".join(f"{_SHORT.get(one.oid, one.rfc4514_attribute_name)}={_text(one.value)}" for one in name)
    plain = "".join(c for c in shown if c.isprintable())
    return plain if len(plain) <= _MAX_SHOWN else f"{plain[: _MAX_SHOWN - 1]}…"


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()
