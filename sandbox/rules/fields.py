"""The fields a rule may name, each with its type.

Source: Cloudflare's fields reference. Only fields of every plan and of a plain type; all of them are in the
engine's scheme too.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The type of a field."""

    STRING = "STRING"
    INT = "INT"
    BOOL = "BOOL"
    IP = "IP"


_STRINGS = (
    "cf.ray_id",
    "cf.tls_client_auth.cert_chain_rfc9440",
    "cf.tls_client_auth.cert_fingerprint_sha1",
    "cf.tls_client_auth.cert_fingerprint_sha256",
    "cf.tls_client_auth.cert_issuer_dn",
    "cf.tls_client_auth.cert_issuer_dn_legacy",
    "cf.tls_client_auth.cert_issuer_dn_rfc2253",
    "cf.tls_client_auth.cert_issuer_serial",
    "cf.tls_client_auth.cert_issuer_ski",
    "cf.tls_client_auth.cert_not_after",
    "cf.tls_client_auth.cert_not_before",
    "cf.tls_client_auth.cert_rfc9440",
    "cf.tls_client_auth.cert_serial",
    "cf.tls_client_auth.cert_ski",
    "cf.tls_client_auth.cert_subject_dn",
    "cf.tls_client_auth.cert_subject_dn_legacy",
    "cf.tls_client_auth.cert_subject_dn_rfc2253",
    "cf.tls_cipher",
    "cf.tls_version",
    "cf.verified_bot_category",
    "http.cookie",
    "http.host",
    "http.referer",
    "http.request.full_uri",
    "http.request.method",
    "http.request.uri",
    "http.request.uri.path",
    "http.request.uri.path.extension",
    "http.request.uri.query",
    "http.request.version",
    "http.user_agent",
    "http.x_forwarded_for",
    "ip.src.continent",
    "ip.src.country",
    "raw.http.request.full_uri",
    "raw.http.request.uri",
    "raw.http.request.uri.path",
    "raw.http.request.uri.path.extension",
    "raw.http.request.uri.query",
)
_INTS = (
    "cf.edge.server_port",
    "cf.threat_score",
    "http.request.timestamp.msec",
    "http.request.timestamp.sec",
    "ip.src.asnum",
)
_BOOLS = (
    "cf.client.bot",
    "cf.tls_client_auth.cert_chain_rfc9440_too_large",
    "cf.tls_client_auth.cert_presented",
    "cf.tls_client_auth.cert_revoked",
    "cf.tls_client_auth.cert_rfc9440_too_large",
    "cf.tls_client_auth.cert_verified",
    "ip.src.is_in_european_union",
    "ssl",
)
_IPS = ("ip.src",)

FIELDS: dict[str, Kind] = {
    **dict.fromkeys(_STRINGS, Kind.STRING),
    **dict.fromkeys(_INTS, Kind.INT),
    **dict.fromkeys(_BOOLS, Kind.BOOL),
    **dict.fromkeys(_IPS, Kind.IP),
}
