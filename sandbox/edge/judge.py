"""What the edge makes of a client certificate: the ``cf.tls_client_auth`` fields.

Source: Cloudflare's fields reference. A certificate is verified when the managed CA issued it and it is within
its dates; revoked ones are verified too, only ``cert_revoked`` tells.
"""

import base64
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from sandbox.edge.zone import ZoneState
from sandbox.rules.evaluation import FieldValue
from sandbox.rules.fields import FIELDS, Kind

_PREFIX = "cf.tls_client_auth."
_RFC9440_BYTES = 10 * 1024
_ABSENT: dict[str, FieldValue] = {
    name: False if kind is Kind.BOOL else "" for name, kind in FIELDS.items() if name.startswith(_PREFIX)
}


def certificate_fields(
    certificate: x509.Certificate | None, zone: ZoneState, now: datetime, *, capitals: bool = False
) -> dict[str, FieldValue]:
    """All ``cf.tls_client_auth`` fields; without a certificate false and empty. ``capitals``: fingerprints are shown
    in them, as one of Cloudflare's pages has it (mTLS, configure); another has small letters (fields reference).
    """
    if certificate is None:
        return dict(_ABSENT)
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    sha1 = certificate.fingerprint(hashes.SHA1()).hex()
    verified = _is_verified(certificate, zone.authority, now)
    encoded = certificate.public_bytes(Encoding.DER)
    too_large = len(encoded) > _RFC9440_BYTES
    authority_known = zone.authority if verified else None
    values: dict[str, FieldValue] = {
        "cert_presented": True,
        "cert_verified": verified,
        "cert_revoked": verified and zone.revokes(fingerprint, now),
        "cert_serial": f"{certificate.serial_number:X}",
        "cert_fingerprint_sha256": fingerprint.upper() if capitals else fingerprint,
        "cert_fingerprint_sha1": sha1.upper() if capitals else sha1,
        "cert_not_before": _date(certificate.not_valid_before_utc),
        "cert_not_after": _date(certificate.not_valid_after_utc),
        "cert_ski": _ski(certificate),
        "cert_issuer_ski": _ski(authority_known) if authority_known else "",
        "cert_issuer_serial": f"{authority_known.serial_number:X}" if authority_known else "",
        "cert_rfc9440": "" if too_large else f":{base64.b64encode(encoded).decode()}:",
        "cert_rfc9440_too_large": too_large,
        **_names("cert_subject_dn", certificate.subject),
        **_names("cert_issuer_dn", certificate.issuer),
    }
    return _ABSENT | {_PREFIX + name: value for name, value in values.items()}


def _is_verified(certificate: x509.Certificate, authority: x509.Certificate | None, now: datetime) -> bool:
    if authority is None:
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _date(moment: datetime) -> str:
    return f"{moment:%b} {moment.day:2} {moment:%H:%M:%S %Y} GMT"


def _names(field: str, name: x509.Name) -> dict[str, FieldValue]:
    modern = name.rfc4514_string()
    legacy = "".join(f"/{part.rfc4514_string()}" for part in name.rdns)
    return {field: modern, f"{field}_rfc2253": modern, f"{field}_legacy": legacy}


def _ski(certificate: x509.Certificate) -> str:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except (x509.ExtensionNotFound, ValueError):
        return ""
    return found.value.digest.hex().upper()
