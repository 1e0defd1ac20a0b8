"""The vault: the only place where private keys and passphrases exist. Memory; a restart empties it."""

from dataclasses import dataclass, field, replace

from bot.model.public_id import PublicId
from bot.pki.keys import PrivateKey
from bot.pki.passphrases import new_passphrase


@dataclass(frozen=True)
class Entry:
    """What is kept for one certificate: its key until the file is packed, its file until sent, its passphrase
    until the file's time is up; for the bot's own certificates the key and the certificate instead, as long as they
    are used. ``repr`` shows none of it.
    """

    key: PrivateKey | None = field(repr=False)
    passphrase: str = field(repr=False)
    packed: bytes | None = field(repr=False, default=None)
    certificate: str | None = field(repr=False, default=None)


class Vault:
    """Secrets by certificate. Python cannot wipe memory; what is dropped here is merely out of reach."""

    def __init__(self) -> None:
        self._entries: dict[PublicId, Entry] = {}

    def keep(self, public_id: PublicId, key: PrivateKey) -> None:
        """Keep a key, with a fresh passphrase for its file."""
        self._entries[public_id] = Entry(key, new_passphrase())

    def packed(self, public_id: PublicId, data: bytes) -> None:
        """Keep the packed file instead of the key, until it is sent; what was dropped meanwhile stays dropped."""
        if public_id in self._entries:
            self._entries[public_id] = replace(self._entries[public_id], key=None, packed=data)

    def certified(self, public_id: PublicId, pem: str) -> None:
        """Keep the certificate beside its key: this one is for the bot's own use."""
        self._entries[public_id] = replace(self._entries[public_id], certificate=pem)

    def sent(self, public_id: PublicId) -> None:
        """Forget the file; only its passphrase stays."""
        if public_id in self._entries:
            self._entries[public_id] = replace(self._entries[public_id], key=None, packed=None)

    def look(self, public_id: PublicId) -> Entry | None:
        """What is kept for a certificate, if anything still is."""
        return self._entries.get(public_id)

    def drop(self, public_id: PublicId) -> None:
        """Forget everything about a certificate."""
        self._entries.pop(public_id, None)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()
