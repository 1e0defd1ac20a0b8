"""Examples of what is told about people and lost devices, for the tests of words."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model.certificates.certificates import Certificate, State
from bot.model.lost_devices import Activity, LossCard, LossReader, LossReport, LossState, TraceKind
from bot.model.lost_devices import ReaderAnswer as Said
from bot.model.people.changes import PersonChange, PersonChanged
from bot.model.people.people import Person
from bot.model.protection.rule_notices import BlockProgress, TurnedAway
from bot.model.protection.zone_lock import Answer, HostLock, LockState
from bot.model.public_id import PublicId

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BLIND = LockState((HostLock("ha.example.com", Answer.YES, Answer.NO),), "(…)")


def a_loss(state: LossState = LossState.OPEN) -> LossReport:
    """A report."""
    return LossReport(
        id=1,
        public_id=PublicId("loss0000"),
        owner_id=1,
        reported_by=1,
        reported_at=AT,
        whole=False,
        certificates=(PublicId("abcd1234"),),
        state=state,
        decided_by_name=None if state is LossState.OPEN else "Ben",
        decided_at=None if state is LossState.OPEN else AT,
        answers={"person00": Said(AT - timedelta(hours=1), frozenset())},
        version=1,
    )


def traces(many: int = 1) -> tuple[Activity, ...]:
    """One of each kind, undone and done, ``many`` times."""
    return tuple(
        Activity(kind=kind, subject=PublicId(f"{n:08d}"), name="<b>tablet</b>" * 4, at=AT, done=done, owner=owner)
        for n in range(many)
        for kind in TraceKind
        for done in (False, True)
        for owner in (None, "Kim & Co")
    )


def a_card(certificate: Certificate, owner: Person, **other: object) -> LossCard:
    """A report as its owner reads it first."""
    card = LossCard(
        loss=a_loss(),
        reader=LossReader.OWNER,
        owner=owner,
        reporter_name="Anna <3",
        reported_by_reader=True,
        frozen=True,
        certificates=(certificate,),
        helpers=("Ben",),
        since=None,
        traces=(),
        unticked=frozenset(),
        lock=None,
        turned=(None,),
        reaches_others=False,
    )
    return replace(card, **other)  # type: ignore[arg-type]


def examples(certificate: Certificate, person: Person) -> list[PersonChanged | LossCard]:
    """All forms."""
    changed = [
        PersonChanged(change=change, name="Kim & Co", by_name=by, own=own, until=until, limit=3, helpers=helpers)
        for change in PersonChange
        for own in (True, False)
        for by, until, helpers in ((None, None, ()), ("Anna", AT, ("Anna", "Ben", "Cleo", "Dan")))
    ]
    cards = [
        a_card(
            replace(certificate, state=state),
            person,
            loss=a_loss(decided),
            reader=reader,
            reported_by_reader=by_reader,
            frozen=decided not in {LossState.LIFTED, LossState.KEYS_ONLY},
            helpers=helpers,
            since=since,
            traces=traces(5) if since else (),
            lock=lock,
            turned=(turned,),
            reaches_others=reaches,
            disputable=reader is LossReader.OWNER and not reaches,
        )
        for (reader, by_reader), state, decided, helpers, since, (lock, turned), reaches in itertools.product(
            itertools.product(LossReader, (True, False)),
            (State.REVOKING, State.REVOKED, State.FAILED, State.ACTIVE),
            LossState,
            ((), ("Ben",)),
            (None, AT),
            ((None, None), (BLIND, TurnedAway(BlockProgress.SEEN, 3))),
            (True, False),
        )
    ]
    return [*changed, *cards[:: max(1, len(cards) // 97)], *cards[-3:]]
