"""The fields of a request that rules speak of, by Cloudflare's names for them (the fields reference)."""

from bot.model.protection.expression import Call, Field

HOST = Field("http.host")
PATH = Field("http.request.uri.path")
RAW_PATH = Field("raw.http.request.uri.path")
"""The path as it was sent, which is what the service gets; ``PATH`` is normalised first, and perhaps rewritten. Whether
it has been through some normalisation of its own is not documented."""

URI = Field("http.request.uri")
FULL_URI = Field("http.request.full_uri")
QUERY = Field("http.request.uri.query")
METHOD = Field("http.request.method")
SOURCE = Field("ip.src")
NOW = Field("http.request.timestamp.sec")
TLS = Field("ssl")
PRESENTED = Field("cf.tls_client_auth.cert_presented")
VERIFIED = Field("cf.tls_client_auth.cert_verified")
REVOKED = Field("cf.tls_client_auth.cert_revoked")
FINGERPRINT = Field("cf.tls_client_auth.cert_fingerprint_sha256")

LOWERED_FINGERPRINT = Call("lower", (FINGERPRINT,))
"""Cloudflare's pages show it in small letters (fields reference) and in capitals (mTLS, configure)."""

FINGERPRINTS = (FINGERPRINT, LOWERED_FINGERPRINT, Call("upper", (FINGERPRINT,)))
"""The ways in which rules speak of it."""

ABOUT_CERTIFICATES = "cf.tls_client_auth."
"""What every field that tells of the client's certificate begins with."""

CERTIFICATE_TEXTS = tuple(
    f"{ABOUT_CERTIFICATES}cert_{name}"
    for name in (
        "fingerprint_sha1", "fingerprint_sha256", "issuer_dn", "issuer_dn_legacy", "issuer_dn_rfc2253",
        "issuer_serial", "issuer_ski", "not_after", "not_before", "serial", "ski", "subject_dn",
        "subject_dn_legacy", "subject_dn_rfc2253",
    )
)  # fmt: skip
"""Those that hold a text; it is empty where no certificate was shown (the fields reference)."""

LOWERED_PATH = Call("lower", (PATH,))
LOWERED_HOST = Call("lower", (HOST,))
"""Whether ``http.host`` comes in lower case is not documented."""
