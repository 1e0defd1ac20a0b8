"""From the file to a device that works: whose press counts, on which message, and for how long."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model.certificates.certificates import Certificate, KeyType, Origin, RevokeReason, State
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.pki.keys import make_key
from bot.services.certificates import handover
from tests.quiet_home import HERE, QuietHome, answer, quiet_home

ELSEWHERE = MessageRef(1, 8)
KEY = make_key(KeyType.P256)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def sent(home: QuietHome, who: str = "Tom", *, opened: bool = False, **facts: Any) -> Certificate:
    """A file in the chat whose passphrase the vault has."""
    now = home.clock.now()
    fresh = {"works_at": None, "cleaned_at": None, "password_shown_at": now if opened else None}
    made = await home.certificate(who, "tablet", **{**fresh, **facts})
    home.parts.vault.keep(made.public_id, KEY)
    return made


async def shows(home: QuietHome, which: Certificate, who: str = "Tom", at: MessageRef = HERE) -> str:
    return await answer(handover.password_without_trace(home.parts, await home.who(who), which.public_id, at))


async def works(home: QuietHome, which: Certificate, who: str = "Tom", at: MessageRef = HERE) -> str:
    return await answer(handover.confirm_installed(home.parts, await home.who(who), which.public_id, at))


NOT_SENT = {"sent_at": None, "chat_id": None, "message_id": None}


@pytest.mark.parametrize("press", [shows, works])
@pytest.mark.parametrize(
    ("facts", "who", "at", "said"),
    [
        ({}, "Tom", HERE, "done"),
        ({}, "Anna", HERE, "StaleAction"),
        ({}, "Tom", ELSEWHERE, "StaleAction"),
        ({"cleaned_at": "now"}, "Tom", HERE, "StaleAction"),
        (NOT_SENT, "Tom", HERE, "StaleAction"),
        ({**NOT_SENT, "delivery_unknown_at": "now"}, "Tom", ELSEWHERE, "done"),
        ({"sent_at": None, "delivery_unknown_at": "now"}, "Tom", ELSEWHERE, "done"),
        ({"delivery_unknown_at": "now"}, "Tom", ELSEWHERE, "StaleAction"),
        ({"sent_at": None}, "Tom", HERE, "StaleAction"),
        ({**NOT_SENT, "delivery_unknown_at": "now"}, "Anna", HERE, "StaleAction"),
    ],
)
async def test_whose_press_counts_and_where(
    home: QuietHome, press: Any, facts: dict[str, Any], who: str, at: MessageRef, said: str
) -> None:
    facts = {key: home.clock.now() if value == "now" else value for key, value in facts.items()}
    made = await sent(home, opened=True, **facts)
    assert await press(home, made, who, at) == said
    now = await home.now(made)
    if said == "done":
        assert (now.sent_at, now.shown_at) == (home.clock.now(), at)


@pytest.mark.parametrize("press", [shows, works])
async def test_nothing_counts_once_it_is_revoked(home: QuietHome, press: Any) -> None:
    made = await home.certificate("Tom", "tablet", State.REVOKING, cleaned_at=None)
    home.parts.vault.keep(made.public_id, KEY)
    assert await press(home, made) == "StaleAction"


async def test_a_password_that_the_vault_has_not_is_gone(home: QuietHome) -> None:
    made = await sent(home)
    home.parts.vault.drop(made.public_id)
    assert await shows(home, made) == "StaleAction"
    assert (await home.now(made)).password_shown_at is None


async def test_the_first_showing_sets_the_time_at_which_the_file_goes(home: QuietHome) -> None:
    made = await sent(home)
    first = home.clock.now()
    shown = await handover.password_without_trace(home.parts, await home.who("Tom"), made.public_id, HERE)
    assert shown.until == first + timedelta(minutes=15)
    home.clock.plus(timedelta(minutes=9))
    assert await shows(home, made) == "done"
    (chore,) = await home.chores(JobKind.EXPIRE, made.public_id)
    assert chore.due_at == first + home.parts.policy.cleanup
    assert (await home.now(made)).password_shown_at == first


async def test_a_key_of_ones_own_has_no_such_time(home: QuietHome) -> None:
    made = await sent(home, origin=Origin.OWN_KEY)
    assert await shows(home, made) == "done"
    assert await home.chores(JobKind.EXPIRE, made.public_id) == []


@pytest.mark.parametrize(
    ("origin", "opened", "said"),
    [
        (Origin.MADE_HERE, False, "NotOpened"),
        (Origin.MADE_HERE, True, "done"),
        (Origin.OWN_KEY, False, "done"),
    ],
)
async def test_nothing_works_that_nobody_can_have_opened(
    home: QuietHome, origin: Origin, opened: bool, said: str
) -> None:
    made = await sent(home, origin=origin, opened=opened)
    assert await works(home, made) == said
    now = await home.now(made)
    assert (now.works_at is not None, now.cleaned_at is not None) == (said == "done", said == "done")
    assert bool(await home.chores(JobKind.DELETE, "1:7")) is (said == "done")


async def test_what_works_takes_the_place_of_what_it_renews(home: QuietHome) -> None:
    old = await home.certificate("Tom", "tablet")
    new = await sent(home, opened=True, replaces=old.id, renews=True, again_until=home.clock.now() + timedelta(days=1))
    done = await handover.confirm_installed(home.parts, await home.who("Tom"), new.public_id, HERE)
    assert done.replaced
    assert done.certificate.again_until is None
    gone = await home.now(old)
    assert (gone.state, gone.revoke_reason) == (State.REVOKING, RevokeReason.REPLACED)
    (chore,) = await home.chores(JobKind.REVOKE, old.public_id)
    assert chore.payload == {"quiet": True}
    assert home.parts.vault.look(new.public_id) is None
    first = await sent(home, "Kim", opened=True)
    assert not (await handover.confirm_installed(home.parts, await home.who("Kim"), first.public_id, HERE)).replaced


@pytest.mark.parametrize(
    ("who", "chat", "said"), [("Tom", "Tom", "done"), ("Tom", "Kim", "StaleAction"), ("Kim", "Kim", "StaleAction")]
)
async def test_whoever_has_it_hides_its_password_in_their_own_chat(
    home: QuietHome, who: str, chat: str, said: str
) -> None:
    made = await sent(home)
    at = MessageRef(home.account(chat).telegram_id, 3)
    actor = await home.who(who)
    assert await answer(handover.hide_password(home.parts, actor, made.public_id, at)) == said
    assert bool(await home.chores(JobKind.DELETE, f"{at.chat_id}:3")) is (said == "done")
    assert await answer(handover.hide_password(home.parts, actor, "nothing", at)) == "StaleAction"
