"""The household's numbers and times, as they are promised to people: each in plain figures, whatever code says."""

from datetime import timedelta

import pytest

from bot.services import (
    admission,
    digest,
    leases,
    likenesses,
    loss_rules,
    members,
    openpath,
    parts,
    proof_orders,
    reaching,
    renewing,
    requesting,
    sweep,
)
from bot.services.parts import Policy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

TIMES = [
    (parts.FILE_STAYS, DAY),
    (parts.PASSWORD_STAYS, 15 * MINUTE),
    (parts.UNDO, 2 * MINUTE),
    (parts.AGAIN, 7 * DAY),
    (parts.PERMISSION, 7 * DAY),
    (parts.INVITATION, 3 * DAY),
    (parts.CLAIM, 15 * MINUTE),
    (parts.WITHOUT_TAP_WITHIN, DAY),
    (parts.BEFORE_END, 10 * MINUTE),
    (parts.PROMPT_STAYS, 10 * MINUTE),
    (parts.REQUEST_FILE_STAYS, DAY),
    (parts.STRAYS_WATCHED, DAY),
    (Policy.request_life, 3 * DAY),
    (Policy.most_open, 30 * DAY),
    (loss_rules.WITHIN, HOUR),
    (admission.KNOWN_ANEW, timedelta(seconds=1)),
    (likenesses.AGAIN, DAY),
    (members._PUT_OFF, DAY),
    (requesting._AFTER_A_NO, DAY),
    (requesting._LINE_STAYS, HOUR),
    (openpath.HOUR, HOUR),
    (openpath._WORTH_IT, MINUTE),
    (leases._EVERY, DAY),
    (leases._ASK_EVERY, 30 * DAY),
    (reaching.PATIENCE, timedelta(seconds=10)),
    (reaching._STILL_NEWS, 30 * DAY),
    (renewing._FARTHEST, 60 * DAY),
    (digest._EVERY, 6 * DAY),
    (proof_orders._EVERY, DAY),
    (sweep._COUNT_EVERY, 30 * MINUTE),
]

NUMBERS = [
    (parts.MOST_OPEN_REQUESTS, 20),
    (parts.WITHOUT_TAP, 2),
    (loss_rules.SEVERAL, 2),
    (members._MOST_DEVICES, 50),
    (members._MOST_DAYS, 3650),
    (admission.BELONGS, (30, 1 / 2)),
    (admission.ONE_ACCOUNT, (10, 1 / 6)),
    (admission.ALL_GUESTS, (50, 5)),
    (admission.ALL_STRANGERS, (50, 5)),
    (admission.ALL_SHUT_OUT, (10, 1)),
    (admission._ACCOUNTS_REMEMBERED, 2000),
    (proof_orders._ONCE_MORE_SECONDS, (30, 120, 300, 900)),
    (Policy.trusted_may_report, True),
]


@pytest.mark.parametrize(("kept", "promised"), [*TIMES, *NUMBERS])
def test_what_is_promised(kept: object, promised: object) -> None:
    assert kept == promised
