"""A computer that keeps its own key: its certificate is renewed with a new key beside the old one."""

import asyncio
import shlex
import subprocess
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from tests.e2e.test_e2e_renewal import home, names
from tests.family import Family

__all__ = ["home"]


async def makes_a_key(home: Family, folder: Path) -> Path:
    """Run the line on Anna's computer, and send her request; answers where the certificate that came lies."""
    await home.tap("Anna", "Mac or Linux")
    line = shlex.split(home.callback("Anna", "Copy the line"))
    await asyncio.to_thread(subprocess.run, line, cwd=folder, check=True, capture_output=True)
    request = folder / line[line.index("-out") + 1]
    home.phone("Anna").send_document(request.name, request.read_bytes())
    await home.settle()
    name, data = home.file("Anna")
    (folder / name).write_bytes(data)
    return folder / name


async def test_a_computer_with_its_own_key_makes_a_new_one_beside_the_old_one(home: Family, tmp_path: Path) -> None:
    """The line must not write over the key that is in use until the new one works."""
    await home.say("Anna", "/newcert pc csr")
    old = await makes_a_key(home, tmp_path)
    assert old.name == "pc.pem"
    before = {file: file.read_bytes() for file in (old, old.with_suffix(".key"))}
    await home.tap("Anna", "It works")
    assert "keep it, and the key beside it" in home.newest("Anna").text
    await home.tap("Anna", "Show the device")
    await home.tap("Anna", "Guide")
    assert home.newest("Anna").text.startswith("A computer that keeps its key: ")
    await home.clock(days=31)
    await home.tap("Anna", "Renew, I have it here")
    assert "The old ones keep working until you tap It works" in home.with_button("Anna", "Mac or Linux").text
    new = await makes_a_key(home, tmp_path)
    assert {file: file.read_bytes() for file in before} == before
    assert load_pem_x509_certificate(new.read_bytes()).public_key() == public_key(new.with_suffix(".key"))
    assert names(home).count("pc") == 2
    await home.tap("Anna", "It works")
    await home.clock(seconds=5)
    assert names(home).count("pc") == 1


async def test_a_new_request_that_does_not_come_leaves_the_way_open(home: Family, tmp_path: Path) -> None:
    await home.say("Anna", "/newcert pc csr")
    await makes_a_key(home, tmp_path)
    await home.tap("Anna", "It works")
    await home.clock(days=31)
    await home.tap("Anna", "Renew, I have it here")
    await home.clock(hours=25)
    assert "tap it in /devices, then Renew" in home.newest("Anna").text
    await home.say("Anna", "/devices")
    await home.tap("Anna", "✖️ pc")
    assert "Another one of this device is in use." in home.newest("Anna").text
    assert "/newcert" not in home.newest("Anna").text
    await home.tap("Anna", "Show the one in use")
    await home.tap("Anna", "Renew")
    await home.tap("Anna", "Mac or Linux")
    assert "openssl" in home.with_button("Anna", "Copy the line").text


def public_key(key: Path) -> PublicKeyTypes:
    return load_pem_private_key(key.read_bytes(), None).public_key()
