"""A client that carries a PKCS#12 file, as a phone would."""

import asyncio
import contextlib
import io
import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import parse_headers
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12

from sandbox.edge.authority import ROOT_NAME

if TYPE_CHECKING:
    from sandbox.edge.standin import EdgeStandin


@dataclass(frozen=True, slots=True)
class EdgeAddress:
    """Where an edge of another process listens, and the directory with its root certificate."""

    port: int
    directory: Path


@dataclass(frozen=True)
class Visit:
    """What came back. Header names are in lower case; ``certificate_asked`` is None where nobody can tell."""

    status: int
    headers: dict[str, str]
    body: str
    certificate_asked: bool | None


async def visit(
    edge: "EdgeStandin | EdgeAddress",
    url: str,
    *,
    method: str = "GET",
    p12: tuple[bytes, str] | None = None,
    headers: Mapping[str, str] | None = None,
    sni: str | None = None,
    body: bytes = b"",
    source: str = "127.0.0.1",
    tls: ssl.TLSVersion | None = None,
) -> Visit:
    """Open ``url`` at ``edge``, whatever its host resolves to, with the certificate of a PKCS#12 and its password.

    Path and query are sent exactly as written. ``headers`` may replace ``Host``, ``sni`` the name of the
    handshake, ``source`` the loopback address it comes from; ``tls`` is the one version to be spoken. Raises
    ``ssl.SSLError`` for what TLS refuses, ``ConnectionError`` for a line cut off, ``ValueError`` for a PKCS#12
    that does not open.
    """
    parts = urlsplit(url)
    context = _context(edge.directory / ROOT_NAME, p12, tls)
    reader, writer = await asyncio.open_connection(
        "127.0.0.1",
        edge.port,
        ssl=context,
        server_hostname=sni or parts.hostname,
        local_addr=(source, 0),
    )
    try:
        port = writer.get_extra_info("sockname")[1]
        writer.write(_request(url, method, headers or {}, body))
        answer = await reader.read()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    return _visit(answer, _asked(edge, port), headless=method == "HEAD")


def _asked(edge: "EdgeStandin | EdgeAddress", port: int) -> bool | None:
    if isinstance(edge, EdgeAddress):
        return None
    return next((done.certificate_asked for done in reversed(edge.handshakes) if done.peer_port == port), None)


def _request(url: str, method: str, headers: Mapping[str, str], body: bytes) -> bytes:
    authority, slash, rest = url.split("://", 1)[1].partition("/")
    fields = {"Host": authority, "User-Agent": "latchkey-sandbox", **headers, "Connection": "close"}
    if body:
        fields["Content-Length"] = str(len(body))
    lines = [
        f"{method} {slash or '/'}{rest} HTTP/1.1",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def _visit(answer: bytes, asked: bool | None, *, headless: bool) -> Visit:
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        raise ConnectionResetError("the edge cut the line off")
    status_line, _, fields = head.partition(b"\r\n")
    headers = {name.lower(): value for name, value in parse_headers(io.BytesIO(fields)).items()}
    if not headless and len(body) < int(headers.get("content-length", 0)):
        raise ConnectionResetError("the edge cut the line off in the body")
    return Visit(int(status_line.split()[1]), headers, body.decode("utf-8", "replace"), asked)


def _context(root: Path, p12: tuple[bytes, str] | None, tls: ssl.TLSVersion | None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=root)
    if tls is not None:
        context.minimum_version = context.maximum_version = tls
    if p12 is not None:
        with opened(*p12) as file:
            context.load_cert_chain(file)
    return context


@contextlib.contextmanager
def opened(p12: bytes, password: str) -> Iterator[str]:
    """The path of a PEM file with the key and the certificate: Python's ssl reads them from files only.

    In memory where the system can, else in a private directory that is gone afterwards. Raises
    ``ValueError`` when the PKCS#12 does not open.
    """
    key, certificate, others = pkcs12.load_key_and_certificates(p12, password.encode())
    if key is None or certificate is None:
        raise ValueError("the PKCS#12 lacks a key or a certificate")
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem += b"".join(one.public_bytes(Encoding.PEM) for one in (certificate, *others))
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("client"), "wb") as file:
            file.write(pem)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
        return
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "client.pem"
        path.write_bytes(pem)
        yield str(path)
