"""Files as Telegram keeps them: names cleaned, types told by the extension, ids that nobody can guess."""

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.telegram.errors import BadRequestError, BotApiError
from sandbox.telegram.parameters import Upload

MAX_UPLOAD_BYTES = 50 * 2**20
MAX_DOWNLOAD_BYTES = 20 * 2**20
_LINK_LASTS = timedelta(hours=1)

_STEM_LENGTH = 64
_EXTENSION_LENGTH = 16
_FORBIDDEN = frozenset("<>:\"/\\|?*&`'")

# The server goes by the extension alone; what is not listed is an octet stream, .mobileconfig among them.
_MIME_TYPES = {
    "p12": "application/x-pkcs12",
    "pfx": "application/x-pkcs12",
    "cer": "application/pkix-cert",
    "crt": "application/x-x509-ca-cert",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Document:
    """A file of a message; ``data`` never leaves through JSON."""

    file_id: str
    file_unique_id: str
    file_name: str
    mime_type: str
    data: bytes

    def as_json(self) -> dict[str, Any]:
        """The Bot API's ``Document``."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "file_name": self.file_name,
            "mime_type": self.mime_type,
            "file_size": len(self.data),
        }


class FileStore:
    """All files that went through this server."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._documents: dict[str, Document] = {}
        self._links: dict[str, tuple[Document, datetime]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """Every file id that was ever given out."""
        return tuple(self._documents)

    def keep(self, file_name: str, data: bytes) -> Document:
        """Store a file under a cleaned name, with fresh ids."""
        name = clean_file_name(file_name)
        document = Document(
            "BQAC" + secrets.token_urlsafe(48), "AgAD" + secrets.token_urlsafe(9), name, mime_type(name), data
        )
        self._documents[document.file_id] = document
        return document

    def received(self, file: Upload | str) -> Document:
        """The document a bot uploads or names by ``file_id``.

        Raises:
            BotApiError: empty, above 50 MB, or not known. An address to fetch from is not served.
        """
        if isinstance(file, str):
            if file not in self._documents:
                raise BadRequestError("wrong file identifier/HTTP URL specified")
            return self._documents[file]
        if not file.data:
            raise BadRequestError("file must be non-empty")
        if len(file.data) > MAX_UPLOAD_BYTES:
            raise BotApiError(413, "Request Entity Too Large")
        return self.keep(file.file_name, file.data)

    def link(self, file_id: str) -> dict[str, Any]:
        """The Bot API's ``File``, whose path can be downloaded for an hour.

        Raises:
            BadRequestError: not known, or above 20 MB.
        """
        document = self._documents.get(file_id)
        if document is None:
            raise BadRequestError("wrong file_id or the file is temporarily unavailable")
        if len(document.data) > MAX_DOWNLOAD_BYTES:
            raise BadRequestError("file is too big")
        path = f"documents/file_{len(self._links)}{PurePosixPath(document.file_name).suffix}"
        self._links[path] = (document, self._clock.now() + _LINK_LASTS)
        return {
            "file_id": document.file_id,
            "file_unique_id": document.file_unique_id,
            "file_size": len(document.data),
            "file_path": path,
        }

    def fetch(self, path: str) -> bytes:
        """The bytes behind a link.

        Raises:
            BotApiError: 404, no such link or an old one.
        """
        document, until = self._links.get(path, (None, self._clock.now()))
        if document is None or self._clock.now() > until:
            raise BotApiError(404, "Not Found")
        return document.data


def clean_file_name(name: str) -> str:
    """The name as Telegram's server makes it (TDLib ``clean_filename``)."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, extension = base.rpartition(".")
    if not dot or not stem:
        stem, extension = base, ""
    stem, extension = _clean(stem, _STEM_LENGTH), _clean(extension, _EXTENSION_LENGTH)
    if not extension:
        return stem or "file"
    return f"{stem or 'file'}.{extension}"


def _clean(part: str, length: int) -> str:
    kept = "".join(character if _allowed(character) else " " for character in part)
    return kept.lstrip(" .")[:length].strip()


def _allowed(character: str) -> bool:
    if character.isascii():
        return character.isprintable() and character not in _FORBIDDEN
    return unicodedata.category(character)[0] in "LN"


def mime_type(file_name: str) -> str:
    """The type Telegram gives a file of that name."""
    extension = PurePosixPath(file_name).suffix.removeprefix(".").lower()
    return _MIME_TYPES.get(extension, "application/octet-stream")
