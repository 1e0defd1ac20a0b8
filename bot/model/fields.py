"""The fields of a request that rules speak of, by Cloudflare's names for them (the fields reference)."""

from bot.model.expression import Call, Field

HOST = Field("http.host")
PATH = Field("http.request.uri.path")
RAW_PATH = Field("raw.http.request.uri.path")
"""The path as it was sent, which is what the service gets; ``PATH`` is normalised first, and perhaps rewritten. Whether
it has been through some normalisation of its own is not documented."""

QUERY = Field("http.request.uri.query")
METHOD = Field("http.request.method")
SOURCE = Field("ip.src")
NOW = Field("http.request.timestamp.sec")
VERIFIED = Field("cf.tls_client_auth.cert_verified")
REVOKED = Field("cf.tls_client_auth.cert_revoked")
FINGERPRINT = Field("cf.tls_client_auth.cert_fingerprint_sha256")

LOWERED_FINGERPRINT = Call("lower", (FINGERPRINT,))
"""Cloudflare's pages show it in small letters (fields reference) and in capitals (mTLS, configure)."""

FINGERPRINTS = (FINGERPRINT, LOWERED_FINGERPRINT, Call("upper", (FINGERPRINT,)))
"""The ways in which rules speak of it."""

LOWERED_HOST = Call("lower", (HOST,))
"""Whether ``http.host`` comes in lower case is not documented."""
