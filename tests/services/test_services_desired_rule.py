"""For how long a zone that refused to compare what was sent is not asked for it again."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.protection.rule import PathCheck
from bot.services.desired_rule import RAW_AGAIN, _paths_by
from bot.store.protection.rule import RuleRecord

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ago", "asked"),
    [
        (timedelta(0), False),
        (RAW_AGAIN - SECOND, False),
        (RAW_AGAIN, True),
        # Of a clock that was set back since.
        (-SECOND, True),
    ],
)
def test_it_is_asked_again_after_a_day(ago: timedelta, asked: bool) -> None:
    assert _paths_by(RuleRecord(raw_refused_at=NOW - ago), NOW) is (PathCheck.BOTH if asked else PathCheck.NORMALISED)


def test_one_that_never_refused_is_asked() -> None:
    assert _paths_by(RuleRecord(), NOW) is PathCheck.BOTH
