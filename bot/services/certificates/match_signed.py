"""Recognising what Cloudflare signed: by the key, which is known before the request leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import Unclear
from bot.model.certificates.at_cloudflare import EdgeCertificate
from bot.pki.certificates import CertificateFacts, read_certificate

LOOK_AFTER = (timedelta(0), timedelta(seconds=5), timedelta(seconds=20))
"""When to look whether an unclear POST made a certificate after all: lists may lag."""


@dataclass(frozen=True)
class Signed:
    """A certificate of ours, with what it says itself."""

    cloudflare_id: str
    pem: str
    facts: CertificateFacts


def checked(answer: EdgeCertificate, public_key_sha256: str | None) -> Signed:
    """What was signed, as the certificate itself says.

    Raises:
        Unclear: no certificate in the answer, or one for another key: the list will tell.
    """
    pem = answer.pem or ""
    try:
        facts = read_certificate(pem)
    except ValueError:
        raise Unclear from None
    if facts.public_key_sha256 != public_key_sha256:
        raise Unclear
    return Signed(answer.cloudflare_id, pem, facts)


def found(listed: Iterable[EdgeCertificate], public_key_sha256: str | None) -> Signed:
    """The live certificate of that key.

    Raises:
        Unclear: it is not in the list (yet).
    """
    for answer in listed:
        if answer.status.holds_slot:
            try:
                return checked(answer, public_key_sha256)
            except Unclear:
                continue
    raise Unclear
