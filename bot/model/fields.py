"""The fields of a request that rules speak of, by Cloudflare's names for them (the fields reference)."""

from bot.model.expression import Call, Field

HOST = Field("http.host")
PATH = Field("http.request.uri.path")
QUERY = Field("http.request.uri.query")
METHOD = Field("http.request.method")
SOURCE = Field("ip.src")
NOW = Field("http.request.timestamp.sec")
VERIFIED = Field("cf.tls_client_auth.cert_verified")
REVOKED = Field("cf.tls_client_auth.cert_revoked")
FINGERPRINT = Field("cf.tls_client_auth.cert_fingerprint_sha256")

LOWERED_HOST = Call("lower", (HOST,))
"""Whether ``http.host`` comes in lower case is not documented."""
