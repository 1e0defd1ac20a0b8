"""The bot's files, opened for real: by readers that each stand for a family of devices, and by browsers at the edge."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.certificates.certificates import KeyType
from bot.pki.passphrases import MAX_CHARACTERS
from sandbox.cloudflare.authority import CertificateAuthority
from sandbox.devices.browsers import BROWSERS, CHROMIUM, FIREFOX, Browser, LockedHome, locked_home
from sandbox.devices.files import FLAVOURS, PASSPHRASE, DeviceFile, Flavour, make_files
from sandbox.devices.pkcs12_loaders import READERS, Reader
from sandbox.devices.table import BEGIN, END, PAGE, put

KINDS = [(flavour, key) for flavour in FLAVOURS for key in KeyType]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> CertificateAuthority:
    return CertificateAuthority(tmp_path_factory.mktemp("ca"), "a" * 32, datetime.now(UTC))


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory, authority: CertificateAuthority
) -> dict[tuple[Flavour, KeyType], DeviceFile]:
    made = make_files(tmp_path_factory.mktemp("files"), authority)
    return {(file.flavour, file.key): file for file in made}


@pytest.fixture
async def home(
    tmp_path: Path, authority: CertificateAuthority, files: dict[tuple[Flavour, KeyType], DeviceFile]
) -> AsyncIterator[LockedHome]:
    async with locked_home(tmp_path, authority, list(files.values())) as opened:
        yield opened


def there(what: Reader | Browser) -> None:
    if what.missing:
        pytest.skip(what.missing)


@pytest.mark.parametrize(
    ("reader", "flavour", "key"),
    [(reader, *kind) for reader in READERS for kind in reader.known],
    ids=lambda value: value.name if isinstance(value, Reader) else str(value),
)
def test_key_and_certificate_come_out(
    reader: Reader,
    flavour: Flavour,
    key: KeyType,
    files: dict[tuple[Flavour, KeyType], DeviceFile],
    tmp_path: Path,
) -> None:
    """With the longest password there is."""
    there(reader)
    assert len(PASSPHRASE) == MAX_CHARACTERS
    assert reader.opens(files[flavour, key].path, PASSPHRASE, tmp_path)


def test_nothing_is_left_out_but_by_name() -> None:
    assert [reader.name for reader in READERS if reader.known != tuple(KINDS)] == ["GnuPG (gpgsm)"]


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_another_password_opens_nothing(
    reader: Reader, files: dict[tuple[Flavour, KeyType], DeviceFile], tmp_path: Path
) -> None:
    there(reader)
    assert not reader.opens(files[reader.known[0]].path, "another", tmp_path)


@pytest.mark.parametrize(
    ("browser", "flavour", "key"),
    [
        (CHROMIUM, "compat", KeyType.P256),
        (CHROMIUM, "modern", KeyType.RSA2048),
        # It has the same reader.
        (FIREFOX, "compat", KeyType.P256),
    ],
    ids=lambda value: value.name if isinstance(value, Browser) else str(value),
)
async def test_a_browser_comes_in_with_the_file_in_its_store(
    browser: Browser,
    flavour: Flavour,
    key: KeyType,
    home: LockedHome,
    files: dict[tuple[Flavour, KeyType], DeviceFile],
) -> None:
    there(browser)
    assert await home.status(browser, files[flavour, key]) == 200


async def test_a_browser_with_an_empty_store_stays_outside(home: LockedHome) -> None:
    there(CHROMIUM)
    assert await home.status(CHROMIUM, None) == 403


async def test_the_page_has_a_place_for_the_table() -> None:
    page = await asyncio.to_thread(PAGE.read_text, "utf-8")
    made = put(page, "a table")
    assert f"{BEGIN}\n\na table\n\n{END}" in made
    assert put(made, "another") == put(page, "another")
    with pytest.raises(ValueError, match="marks"):
        put(page.replace(END, ""), "a table")
    for one in (*READERS, *BROWSERS):
        assert f"| {one.name} |" in page
