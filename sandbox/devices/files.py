"""The files that the bot hands out: every flavour with every kind of key, signed by an account's CA."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from bot.model.certificates.certificates import KeyType
from bot.pki.keys import make_key
from bot.pki.pkcs12 import pack
from bot.pki.requests import SubjectName, make_request
from sandbox.cloudflare.authority import CertificateAuthority

Flavour = Literal["compat", "modern"]
FLAVOURS: Final[tuple[Flavour, ...]] = ("compat", "modern")
NAME: Final = "pixel8"
PASSPHRASE: Final = "plum-canyon-brave-otter-zoo-ash"
"""As long as the longest that the bot draws: gpgsm refuses one character more."""
_DAYS = 30


@dataclass(frozen=True)
class DeviceFile:
    """One file: how it was packed, where it is, and whose certificate is in it."""

    flavour: Flavour
    key: KeyType
    path: Path
    fingerprint_sha256: str
    serial: str


def make_files(directory: Path, authority: CertificateAuthority) -> list[DeviceFile]:
    """All files in ``directory``, in the order of the table's columns."""
    return [_make(directory, authority, flavour, key) for flavour in FLAVOURS for key in KeyType]


def _make(directory: Path, authority: CertificateAuthority, flavour: Flavour, kind: KeyType) -> DeviceFile:
    key = make_key(kind)
    request = make_request(key, SubjectName(NAME, "Anna", "Latchkey abcdefgh"))
    certificate = authority.sign(request, datetime.now(UTC), _DAYS, accept_ec=True)
    path = directory / f"{NAME}-{flavour}-{kind.value}.p12"
    path.write_bytes(pack(key, certificate.public_bytes(Encoding.PEM).decode(), NAME, PASSPHRASE, flavour))
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    return DeviceFile(flavour, kind, path, fingerprint, f"{certificate.serial_number:X}")
