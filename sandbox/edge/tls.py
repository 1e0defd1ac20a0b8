"""TLS in front of a plain asyncio protocol, with a client certificate asked for by host.

pyOpenSSL in memory: Python's ``ssl`` ends the handshake on a foreign or expired client certificate, and cannot
choose by host name whether to ask. Cloudflare does choose, takes whatever comes, and judges later.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from cryptography import x509
from OpenSSL import SSL

from sandbox.edge.authority import ServerAuthority, server_context
from sandbox.edge.zone import ZoneState

_CHUNK = 65536
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Handshake:
    """A finished handshake: what was asked for, what came, and from which port."""

    server_name: str
    certificate_asked: bool
    certificate: x509.Certificate | None
    version: str
    cipher: str
    peer_port: int


class TlsTerminator:
    """Makes the protocols of a listening socket; ``inner`` makes the plain protocol behind each.

    A name outside the zone, or none, has no certificate to be shown: the handshake ends in OpenSSL's
    ``handshake_failure`` alert, as at Cloudflare.
    """

    def __init__(
        self, authority: ServerAuthority, zone: Callable[[], ZoneState], inner: Callable[[], asyncio.Protocol]
    ) -> None:
        self.zone = zone
        self.inner = inner
        self.open: set[TlsProtocol] = set()
        self.finished: deque[Handshake] = deque(maxlen=_REMEMBERED)
        self._authority = authority
        self._nameless = server_context()
        self._nameless.set_tlsext_servername_callback(self._choose)

    def __call__(self) -> "TlsProtocol":
        """A protocol for one connection."""
        return TlsProtocol(self, SSL.Connection(self._nameless, None))

    def abort(self) -> None:
        """End what is still open."""
        for protocol in tuple(self.open):
            protocol.raw.abort()

    def _choose(self, connection: SSL.Connection) -> None:
        protocol = cast("TlsProtocol", connection.get_app_data())
        name = (connection.get_servername() or b"").decode("ascii", "replace").lower().removesuffix(".")
        if not protocol.zone.covers(name):
            return
        protocol.server_name = name
        connection.set_context(self._authority.context(name, protocol.zone.name))
        if name in protocol.zone.hosts:
            protocol.certificate_asked = True
            connection.set_verify(SSL.VERIFY_PEER, _accept)


def _accept(_: SSL.Connection, __: Any, ___: int, ____: int, _____: int) -> bool:
    """Take any certificate: whether it counts is judged with the request."""
    return True


class TlsProtocol(asyncio.Protocol):
    """One connection, from its first bytes on."""

    raw: asyncio.Transport

    def __init__(self, terminator: TlsTerminator, tls: SSL.Connection) -> None:
        self.tls = tls
        self.server_name = ""
        self.certificate_asked = False
        self.closing = False
        self._terminator = terminator
        self._inner: asyncio.Protocol | None = None
        tls.set_app_data(self)
        tls.set_accept_state()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket; the zone of this moment decides what is asked."""
        self.raw = cast("asyncio.Transport", transport)
        self.zone = self._terminator.zone()
        self._terminator.open.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the plain protocol, if it ever began."""
        self.closing = True
        self._terminator.open.discard(self)
        if self._inner is not None:
            self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        """The socket is full."""
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The socket takes more."""
        if self._inner is not None:
            self._inner.resume_writing()

    def data_received(self, data: bytes) -> None:
        """Go on with the handshake, or hand on what the bytes say."""
        self.tls.bio_write(data)
        try:
            self._advance()
        except SSL.WantReadError:
            self.flush()
        except SSL.ZeroReturnError:
            self.close()
        except SSL.Error:
            # What is left to send is the alert.
            self.closing = True
            self.flush()
            self.raw.close()

    def _advance(self) -> None:
        if self._inner is None:
            self.tls.do_handshake()
            self.flush()
            self._begin()
        while not self.closing and self._inner is not None:
            self._inner.data_received(self.tls.recv(_CHUNK))

    def _begin(self) -> None:
        done = Handshake(
            server_name=self.server_name,
            certificate_asked=self.certificate_asked,
            certificate=self.tls.get_peer_certificate(as_cryptography=True),
            version=self.tls.get_protocol_version_name(),
            cipher=self.tls.get_cipher_name() or "",
            peer_port=self.raw.get_extra_info("peername")[1],
        )
        self._terminator.finished.append(done)
        self._inner = self._terminator.inner()
        self._inner.connection_made(_PlainTransport(self, done))

    def write(self, data: bytes) -> None:
        """Encrypt and send; nothing once it is closing."""
        if not self.closing and data:
            self.tls.sendall(data)
            self.flush()

    def flush(self) -> None:
        """Send what OpenSSL has to say."""
        while True:
            try:
                encrypted = self.tls.bio_read(_CHUNK)
            except SSL.WantReadError:
                return
            if not self.raw.is_closing():
                self.raw.write(encrypted)

    def close(self) -> None:
        """Say goodbye in TLS and close."""
        if not self.closing:
            self.closing = True
            self.tls.shutdown()
            self.flush()
            self.raw.close()


class _PlainTransport(asyncio.Transport):
    """What the plain protocol writes to."""

    def __init__(self, outer: TlsProtocol, handshake: Handshake) -> None:
        # ``sslcontext`` is where aiohttp looks to see that a request came by TLS.
        super().__init__({"handshake": handshake, "sslcontext": outer.tls.get_context()})
        self._outer = outer

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        own = super().get_extra_info(name)
        return self._outer.raw.get_extra_info(name, default) if own is None else own

    def is_closing(self) -> bool:
        return self._outer.closing

    def close(self) -> None:
        self._outer.close()

    def abort(self) -> None:
        self._outer.closing = True
        self._outer.raw.abort()

    def write(self, data: "bytes | bytearray | memoryview[Any]") -> None:
        self._outer.write(bytes(data))

    def is_reading(self) -> bool:
        return self._outer.raw.is_reading()

    def pause_reading(self) -> None:
        self._outer.raw.pause_reading()

    def resume_reading(self) -> None:
        self._outer.raw.resume_reading()

    def get_write_buffer_size(self) -> int:
        return self._outer.raw.get_write_buffer_size()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._outer.raw.set_write_buffer_limits(high, low)
