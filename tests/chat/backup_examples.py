"""Examples of what is told about a restored backup, for the tests of words."""

from datetime import UTC, datetime, timedelta

from bot.model.backups import BackupRestored, Differences, FrozenPerson
from bot.model.public_id import PublicId

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def restored(hostile: str) -> list[BackupRestored]:
    """Nothing differs and nobody is frozen; one of each; far too many of each."""
    return [
        BackupRestored(
            made_at=AT - timedelta(days=3),
            restored_at=AT,
            differences=_all((hostile,) * many, many),
            frozen=tuple(FrozenPerson(PublicId("person00"), hostile * (1 + many // 10), 2) for _ in range(many)),
        )
        for many in (0, 1, 60)
    ]


def _all(names: tuple[str, ...], many: int) -> Differences:
    return Differences(
        revoked=names,
        revoked_again=names,
        linked=names,
        unknown=names,
        unmarked=names,
        missing=names,
        paths_closed=names,
        paths_unknown=names,
        hosts_kept=names,
        hosts_locked=names,
        turned_away=many,
        nobody_gets_in=bool(many),
    )
