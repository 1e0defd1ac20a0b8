"""Encrypted backups: a key from a passphrase by scrypt (RFC 7914), then AES-256-GCM (NIST SP 800-38D).

Both are the ``cryptography`` library's. The file, in this order:

==========  =====================================================================
17 bytes    ``LATCHKEY-BACKUP-1``: the form, and scrypt's cost with it (n=2^17, r=8, p=1)
16 bytes    salt, random
12 bytes    nonce, random
the rest    the backup, encrypted, with GCM's tag of 16 bytes at its end
==========  =====================================================================

The first 45 bytes are authenticated with the rest, so nothing in the file can be changed without being noticed.
The cost is OWASP's first choice for scrypt (Password Storage Cheat Sheet): about 128 MB and less than a second.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bot.errors import InvalidBackup

_MAGIC = b"LATCHKEY-BACKUP-1"
_SALT, _NONCE, _KEY = 16, 12, 32
_HEAD = len(_MAGIC) + _SALT + _NONCE


def is_sealed(data: bytes) -> bool:
    """Whether a passphrase is needed to read it."""
    return data.startswith(_MAGIC)


def seal(plain: bytes, passphrase: str) -> bytes:
    """Encrypt with a passphrase."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    head = _MAGIC + salt + nonce
    return head + AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, head)


def unseal(data: bytes, passphrase: str) -> bytes:
    """Decrypt.

    Raises:
        BackupWrong: another passphrase, or the file was changed: nobody can tell which.
    """
    head = data[:_HEAD]
    salt, nonce = head[len(_MAGIC) : -_NONCE], head[-_NONCE:]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, data[_HEAD:], head)
    except (InvalidTag, ValueError):
        raise InvalidBackup("That is not the passphrase of this backup, or the file is damaged.") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=_KEY, n=2**17, r=8, p=1).derive(passphrase.encode())
