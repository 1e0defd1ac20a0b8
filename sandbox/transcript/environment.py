"""What happens around the chats: devices, time, the bot's machine, trouble, changes by hand."""

import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12

from sandbox.edge import visit
from sandbox.transcript.actions import Action, Stage, file_in_chat, own_file
from sandbox.transcript.errors import CannotDoError
from sandbox.transcript.patterns import match
from sandbox.world import InstalledCertificate

_OWN_KEY_PASSWORD = "of this device alone"
_SHOWN_BODY = 300


@dataclass(frozen=True)
class Installs(Action):
    """Somebody opens a file of their chat on a device, with a password or with a key of their own.

    ``fails``: it must not open.
    """

    person: str
    file: str
    device: str
    password: str = ""
    key_file: str = ""
    fails: bool = False

    async def perform(self, stage: Stage) -> None:
        """Install it."""
        data = file_in_chat(stage.phone(self.person), self.file)
        try:
            installed = self._with_own_key(stage, data) if self.key_file else self._opened(stage, data)
        except ValueError as wrong:
            if self.fails:
                return
            raise CannotDoError(f"{self.file} does not open: {wrong}") from wrong
        if self.fails:
            raise CannotDoError(f"{self.file} opens")
        stage.world.devices[self.device] = installed
        if stage.kept is not None and not self.key_file:
            (stage.kept / Path(self.file).name).write_bytes(data)

    def _opened(self, stage: Stage, data: bytes) -> InstalledCertificate:
        password = stage.fill(self.password)
        key, certificate, _ = pkcs12.load_key_and_certificates(data, password.encode())
        if key is None or certificate is None:
            raise ValueError("it lacks a key or a certificate")
        return InstalledCertificate(data, password)

    def _with_own_key(self, stage: Stage, data: bytes) -> InstalledCertificate:
        path = own_file(stage, self.person, self.key_file)
        if not path.exists():
            raise CannotDoError(f"{self.person} has made no {self.key_file}")
        key = load_pem_private_key(path.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(data)
        if key.public_key() != certificate.public_key():
            raise ValueError("the certificate is for another key")
        p12 = pkcs12.serialize_key_and_certificates(
            self.device.encode(),
            key,  # type: ignore[arg-type]  # of the kinds a PEM may hold, a certificate has none that PKCS#12 lacks
            certificate,
            None,
            BestAvailableEncryption(_OWN_KEY_PASSWORD.encode()),
        )
        return InstalledCertificate(p12, _OWN_KEY_PASSWORD)


@dataclass(frozen=True)
class Opens(Action):
    """A device, or nobody in particular, opens an address; ``status`` None: TLS or the line refuses. ``source``: the
    loopback address it comes from.
    """

    device: str
    method: str
    url: str
    status: int | None
    body: str = ""
    source: str = "127.0.0.1"

    async def perform(self, stage: Stage) -> None:
        """Open it and compare the answer."""
        installed = stage.world.devices.get(self.device)
        if installed is None and self.device != "nobody":
            raise CannotDoError(f"nothing was installed on {self.device}")
        p12 = (installed.p12, installed.password) if installed else None
        try:
            answer = await visit(
                stage.world.edge, stage.fill(self.url), method=self.method, p12=p12, source=self.source
            )
        except (ssl.SSLError, ConnectionError) as refused:
            if self.status is None:
                return
            raise CannotDoError(f"the edge refused the line: {refused}") from refused
        shown = answer.body[:_SHOWN_BODY]
        if answer.status != self.status:
            raise CannotDoError(f"the edge answered {answer.status}: {shown}")
        if self.body and match(f"…{self.body}…", answer.body, stage.caught) is None:
            raise CannotDoError(f"the page does not say {self.body!r}: {shown}")


@dataclass(frozen=True)
class MovesClock(Action):
    """Time passes."""

    by: timedelta

    async def perform(self, stage: Stage) -> None:
        """Move the sandbox's clock."""
        stage.world.clock.plus(self.by)


@dataclass(frozen=True)
class SetsTime(Action):
    """The clock goes on to the next time that it is that hour and minute, in UTC."""

    hour: int
    minute: int

    async def perform(self, stage: Stage) -> None:
        """Move it."""
        now = stage.world.clock.now()
        then = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        stage.world.clock.plus((then if then > now else then + timedelta(days=1)) - now)


@dataclass(frozen=True)
class MovesBot(Action):
    """The bot is started, stopped in order, or dies."""

    how: str

    async def perform(self, stage: Stage) -> None:
        """Do it."""
        world = stage.world
        ways = {"starts": world.start_bot, "stops": world.stop_bot, "is killed": world.kill_bot}
        await ways[self.how]()


@dataclass(frozen=True)
class OrdersTrouble(Action):
    """A stand-in misbehaves from now on; ``fault`` are the fields of ``sandbox.faults.Fault``."""

    standin: str
    fault: dict[str, Any]

    async def perform(self, stage: Stage) -> None:
        """Order it."""
        stage.world.standins[self.standin].fault(**self.fault)


@dataclass(frozen=True)
class EndsTrouble(Action):
    """All is well again; calls that were held go on."""

    async def perform(self, stage: Stage) -> None:
        """End it."""
        stage.world.end_trouble()


@dataclass(frozen=True)
class SetsRule(Action):
    """Somebody replaces the zone's first rule in the dashboard, or deletes it (empty)."""

    expression: str

    async def perform(self, stage: Stage) -> None:
        """Change it; where there is no rule, add one."""
        cloudflare, expression = stage.world.cloudflare, stage.fill(self.expression)
        first = cloudflare.rules[0]["id"] if cloudflare.rules else None
        if expression and first:
            cloudflare.edit_rule_by_hand(first, expression=expression)
        elif expression:
            cloudflare.add_rule(expression)
        elif first:
            cloudflare.delete_rule_by_hand(first)


@dataclass(frozen=True)
class SetsHosts(Action):
    """Somebody sets the associated hosts in the dashboard."""

    hosts: tuple[str, ...]

    async def perform(self, stage: Stage) -> None:
        """Set them."""
        stage.world.cloudflare.associate(list(self.hosts))


@dataclass(frozen=True)
class IssuesByHand(Action):
    """Somebody issues a certificate in the dashboard."""

    name: str

    async def perform(self, stage: Stage) -> None:
        """Issue it."""
        stage.world.cloudflare.issue_by_hand(self.name)


@dataclass(frozen=True)
class RevokesByHand(Action):
    """Somebody revokes all valid certificates of a name in the dashboard."""

    name: str

    async def perform(self, stage: Stage) -> None:
        """Revoke them."""
        cloudflare = stage.world.cloudflare
        found = [one for one in cloudflare.certificates if one.common_name == self.name and one.status == "active"]
        if not found:
            raise CannotDoError(f"there is no valid certificate {self.name}")
        for one in found:
            cloudflare.revoke_by_hand(one.id)


@dataclass(frozen=True)
class SetsSetting(Action):
    """Somebody sets a setting of the zone in the dashboard."""

    name: str
    value: str

    async def perform(self, stage: Stage) -> None:
        """Set it."""
        stage.world.cloudflare.set_by_hand(self.name, self.value)


@dataclass(frozen=True)
class Notes(Action):
    """A heading."""

    text: str

    async def perform(self, stage: Stage) -> None:
        """Do nothing: it is only told."""
