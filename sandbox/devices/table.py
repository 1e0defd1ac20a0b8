"""The table in ``docs/devices.md``: which program opened which file, with the programs' versions."""

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sandbox.cloudflare.authority import CertificateAuthority
from sandbox.devices.browsers import BROWSERS, LockedHome, locked_home
from sandbox.devices.files import PASSPHRASE, DeviceFile, make_files
from sandbox.devices.pkcs12_loaders import READERS, Reader

PAGE: Final = Path(__file__).parents[2] / "docs" / "devices.md"
BEGIN, END = "<!-- made by `make devices`: begin -->", "<!-- made by `make devices`: end -->"
_ACCOUNT = "a" * 32
_OK = 200


async def table(say: Callable[[str], None]) -> str:
    """Open every file with everything that is installed here; ``say`` is told what is missing."""
    with tempfile.TemporaryDirectory(prefix="latchkey-devices-") as name:
        directory = Path(name)
        authority = CertificateAuthority(directory, _ACCOUNT, datetime.now(UTC))
        files = make_files(directory, authority)
        rows = [await asyncio.to_thread(_read, reader, files, directory) for reader in READERS if not reader.missing]
        async with locked_home(directory, authority, files) as home:
            visits = [await _visit(home, number, files) for number, one in enumerate(BROWSERS) if not one.missing]
    for one in (*READERS, *BROWSERS):
        if one.missing:
            say(f"left out: {one.missing}")
    heads = [f"{file.flavour}, {file.key.value}" for file in files]
    return "\n\n".join(
        (
            "Key and certificate came out of the file:",
            _markdown(("program", *heads, "reads the same way", "version"), rows),
            "The browser had the file in its own store, and the locked service opened:",
            _markdown(("browser", *heads, "with an empty store", "version"), visits),
        )
    )


def _read(reader: Reader, files: Iterable[DeviceFile], directory: Path) -> tuple[str, ...]:
    marks = []
    for file in files:
        with tempfile.TemporaryDirectory(dir=directory) as scratch:
            marks.append(_mark(reader.opens(file.path, PASSPHRASE, Path(scratch))))
    return (reader.name, *marks, reader.stands_for, reader.version())


async def _visit(home: LockedHome, number: int, files: Sequence[DeviceFile]) -> tuple[str, ...]:
    browser = BROWSERS[number]
    marks = [_mark(await home.status(browser, file) == _OK) for file in files]
    return (browser.name, *marks, str(await home.status(browser, None)), browser.version())


def _mark(good: bool) -> str:
    return "yes" if good else "**no**"


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put(page: str, made: str) -> str:
    """The page with the table between its two marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, mark, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError("the page has lost the marks of the table")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"
