"""A database as it is after years: people, devices, certificates, and a long record."""

import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from bot.model.audit import AuditTag
from bot.model.people.people import Account, Role
from bot.model.public_id import new_public_id
from bot.store.engine.database import Store, prepare
from bot.store.engine.schema import migrate
from bot.store.tables.core import certificate, device
from sandbox.bot import settings_for
from sandbox.clock import SandboxClock

FIVE_YEARS_OF_EVENTS = 18_000
"""Ten a day."""

_PEOPLE, _IN_USE = 50, 50


async def fill(directory: Path, admins: list[int], certificates: int, events: int) -> None:
    """Write that many certificates, of which fifty are in use, and that many events."""
    settings = settings_for(directory, admins)
    prepare(settings.database)
    migrate(settings.database)
    store = Store(settings.database, SandboxClock(directory / "clock"), settings.telegram_token.get_secret_value())
    async with store.write() as tx:
        people = []
        for number in range(_PEOPLE):
            account = Account(telegram_id=900_000 + number, name=f"Member {number}", language="en")
            people.append(await tx.people.register(account, Role.MEMBER, tag=AuditTag.PERSON_LET_IN, actor="bench"))
        connection, now = tx.audit._connection, tx.now  # noqa: SLF001 -- rows by the thousand, past the domain's moves
        rows = [
            {
                "id": number + 1,
                "public_id": new_public_id(),
                "owner_id": people[number % _PEOPLE].id,
                "name": f"device {number}",
                "name_key": f"device {number}",
                "kind": "android",
                "created_at": now,
            }
            for number in range(certificates)
        ]
        await connection.execute(insert(device), rows)
        await connection.execute(
            insert(certificate),
            [
                {
                    "public_id": new_public_id(),
                    "device_id": number + 1,
                    "state": "active" if number < _IN_USE else "revoked",
                    "purpose": "device",
                    "origin": "made-here",
                    "key_type": "p256",
                    "asked_days": 730,
                    "common_name": f"device {number}",
                    "public_key_sha256": f"{number:064x}",
                    "cloudflare_id": str(uuid.uuid4()),
                    "serial": f"{number:X}",
                    "fingerprint_sha256": f"{number + 10**9:064x}",
                    "issued_at": now,
                    "expires_at": now + timedelta(days=400),
                    "created_at": now,
                    "cleaned_at": now,
                    "works_at": now,
                    "confirmed_revoked_at": None if number < _IN_USE else now - timedelta(days=90),
                    "revoke_reason": None if number < _IN_USE else "plain",
                    "never_restore": False,
                }
                for number in range(certificates)
            ],
        )
        for number in range(events):
            await tx.audit.write(AuditTag.CERTIFICATE_WORKS, actor=f"person:{people[0].public_id}", subject=str(number))
    await store.close()
