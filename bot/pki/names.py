"""Subjects of certificates and requests, as a person reads them."""

from cryptography import x509
from cryptography.x509.oid import NameOID

_MOST_SHOWN = 120


def readable(name: x509.Name) -> str:
    """The parts in their order, such as ``CN=laptop, O=Anna``; without control characters, and not endless."""
    shown = ", ".join(one.rfc4514_string({NameOID.EMAIL_ADDRESS: "emailAddress"}) for one in name)
    plain = "".join(c for c in shown if c.isprintable())
    return plain if len(plain) <= _MOST_SHOWN else f"{plain[: _MOST_SHOWN - 1]}…"
