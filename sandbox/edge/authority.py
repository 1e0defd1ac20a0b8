"""Server certificates of the sandbox, from a root of its own."""

import os
from pathlib import Path

import trustme
from OpenSSL import SSL

ROOT_NAME = "edge-ca.pem"


class ServerAuthority:
    """Issues for the hosts of a zone and keeps its root in ``directory``.

    ``edge-ca.pem`` there is what clients trust; with ``edge-ca.key`` (mode 0600) a restart goes on with it.
    """

    def __init__(self, directory: Path) -> None:
        self.root_file = directory / ROOT_NAME
        self._key_file = directory / "edge-ca.key"
        self._contexts: dict[tuple[str, ...], SSL.Context] = {}
        directory.mkdir(parents=True, exist_ok=True)
        if self.root_file.exists() and self._key_file.exists():
            self._ca = trustme.CA.from_pem(self.root_file.read_bytes(), self._key_file.read_bytes())
            return
        self._ca = trustme.CA(organization_name="Latchkey sandbox", organization_unit_name="edge")
        descriptor = os.open(self._key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(self._ca.private_key_pem.bytes())
        self.root_file.write_bytes(self._ca.cert_pem.bytes())

    def context(self, host: str, zone: str) -> SSL.Context:
        """The TLS context that shows a certificate for ``host``.

        The zone and its first level share one, as with Cloudflare's Universal SSL; a deeper name has its own.
        """
        first_level = host == zone or host.count(".") == zone.count(".") + 1
        names = (zone, f"*.{zone}") if first_level else (host,)
        if names not in self._contexts:
            context = server_context()
            self._ca.issue_cert(*names).configure_cert(context)
            self._contexts[names] = context
        return self._contexts[names]


def server_context() -> SSL.Context:
    """TLS 1.2 and 1.3, HTTP/1.1 only, nothing resumed.

    Without resumption a session made on one host cannot bring its certificate, or the lack of one, to another.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_session_id(b"edge")
    context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION)
    context.set_alpn_select_callback(
        lambda _, offered: b"http/1.1" if b"http/1.1" in offered else SSL.NO_OVERLAPPING_PROTOCOLS
    )
    return context
