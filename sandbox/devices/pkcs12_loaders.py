"""Programs that open a PKCS#12 file, each by the reader of a family of devices and apps."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.model.certificates.certificates import KeyType
from sandbox.devices.files import FLAVOURS, NAME, Flavour

_BOUNCY_CASTLE: Final = Path("/usr/share/java/bcprov.jar")
_PATIENCE_SECONDS: Final = 300
_KEY, _CERTIFICATE = "PRIVATE KEY-----", "BEGIN CERTIFICATE"


@dataclass(frozen=True)
class Reader:
    """One program. ``stands_for``: what reads files the same way; ``needs``: programs or files, and their package.

    ``opens(file, passphrase, scratch)`` tells whether key and certificate came out; ``scratch`` is an empty directory.
    ``known``: the files it is known to open, all of them unless said otherwise.
    """

    name: str
    stands_for: str
    needs: tuple[str, ...]
    package: str
    version: Callable[[], str]
    opens: Callable[[Path, str, Path], bool]
    known: tuple[tuple[Flavour, KeyType], ...] = tuple((flavour, key) for flavour in FLAVOURS for key in KeyType)

    @property
    def missing(self) -> str:
        """What is not installed here, with the package that has it; empty when all is."""
        gone = [one for one in self.needs if not (Path(one).exists() if "/" in one else shutil.which(one))]
        return f"{', '.join(gone)} is not installed: apt-get install {self.package}" if gone else ""


def run(command: Sequence[str | Path], home: Path | None = None, typed: str = "") -> tuple[bool, str]:
    """Run a program to its end, with ``typed`` to read: whether it ended well, and all that it said."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(home or "/nonexistent")}
    done = subprocess.run(
        [str(part) for part in command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_SECONDS,
        input=typed,
    )
    return done.returncode == 0, done.stdout + done.stderr


def nss_database(directory: Path, file: Path | None, passphrase: str) -> bool:
    """Make a new NSS database, as browsers on Linux have one, with a file in it; whether it took it."""
    database = f"sql:{directory}"
    made, _ = run(["certutil", "-N", "-d", database, "--empty-password"])
    return made and (file is None or run(["pk12util", "-i", file, "-d", database, "-W", passphrase])[0])


def first_line(*command: str) -> Callable[[], str]:
    """The first line of what a program says, without what it adds in brackets."""
    return lambda: run(command)[1].strip().splitlines()[0].partition(" (")[0]


def _package_version(package: str) -> Callable[[], str]:
    # Debian's version is [epoch:]upstream[-revision].
    return lambda: run(["dpkg-query", "-W", "-f", "${Version}", package])[1].rpartition(":")[2].partition("-")[0]


def _openssl(*options: str) -> Callable[[Path, str, Path], bool]:
    def opens(file: Path, passphrase: str, scratch: Path) -> bool:
        del scratch
        good, said = run(["openssl", "pkcs12", "-in", file, "-passin", f"pass:{passphrase}", "-nodes", *options])
        return good and _KEY in said and _CERTIFICATE in said

    return opens


def _nss(file: Path, passphrase: str, scratch: Path) -> bool:
    if not nss_database(scratch, file, passphrase):
        return False
    _, keys = run(["certutil", "-K", "-d", f"sql:{scratch}"])
    _, certificates = run(["certutil", "-L", "-d", f"sql:{scratch}", "-n", NAME])
    return NAME in keys and "Certificate:" in certificates


def _gnutls(file: Path, passphrase: str, scratch: Path) -> bool:
    del scratch
    good, said = run(["certtool", "--p12-info", "--inder", "--infile", file, "--password", passphrase])
    return good and _KEY in said and _CERTIFICATE in said


_SHORT_LIVED: Final = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC")
"""A machine that lives for one file compiles no more than it must."""


def _keytool(*provider: str) -> Callable[[Path, str, Path], bool]:
    def opens(file: Path, passphrase: str, scratch: Path) -> bool:
        del scratch
        # A request can only be signed with the key itself: listing an entry would not open it.
        store = ["-keystore", str(file), "-storetype", "PKCS12", "-storepass", passphrase]
        good, said = run(["keytool", *_SHORT_LIVED, "-certreq", "-alias", NAME, *store, *provider])
        return good and "BEGIN NEW CERTIFICATE REQUEST" in said

    return opens


def _node(file: Path, passphrase: str, scratch: Path) -> bool:
    del scratch
    script = (
        "const [file, passphrase] = process.argv.slice(1);"
        "const pfx = require('fs').readFileSync(file);"
        "require('tls').createSecureContext({ pfx, passphrase });"
    )
    return run(["node", "-e", script, file, passphrase])[0]


def _gpgsm(file: Path, passphrase: str, scratch: Path) -> bool:
    del scratch
    # Its agent listens at a socket in there, and the name of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="gpgsm-", ignore_cleanup_errors=True) as home:
        gpgsm = ("gpgsm", "--homedir", home, "--batch")
        try:
            run([*gpgsm, "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--import", file], typed=passphrase)
            _, keys = run([*gpgsm, "--list-secret-keys"])
        finally:
            run(["gpgconf", "--homedir", home, "--kill", "all"])
    return f"CN={NAME}" in keys


_BC_PROVIDER: Final = (
    "-providername",
    "BC",
    "-providerclass",
    "org.bouncycastle.jce.provider.BouncyCastleProvider",
    "-providerpath",
    str(_BOUNCY_CASTLE),
)

READERS: Final = (
    Reader(
        "OpenSSL",
        "curl, Python, Ruby, servers",
        ("openssl",),
        "openssl",
        first_line("openssl", "version"),
        _openssl(),
    ),
    Reader(
        "OpenSSL with its legacy provider",
        "the same, told to take old files",
        ("openssl",),
        "openssl",
        first_line("openssl", "version"),
        _openssl("-legacy"),
    ),
    Reader(
        "NSS (pk12util)",
        "Chrome and Firefox on Linux",
        ("pk12util", "certutil"),
        "libnss3-tools",
        _package_version("libnss3-tools"),
        _nss,
    ),
    Reader(
        "GnuTLS (certtool)",
        "GNOME's programs, many on Debian",
        ("certtool",),
        "gnutls-bin",
        first_line("certtool", "--version"),
        _gnutls,
    ),
    Reader(
        "Java (keytool)",
        "programs in Java",
        ("keytool",),
        "default-jre-headless",
        first_line("java", "-version"),
        _keytool(),
    ),
    Reader(
        "Bouncy Castle (in keytool)",
        "Android's own store, which is cut from it (see below)",
        ("keytool", str(_BOUNCY_CASTLE)),
        "default-jre-headless libbcprov-java",
        _package_version("libbcprov-java"),
        _keytool(*_BC_PROVIDER),
    ),
    Reader(
        "Node",
        "programs in JavaScript, Electron apps",
        ("node",),
        "nodejs",
        first_line("node", "--version"),
        _node,
    ),
    Reader(
        "GnuPG (gpgsm)",
        "mail signed with S/MIME: KMail, Mutt, Gpg4win",
        ("gpgsm", "gpgconf"),
        "gpgsm",
        _package_version("gpgsm"),
        _gpgsm,
        # 2.2, which is Debian 12's, reads no AES and crashes on P-256.
        known=(("compat", KeyType.RSA2048),),
    ),
)
