"""Browsers that carry a file in a certificate store of their own and open a locked service at the edge."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sandbox.clock import SandboxClock
from sandbox.cloudflare.authority import CertificateAuthority
from sandbox.devices.files import PASSPHRASE, DeviceFile
from sandbox.devices.pkcs12_loaders import first_line, nss_database, run
from sandbox.edge import EdgeStandin
from sandbox.edge.authority import ROOT_NAME

HOST: Final = "ha.example.com"
_RULE: Final = (
    f'(http.host in {{"{HOST}"}} and (not cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_revoked))'
)


@dataclass(frozen=True)
class Browser:
    """A browser. ``opens(port, home)`` opens the locked service at that port of loopback and ends."""

    name: str
    programs: tuple[str, ...]
    package: str
    store: str
    opens: Callable[[int, Path], None]

    @property
    def missing(self) -> str:
        """What is not installed here, with its package; empty when all is."""
        for programs in (self.programs, ("pk12util",), ("certutil",)):
            if not any(map(shutil.which, programs)):
                return f"{programs[0]} is not installed: apt-get install {self.package} libnss3-tools"
        return ""

    def version(self) -> str:
        """Its name and version, in its own words."""
        return first_line(_program(self.programs), "--version")()


@dataclass(frozen=True)
class LockedHome:
    """A service behind a lock at the edge."""

    edge: EdgeStandin

    async def status(self, browser: Browser, file: DeviceFile | None) -> int:
        """What a new browser is answered, with ``file`` in its store and picked, or with an empty store.

        Raises:
            LookupError: it did not get as far as a request, or came with another certificate.
        """
        before = len(self.edge.calls)
        with tempfile.TemporaryDirectory(prefix="latchkey-browser-", ignore_cleanup_errors=True) as home:
            await asyncio.to_thread(self._visit, browser, file, Path(home))
        for call in list(self.edge.calls)[before:]:
            if call.label.endswith(f"{HOST}/"):
                if call.sent["fingerprint_sha256"] != (file.fingerprint_sha256 if file else ""):
                    raise LookupError("another certificate than the one in the store")
                return call.status or 0
        raise LookupError(f"{browser.name} did not open the page")

    def _visit(self, browser: Browser, file: DeviceFile | None, home: Path) -> None:
        store = home / browser.store
        store.mkdir(parents=True)
        nss_database(store, file.path if file else None, PASSPHRASE)
        root = self.edge.directory / ROOT_NAME
        run(["certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "C,,", "-i", root])
        browser.opens(self.edge.port, home)


@asynccontextmanager
async def locked_home(
    directory: Path, authority: CertificateAuthority, files: Sequence[DeviceFile]
) -> AsyncIterator[LockedHome]:
    """An edge of its own that asks for certificates of ``authority``, of which ``files`` hold the live ones."""
    zone: dict[str, Any] = {
        "zone": {"id": "z", "name": "example.com"},
        "hosts": [HOST],
        "rules": [{"id": "r", "ref": "ours", "action": "block", "expression": _RULE, "enabled": True}],
        "certificates": [
            {
                "id": file.fingerprint_sha256[:32],
                "fingerprint_sha256": file.fingerprint_sha256,
                "serial_number": file.serial,
                "status": "active",
                "pending_until": None,
            }
            for file in files
        ],
        "ca": authority.pem,
        "http3": "off",
    }
    edge = EdgeStandin(SandboxClock(directory / "clock"), directory / "zone")
    await edge.start()
    try:
        (edge.directory / "zone.json").write_text(json.dumps(zone), encoding="utf-8")
        yield LockedHome(edge)
    finally:
        await edge.stop()


def _program(names: Sequence[str]) -> str:
    return next((name for name in names if shutil.which(name)), names[0])


_CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
_FIREFOX: Final = ("firefox-esr", "firefox")


def _chromium(port: int, home: Path) -> None:
    # A browser asks which certificate to send, and nobody is there to answer: this is what the policy
    # AutoSelectCertificateForUrls comes to, as a setting of one profile.
    choice: dict[str, Any] = {"https://[*.]example.com:443,*": {"setting": {"filters": [{}]}}}
    settings = {"profile": {"content_settings": {"exceptions": {"auto_select_certificate": choice}}}}
    profile = home / "profile"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(settings), encoding="utf-8")
    flags = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    where = (f"--user-data-dir={profile}", f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{port}, MAP * ~NOTFOUND")
    run([_program(_CHROMIUM), *flags, *where, "--dump-dom", f"https://{HOST}/"], home)


def _firefox(port: int, home: Path) -> None:
    settings = {
        "security.default_personal_cert": "Select Automatically",
        "network.dns.forceResolve": "127.0.0.1",
        # No calls home.
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "app.normandy.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
    profile = home / "profile"
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    what = ("--screenshot", home / "seen.png", f"https://{HOST}:{port}/")
    run([_program(_FIREFOX), "--headless", "--no-remote", "--profile", profile, *what], home)


CHROMIUM: Final = Browser("Chromium", _CHROMIUM, "chromium", ".pki/nssdb", _chromium)
FIREFOX: Final = Browser("Firefox", _FIREFOX, "firefox-esr", "profile", _firefox)
BROWSERS: Final = (CHROMIUM, FIREFOX)
