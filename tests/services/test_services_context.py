"""The household's numbers and times, as they are promised to people: each in plain figures, whatever code says."""

from datetime import timedelta

import pytest

from bot.services import context, rate_limit
from bot.services.certificates import renewal
from bot.services.context import HouseholdPolicy
from bot.services.jobs import periodic
from bot.services.lost_devices import rules
from bot.services.membership import members
from bot.services.notifications import reach, weekly_digest
from bot.services.openings import leases, open_path
from bot.services.people import lookalikes, requests
from bot.services.protection import proof_schedule

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

TIMES = [
    (context.FILE_TTL, DAY),
    (context.PASSWORD_TTL, 15 * MINUTE),
    (context.UNDO_WINDOW, 2 * MINUTE),
    (context.REISSUE_WINDOW, 7 * DAY),
    (context.PERMISSION, 7 * DAY),
    (context.INVITATION, 3 * DAY),
    (context.CLAIM_LINK_TTL, 15 * MINUTE),
    (context.UNAPPROVED_WINDOW, DAY),
    (context.BEFORE_END, 10 * MINUTE),
    (context.PROMPT_TTL, 10 * MINUTE),
    (context.REQUEST_FILE_TTL, DAY),
    (context.STRAYS_WATCHED, DAY),
    (HouseholdPolicy.request_life, 3 * DAY),
    (HouseholdPolicy.most_open, 30 * DAY),
    (rules.WITHIN, HOUR),
    (rate_limit.STANDINGS_TTL, timedelta(seconds=1)),
    (lookalikes.AGAIN, DAY),
    (members._PUT_OFF, DAY),
    (requests._AFTER_A_NO, DAY),
    (requests._LINE_TTL, HOUR),
    (open_path.HOUR, HOUR),
    (open_path._WORTH_IT, MINUTE),
    (leases._EVERY, DAY),
    (leases._ASK_EVERY, 30 * DAY),
    (reach.PATIENCE, timedelta(seconds=10)),
    (reach._STILL_NEWS, 30 * DAY),
    (renewal._FARTHEST, 60 * DAY),
    (weekly_digest._EVERY, 6 * DAY),
    (proof_schedule._EVERY, DAY),
    (periodic._COUNT_EVERY, 30 * MINUTE),
]

NUMBERS = [
    (context.MAX_OPEN_REQUESTS, 20),
    (context.UNAPPROVED_LIMIT, 2),
    (rules.SEVERAL, 2),
    (members._MAX_DEVICES, 50),
    (members._MAX_DAYS, 3650),
    (rate_limit.MEMBER_RATE, (30, 1 / 2)),
    (rate_limit.ONE_ACCOUNT, (10, 1 / 6)),
    (rate_limit.ALL_GUESTS, (50, 5)),
    (rate_limit.ALL_STRANGERS, (50, 5)),
    (rate_limit.STRANGERS_RATE, (10, 1)),
    (rate_limit._ACCOUNTS_REMEMBERED, 2000),
    (proof_schedule._ONCE_MORE_SECONDS, (30, 120, 300, 900)),
    (HouseholdPolicy.trusted_may_report, True),
]


@pytest.mark.parametrize(("kept", "promised"), [*TIMES, *NUMBERS])
def test_what_is_promised(kept: object, promised: object) -> None:
    assert kept == promised
