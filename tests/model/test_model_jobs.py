"""What the worker does first, and what may lie far ahead."""

from datetime import timedelta

import pytest

from bot.errors import EdgeTrouble, MissingRight
from bot.model.jobs import (
    HAS_ITS_TIME,
    LACKS,
    LONGEST_WAIT,
    QUEUED,
    TAKES_AWAY,
    JobKind,
    Queue,
    queue_of,
    with_lack,
)

FIRST = {
    JobKind.REVOKE: Queue.TAKES_AWAY,
    JobKind.WATCH_REVOCATION: Queue.TAKES_AWAY,
    JobKind.WRITE_RULE: Queue.TAKES_AWAY,
    JobKind.WATCH_RULE: Queue.TAKES_AWAY,
    JobKind.END_PATH: Queue.TAKES_AWAY,
    JobKind.CHECK_RESTORED: Queue.TAKES_AWAY,
    JobKind.REVOKE_UNKNOWN: Queue.TAKES_AWAY,
    JobKind.DELETE: Queue.DELETIONS,
}
QUEUES = FIRST | {
    JobKind.NOTICE: Queue.NOTICES,
    JobKind.EDIT: Queue.NOTICES,
    JobKind.MENU: Queue.MENUS,
}
TIMED = {
    JobKind.DELETE,
    JobKind.EXPIRE,
    JobKind.REMIND,
    JobKind.REMIND_PATH,
    JobKind.END_PATH,
    JobKind.TRY_PATH,
}


@pytest.mark.parametrize("kind", list(JobKind))
def test_each_kind_stands_in_its_queue(kind: JobKind) -> None:
    assert queue_of(kind) is QUEUES.get(kind, Queue.OTHERS)
    assert (kind in TAKES_AWAY) is (kind in FIRST)


def test_no_kind_stands_in_two_queues() -> None:
    assert set(QUEUED) == set(Queue) - {Queue.OTHERS}
    named = [kind for kinds in QUEUED.values() for kind in kinds]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("kind", list(JobKind))
def test_all_but_these_are_to_be_done_soon(kind: JobKind) -> None:
    assert (kind in HAS_ITS_TIME) is (kind in TIMED)


def test_soon_is_within_two_hours() -> None:
    assert timedelta(hours=2) == LONGEST_WAIT


def test_the_right_that_lacks_is_noted_and_forgotten_at_the_next_trouble() -> None:
    payload = {"a": 1, LACKS: "old"}
    assert with_lack(payload, MissingRight("zone-waf")) == {"a": 1, LACKS: "zone-waf"}
    assert with_lack(payload, EdgeTrouble()) == {"a": 1}
    assert payload == {"a": 1, LACKS: "old"}
