"""What the phones were given: files, passwords, and the keys that came of both."""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from sandbox.world import World

PASSWORD = re.compile(r"(?<![a-z-])[a-z]{3,8}(?:-[a-z]{3,8}){5}(?![a-z-])")
_OURS = "Latchkey "


@dataclass(frozen=True)
class Key:
    """A file that its password opened, on somebody's phone. ``public_id`` is from the certificate's OU."""

    who: str
    p12: bytes
    password: str
    public_id: str
    fingerprint: str


class Keys:
    """Looks at all phones again and again, as people do who install what they are sent."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tried: set[tuple[bytes, str]] = set()
        self._files: dict[str, dict[int, bytes]] = {name: {} for name in world.people}
        self._seen_events = 0
        self.passwords: dict[str, set[str]] = {name: set() for name in world.people}
        self.keys: dict[str, Key] = {}
        self.seen_files: dict[str, int] = dict.fromkeys(world.people, 0)
        self.said: dict[str, list[str]] = {name: [] for name in world.people}

    def look(self) -> None:
        """Take in what is new."""
        names = {phone.user_id: name for name, phone in self._world.people.items()}
        events = self._world.telegram.shown_events(self._seen_events)
        self._seen_events += len(events)
        touched = set()
        for user_id, event in events:
            who = names.get(user_id)
            if who is None:
                continue
            touched.add(who)
            self.said[who].append(event.text)
            self.passwords[who].update(PASSWORD.findall(event.text))
            document = event.message.document if event.message is not None else None
            if event.kind in {"new", "edit"} and document is not None and document.file_name.endswith(".p12"):
                self.seen_files[who] += 1
        for who in touched:
            self._install(who)

    def _install(self, who: str) -> None:
        phone = self._world.people[who]
        for message in phone.chat:
            if message.from_bot and message.document and message.document.file_name.endswith(".p12"):
                self._files[who][message.message_id] = phone.file(message.message_id)
        for p12 in self._files[who].values():
            for password in self.passwords[who]:
                if (p12, password) not in self._tried:
                    self._tried.add((p12, password))
                    self._open(who, p12, password)

    def _open(self, who: str, p12: bytes, password: str) -> None:
        try:
            _, certificate, _ = pkcs12.load_key_and_certificates(p12, password.encode())
        except ValueError:
            return
        if certificate is not None:
            key = Key(who, p12, password, public_id_of(certificate), certificate.fingerprint(hashes.SHA256()).hex())
            self.keys[key.fingerprint] = key


def public_id_of(certificate: x509.Certificate) -> str:
    """The public id that the bot writes into a certificate's OU; empty where there is none."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return str(units[0].value).removeprefix(_OURS) if units and str(units[0].value).startswith(_OURS) else ""
