"""Room for one more device, making one again, and the request file: each on both sides of where it turns."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.errors import InvalidRequestFile, LimitReached, LockedDown, NeedsApproval, StaleAction, ZoneFull
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import Certificate, KeyType, Origin, State
from bot.model.certificates.names import device_name
from bot.model.jobs import JobKind
from bot.model.people.people import Standing
from bot.model.results import Ordered, RequestAsked
from bot.services.certificates import order as certificates_order
from bot.services.certificates.order import Wishes
from bot.store.people.prompts import PromptKind
from tests.quiet_home import QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST

DAY = timedelta(days=1)
ZONE = "example.com"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def room(home: QuietHome, who: str = "Tom", *, one_more: bool = True) -> None:
    person = await home.who(who)
    async with home.parts.store.read() as tx:
        await certificates_order.check_room(home.parts, tx, person, one_more=one_more)


COUNTS = {State.ISSUING, State.ACTIVE, State.RESTORING}


@pytest.mark.parametrize("state", list(State))
async def test_a_device_counts_while_it_is_made_in_use_or_on_its_way_back(home: QuietHome, state: State) -> None:
    for number in range(4):
        await home.certificate("Tom", f"d{number}")
        await home.certificate("Kim", f"d{number}")
    assert await answer(room(home)) == "done"
    await home.certificate("Tom", "last", state)
    assert await answer(room(home)) == ("LimitReached" if state in COUNTS else "done")


async def test_who_is_over_the_limit_is_told_it_and_renews_all_the_same(home: QuietHome) -> None:
    await home.changed("Tom", device_limit=1)
    await home.certificate("Tom", "tablet")
    await home.certificate("Tom", "phone")
    with pytest.raises(LimitReached) as refusal:
        await room(home)
    assert refusal.value.limit == 1
    assert await answer(room(home, one_more=False)) == "done"


@pytest.mark.parametrize("one_more", [True, False])
@pytest.mark.parametrize(("used", "full"), [(None, False), (98, False), (99, False), (100, True), (101, True)])
async def test_a_zone_is_full_at_its_quota(home: QuietHome, used: int | None, full: bool, one_more: bool) -> None:
    if used is not None:
        async with home.parts.store.write() as tx:
            await tx.zones.counted(ZONE, used, 100)
    if not full:
        await room(home, one_more=one_more)
        return
    with pytest.raises(ZoneFull) as refusal:
        await room(home, one_more=one_more)
    assert (refusal.value.used, refusal.value.quota) == (used, 100)


async def test_nothing_is_made_in_a_lockdown(home: QuietHome) -> None:
    async with home.parts.store.write() as tx:
        await tx.rules.order(ZONE, tag=AuditTag.LOCKDOWN_ORDERED, actor=SYSTEM, lockdown_at=tx.now)
    with pytest.raises(LockedDown):
        await room(home, one_more=False)


async def last(home: QuietHome, who: str = "Tom", state: State = State.FAILED, **facts: object) -> Certificate:
    return await home.certificate(who, "tablet", state, **facts)


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "StaleAction")])
async def test_a_permission_to_make_it_again_ends_at_its_moment(home: QuietHome, after: timedelta, said: str) -> None:
    made = await last(home, again_until=home.clock.now() + DAY)
    home.clock.plus(DAY + after)
    assert await answer(certificates_order.reissue(home.parts, await home.who("Tom"), made.public_id)) == said


async def test_without_a_permission_only_whoever_needs_no_tap_makes_it_again(home: QuietHome) -> None:
    for who, said in (("Anna", "done"), ("Mia", "done"), ("Tom", "StaleAction")):
        made = await last(home, who)
        actor = await home.who(who)
        assert await answer(certificates_order.reissue(home.parts, actor, made.public_id)) == said, who
        assert await answer(certificates_order.reissue(home.parts, actor, "nothing")) == "StaleAction"


async def test_nobody_makes_anothers_again_nor_one_of_an_own_key(home: QuietHome) -> None:
    made = await last(home, "Kim", again_until=home.clock.now() + DAY)
    assert await answer(certificates_order.reissue(home.parts, await home.who("Anna"), made.public_id)) == "StaleAction"
    own = await home.certificate("Anna", "box", State.FAILED, origin=Origin.OWN_KEY)
    assert await answer(certificates_order.reissue(home.parts, await home.who("Anna"), own.public_id)) == "StaleAction"


async def test_a_permission_is_used_once_and_goes_with_the_new_one_until_its_first_end(home: QuietHome) -> None:
    until = home.clock.now() + DAY
    made = await last(home, again_until=until)
    new = (await certificates_order.reissue(home.parts, await home.who("Tom"), made.public_id)).certificate
    assert (new.again_until, new.replaces) == (until, made.id)
    assert (await home.now(made)).again_until is None
    (chore,) = await home.chores(JobKind.ISSUE, new.public_id)
    assert chore.payload == {}
    async with home.parts.store.write() as tx:
        await tx.certificates.move(new, State.FAILED, tag=AuditTag.CERTIFICATE_FAILED)
    assert await answer(certificates_order.reissue(home.parts, await home.who("Tom"), made.public_id)) == "StaleAction"
    assert await answer(certificates_order.reissue(home.parts, await home.who("Tom"), new.public_id)) == "done"


async def test_admins_hear_of_what_no_admin_said_yes_to(home: QuietHome) -> None:
    made = await last(home, "Mia")
    new = (await certificates_order.reissue(home.parts, await home.who("Mia"), made.public_id)).certificate
    (chore,) = await home.chores(JobKind.ISSUE, new.public_id)
    assert chore.payload == {"tell_admins": True}


async def test_a_renewal_that_was_not_opened_is_made_again_beside_the_one_in_use(home: QuietHome) -> None:
    await home.changed("Tom", device_limit=1)
    old = await home.certificate("Tom", "tablet")
    renewal = await last(home, replaces=old.id, renews=True, again_until=home.clock.now() + DAY)
    new = (await certificates_order.reissue(home.parts, await home.who("Tom"), renewal.public_id)).certificate
    assert new.replaces == old.id
    assert (await home.now(old)).state is State.ACTIVE


async def test_making_again_counts_as_one_more(home: QuietHome) -> None:
    made = await last(home, again_until=home.clock.now() + DAY)
    await home.changed("Tom", device_limit=1)
    await home.certificate("Tom", "phone")
    assert await answer(certificates_order.reissue(home.parts, await home.who("Tom"), made.public_id)) == "LimitReached"


async def test_a_freeze_meanwhile_ends_making_again(home: QuietHome) -> None:
    made = await last(home, again_until=home.clock.now() + DAY)
    tom = await home.who("Tom")
    await home.changed("Tom", standing=Standing.FROZEN)
    assert await answer(certificates_order.reissue(home.parts, tom, made.public_id)) == "Frozen"


async def own_key(home: QuietHome, who: str = "Mia", days: int | None = None) -> RequestAsked:
    asked = await certificates_order.order_with_own_key(home.parts, await home.who(who), "box", Wishes(days=days))
    assert isinstance(asked, RequestAsked)
    return asked


@pytest.mark.parametrize(("days", "asked"), [(None, 730), (1, 1), (90, 90)])
async def test_a_request_file_is_awaited_for_a_day(home: QuietHome, days: int | None, asked: int) -> None:
    order = await own_key(home, days=days)
    assert order.certificate.asked_days == asked
    assert order.until == home.clock.now() + DAY
    (chore,) = await home.chores(JobKind.EXPIRE, order.certificate.public_id)
    assert chore.due_at == order.until
    home.clock.plus(DAY - THE_LEAST)
    assert await certificates_order.request_is_awaited(home.parts, await home.who("Mia"))
    home.clock.plus(THE_LEAST)
    assert not await certificates_order.request_is_awaited(home.parts, await home.who("Mia"))


async def test_another_question_awaits_no_request_file(home: QuietHome) -> None:
    mia = await home.who("Mia")
    async with home.parts.store.write() as tx:
        await tx.prompts.ask(mia.id, PromptKind.END_DATE, tx.now + DAY, {"person": mia.public_id})
    assert not await certificates_order.request_is_awaited(home.parts, mia)
    with pytest.raises(InvalidRequestFile) as refusal:
        await certificates_order.take_request_file(home.parts, mia, b"")
    assert refusal.value.why == "unasked"


async def test_nothing_is_taken_that_nobody_asked_for(home: QuietHome) -> None:
    with pytest.raises(InvalidRequestFile) as refusal:
        await certificates_order.take_request_file(home.parts, await home.who("Mia"), b"")
    assert refusal.value.why == "unasked"


def request_file(unit: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "box"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mia"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        ]
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("own", "done"),
        ("earlier", "done"),
        ("another's", "InvalidRequestFile"),
        ("Latchkey nothing", "InvalidRequestFile"),
        ("Latchkey-of-mine", "done"),
        ("at home", "done"),
    ],
)
async def test_a_request_has_not_the_mark_of_somebody_elses_order(home: QuietHome, unit: str, said: str) -> None:
    earlier = await home.certificate("Mia", "phone")
    other = await home.certificate("Tom", "tablet")
    order = await own_key(home)
    marks = {"own": order.certificate, "earlier": earlier, "another's": other}
    written = marks[unit].organizational_unit if unit in marks else unit
    data = request_file(written, ec.generate_private_key(ec.SECP256R1()))
    assert await answer(certificates_order.take_request_file(home.parts, await home.who("Mia"), data)) == said
    assert bool(await home.chores(JobKind.ISSUE, order.certificate.public_id)) is (said == "done")


async def test_a_key_has_one_certificate_ever(home: QuietHome) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    mia = await home.who("Mia")
    for said in ("done", "KeyKnown"):
        order = await certificates_order.order_with_own_key(home.parts, mia, f"box-{said.lower()}", Wishes())
        assert await answer(certificates_order.take_request_file(home.parts, mia, request_file("mine", key))) == said
        chores = await home.chores(JobKind.ISSUE, order.certificate.public_id)
        assert [chore.payload["tell_admins"] for chore in chores] == ([True] if said == "done" else [])


async def test_an_order_that_was_stopped_takes_no_request_file(home: QuietHome) -> None:
    order = await own_key(home)
    async with home.parts.store.write() as tx:
        await tx.certificates.move(order.certificate, State.FAILED, tag=AuditTag.CERTIFICATE_FAILED)
    with pytest.raises(InvalidRequestFile) as refusal:
        await certificates_order.take_request_file(home.parts, await home.who("Mia"), b"")
    assert refusal.value.why == "unasked"


async def test_an_own_key_needs_a_yes_of_whoever_needs_one(home: QuietHome) -> None:
    with pytest.raises(NeedsApproval):
        await own_key(home, "Tom")
    await home.changed("Mia", device_limit=0)
    with pytest.raises(LimitReached):
        await own_key(home, "Mia")


async def test_a_second_order_gives_up_the_first_that_only_waited(home: QuietHome) -> None:
    first = await own_key(home)
    await certificates_order.order_with_own_key(home.parts, await home.who("Mia"), "box", Wishes())
    assert (await home.now(first.certificate)).state is State.FAILED
    assert await home.chores(JobKind.EXPIRE, first.certificate.public_id) == []


async def test_what_has_its_request_by_now_is_not_given_up(home: QuietHome) -> None:
    order = await own_key(home)
    mia = await home.who("Mia")
    async with home.parts.store.write() as tx:
        await tx.certificates.move(order.certificate, State.ACTIVE, tag=AuditTag.CERTIFICATE_ISSUED)
        await certificates_order.cancel_prompt(tx, mia)
    assert (await home.now(order.certificate)).state is State.ACTIVE


@pytest.mark.parametrize(
    ("needs_rsa", "wished", "made"),
    [
        (False, None, KeyType.P256),
        (False, KeyType.RSA2048, KeyType.RSA2048),
        (True, None, KeyType.RSA2048),
        (True, KeyType.P256, KeyType.RSA2048),
    ],
)
async def test_what_is_ordered(home: QuietHome, needs_rsa: bool, wished: KeyType | None, made: KeyType) -> None:
    tom = await home.who("Tom")
    async with home.parts.store.write() as tx:
        if needs_rsa:
            await tx.zones.needs_rsa(ZONE)
        for name, wishes, days in (("a", Wishes(key_type=wished), 730), ("b", Wishes(9, wished), 9)):
            ordered: Ordered = await certificates_order.place_order(home.parts, tx, tom, device_name(name), wishes)
            assert (ordered.certificate.key_type, ordered.certificate.asked_days) == (made, days)
            (chore,) = await tx.jobs.of_subject(JobKind.ISSUE, ordered.certificate.public_id)
            assert chore.payload == {}


async def test_what_is_replaced_but_not_renewed_counts_as_one_more(home: QuietHome) -> None:
    await home.changed("Tom", device_limit=1)
    old = await home.certificate("Tom", "tablet", State.EXPIRED)
    await home.certificate("Tom", "phone")
    tom = await home.who("Tom")
    for renews, said in ((False, "LimitReached"), (True, "done")):
        async with home.parts.store.write() as tx:
            placed = certificates_order.place_order(
                home.parts, tx, tom, device_name("tablet"), Wishes(), replaces=old.id, renews=renews
            )
            assert await answer(placed) == said


async def test_a_question_that_is_dropped_is_answered_whatever_it_was(home: QuietHome) -> None:
    mia = await home.who("Mia")
    for kind in (PromptKind.END_DATE, None):
        async with home.parts.store.write() as tx:
            if kind is not None:
                await tx.prompts.ask(mia.id, kind, tx.now + DAY, {"person": mia.public_id})
            await certificates_order.cancel_prompt(tx, mia)
            assert await tx.prompts.of(mia.id) is None
    with pytest.raises(StaleAction):
        await certificates_order.reissue(home.parts, mia, "nothing")
