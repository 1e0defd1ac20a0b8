"""What a database that is about to be replaced still tells: who is out, what was revoked, what was handled.

It may be damaged, or of another version: then it tells nothing, and what it alone knew is lost with it.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, pool, select
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DatabaseError

from bot.model.certificates.certificates import State
from bot.model.people.people import FreezeReason, Standing
from bot.store.tables.core import audit_event, certificate, inbox, person


@dataclass(frozen=True)
class SuspendedPerson:
    """Somebody who is out by the replaced database."""

    telegram_id: int
    name: str
    standing: Standing
    reason: FreezeReason | None


@dataclass(frozen=True, kw_only=True)
class PreviousDatabase:
    """``revoked``: public ids of certificates that are revoked or about to be, and whether their device is lost.

    ``handled``: numbers of updates that must not be handled once more, and when they came.
    ``last_hash``: the end of its audit trail.
    """

    out: tuple[SuspendedPerson, ...] = ()
    revoked: tuple[tuple[str, bool], ...] = ()
    handled: tuple[tuple[int, datetime], ...] = ()
    last_hash: str = ""


NOTHING_TOLD = PreviousDatabase()


def read_replaced(database: Path) -> PreviousDatabase:
    """What the database in that file tells; nothing, where it cannot be read."""
    if not database.exists():
        return NOTHING_TOLD
    engine = create_engine(URL.create("sqlite", database=str(database)), poolclass=pool.NullPool)
    try:
        with engine.connect() as connection:
            return _read(connection)
    except (DatabaseError, ValueError):
        return NOTHING_TOLD
    finally:
        engine.dispose()


def _read(connection: Connection) -> PreviousDatabase:
    out = connection.execute(
        select(person.c.telegram_id, person.c.name, person.c.standing, person.c.freeze_reason).where(
            person.c.standing != Standing.OK
        )
    )
    gone = connection.execute(
        select(certificate.c.public_id, certificate.c.lost_at).where(
            certificate.c.state.in_((State.REVOKING, State.REVOKED))
        )
    )
    handled = connection.execute(select(inbox.c.update_id, inbox.c.received_at))
    last = connection.execute(select(audit_event.c.hash).order_by(audit_event.c.id.desc()).limit(1)).scalar()
    return PreviousDatabase(
        out=tuple(
            SuspendedPerson(
                row.telegram_id,
                row.name,
                Standing(row.standing),
                FreezeReason(row.freeze_reason) if row.freeze_reason else None,
            )
            for row in out
        ),
        revoked=tuple((row.public_id, row.lost_at is not None) for row in gone),
        handled=tuple((row.update_id, row.received_at) for row in handled),
        last_hash=last or "",
    )
