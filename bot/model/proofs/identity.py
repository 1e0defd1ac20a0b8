"""What a probe shows at a TLS handshake: a certificate and its key."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Identity:
    """A client certificate and its key, both in PEM. ``repr`` shows neither."""

    certificate: str = field(repr=False)
    key: str = field(repr=False)
