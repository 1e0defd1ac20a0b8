"""What a phone holds besides its chats: the certificates installed on it, and whether it is lost."""

import asyncio
import secrets
import ssl
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from sandbox.edge import EdgeStandin, visit

WRONG_PASSWORD = "Incorrect password. Type the password for this file again."
NO_CERTIFICATE = "This file can’t be installed: there is no certificate with its key in it."
_VISIT_SECONDS = 30.0


class CannotInstallError(ValueError):
    """A phone refuses the file; the text is what it says."""


@dataclass(frozen=True)
class Installed:
    """One certificate on a phone. ``name`` is the friendly name the file brought; ``fingerprint`` is SHA-256, hex."""

    key: str
    name: str
    issued_to: str
    expires: str
    fingerprint: str
    p12: bytes = field(repr=False)
    password: str = field(repr=False)

    def as_json(self) -> dict[str, str]:
        """What its owner sees of it."""
        return {"key": self.key, "name": self.name, "issuedTo": self.issued_to, "expires": self.expires}


@dataclass
class Handset:
    """One phone. A lost one keeps everything."""

    installed: list[Installed] = field(default_factory=list)
    lost: bool = False

    def install(self, p12: bytes, password: str) -> Installed:
        """Open the file with its password and keep what is in it.

        Raises:
            CannotInstallError: the password is wrong, or there is nothing to install.
        """
        try:
            opened = pkcs12.load_pkcs12(p12, password.encode())
        except ValueError as error:
            wrong = "password" in str(error).lower() and p12[:1] == b"\x30"
            raise CannotInstallError(WRONG_PASSWORD if wrong else NO_CERTIFICATE) from None
        if opened.key is None or opened.cert is None:
            raise CannotInstallError(NO_CERTIFICATE)
        certificate = opened.cert.certificate
        common_names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        issued_to = str(common_names[0].value) if common_names else ""
        installed = Installed(
            key=secrets.token_hex(4),
            name=(opened.cert.friendly_name or b"").decode("utf-8", "replace") or issued_to or "Certificate",
            issued_to=issued_to,
            expires=certificate.not_valid_after_utc.isoformat(),
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            p12=p12,
            password=password,
        )
        self.installed.append(installed)
        return installed

    def chosen(self, key: str) -> Installed | None:
        """The certificate with that key; ``None`` for an empty key: none is presented.

        Raises:
            LookupError: there is no such certificate on this phone.
        """
        if not key:
            return None
        for each in self.installed:
            if each.key == key:
                return each
        raise LookupError("that certificate is not on this phone")


async def open_address(edge: EdgeStandin, url: str, certificate: Installed | None) -> dict[str, Any]:
    """Make one real request to the edge and tell what came back, also when nothing did.

    Raises:
        ValueError: not an ``https://`` address.
    """
    if not url.startswith("https://") or any(character.isspace() for character in url):
        raise ValueError("an address begins with https:// and has no spaces")
    p12 = (certificate.p12, certificate.password) if certificate else None
    shown = {"url": url, "certificate": certificate.name if certificate else ""}
    try:
        async with asyncio.timeout(_VISIT_SECONDS):
            came = await visit(edge, url, p12=p12)
    except TimeoutError:
        return shown | {"failed": "The site took too long to respond."}
    except (ssl.SSLError, ConnectionError) as error:
        return shown | {"failed": f"This site can’t be reached ({type(error).__name__})."}
    return shown | {
        "status": came.status,
        "server": came.headers.get("server", ""),
        "type": came.headers.get("content-type", ""),
        "asked": came.certificate_asked,
        "body": came.body,
    }
