"""Detours to an open path, at a real TLS edge: the service gets what was sent, so nothing else may pass."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.model.audit import AuditTag
from bot.model.protection.expression import Expression
from bot.model.protection.plan import FORM, parse_rule
from bot.model.protection.rule import PathCheck
from bot.model.protection.rule_reader import read_rule
from bot.services.desired_rule import enqueue_rule_write
from bot.store.protection.rule import RuleRecord
from bot.store.tables.core import zone
from sandbox.edge.client import visit
from sandbox.edge.normalization import normalised_path
from tests.household import Household
from tests.locked_household import HA_HOST, fingerprint, locked, our_rule
from tests.walk_arounds import OPEN, SEEN_AS_OPEN, SEEN_AS_OTHERS

SITE = f"https://{HA_HOST}"
HOOK = SITE + OPEN
RAW = "raw.http.request.uri.path"
CARD = "Cloudflare cannot compare the address exactly as it is sent"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path) as home:
        yield home


async def opened(home: Household, url: str = HOOK, *words: str) -> None:
    await home.say("Anna", " ".join((f"/openpath {url}", *words)))
    await home.clock(seconds=10)


async def reaches(home: Household, sent: str) -> bool:
    """Whether a request with that path, as it stands there, reaches the service."""
    return "cf-cache-status" in (await visit(home.world.edge, SITE + sent)).headers


async def reaching(home: Household, *paths: str) -> list[str]:
    return [sent for sent in paths if await reaches(home, sent)]


async def facts(home: Household) -> RuleRecord:
    async with home.bot.app.parts.store.read() as tx:
        return await tx.rules.of_zone(home.bot.app.parts.policy.zone)


def tree(home: Household) -> Expression:
    return parse_rule(our_rule(home)["expression"])


def card(home: Household) -> str:
    return next(text for text in reversed(home.texts("Anna")) if "Open until" in text or "Open for good" in text)


def test_the_list_is_what_it_says() -> None:
    assert len(set(SEEN_AS_OPEN)) == len(SEEN_AS_OPEN) >= 30
    assert [sent for sent in SEEN_AS_OPEN if normalised_path(sent) != OPEN] == []
    assert [sent for sent in SEEN_AS_OTHERS if normalised_path(sent) == OPEN] == []


async def test_nothing_but_the_open_path_reaches_the_service(home: Household) -> None:
    await opened(home)
    assert await reaches(home, OPEN)
    assert await reaching(home, *SEEN_AS_OPEN, *SEEN_AS_OTHERS) == []
    assert CARD not in card(home)
    assert "I tried it: it is open, and the service answered 200." in card(home)


@pytest.mark.parametrize("times", [12])
async def test_nor_where_many_paths_leave_room_for_what_was_sent_alone(home: Household, times: int) -> None:
    for number in range(times):
        await opened(home, f"{SITE}/api/webhook/{number:02}{'x' * 40}", "2h")
    await opened(home, HOOK, "2h")
    assert (await facts(home)).paths_by is PathCheck.RAW
    assert await reaches(home, OPEN)
    assert await reaching(home, *SEEN_AS_OPEN, *SEEN_AS_OTHERS) == []


@pytest.mark.parametrize(
    ("typed", "sent", "not_sent"),
    [
        ("/hook/a-b", ["/hook/a-b"], ["/hook/a%2Db", "/hook/%61-b"]),
        ("/hook/a%2db", ["/hook/a-b", "/hook/a%2db"], ["/hook/a%2Db", "/hook/%61-b"]),
        ("/caf%c3%a9/x", ["/caf%C3%A9/x", "/caf%c3%a9/x"], ["/caf%C3%a9/x", "/%63af%C3%A9/x"]),
        ("/caf%C3%A9/x", ["/caf%C3%A9/x", "/caf%c3%a9/x"], ["/caf%C3%A9/./x"]),
        ("/~anna/x", ["/~anna/x", "/%7Eanna/x"], ["/%7eanna/x"]),
        ("/%7eanna/x", ["/~anna/x", "/%7Eanna/x", "/%7eanna/x"], ["/x/../~anna/x"]),
        ("/a%2Cb,c/x", ["/a%2Cb,c/x", "/a%2cb,c/x"], ["/a,b,c/x", "/a%2Cb%2Cc/x"]),
    ],
)
async def test_a_path_may_be_sent_as_it_was_typed_and_as_callers_spell_it(
    home: Household, typed: str, sent: list[str], not_sent: list[str]
) -> None:
    await opened(home, SITE + typed)
    assert await reaching(home, *sent, *not_sent) == sent
    # Our own try, by a library of ours, is one of those spellings.
    assert "it is open, but the service answered 404" in card(home)


async def test_where_raw_paths_are_normalised_too_the_opening_works(home: Household) -> None:
    home.world.edge.habits.raw_normalised = True
    await opened(home)
    assert await reaches(home, OPEN)
    assert await reaching(home, *SEEN_AS_OTHERS) == []


@pytest.mark.parametrize("blind", [False, True])
async def test_a_zone_that_refuses_the_field_opens_without_it_and_the_card_says_so(
    home: Household, blind: bool
) -> None:
    home.world.cloudflare.refused_fields = [RAW]
    home.world.cloudflare.trials_are_blind = blind
    await opened(home)
    assert RAW not in our_rule(home)["expression"]
    assert await reaches(home, OPEN)
    # This is what the card is about: the service gets what was sent.
    answer = await visit(home.world.edge, SITE + SEEN_AS_OPEN[0])
    assert json.loads(answer.body)["path"] == SEEN_AS_OPEN[0]
    assert await reaching(home, *SEEN_AS_OPEN) == list(SEEN_AS_OPEN)
    assert await reaching(home, *SEEN_AS_OTHERS) == []
    assert CARD in card(home)
    await home.tap("Anna", "Close now")
    assert await reaching(home, OPEN, *SEEN_AS_OPEN) == []
    assert CARD not in home.newest("Anna").text


@pytest.mark.parametrize("status", [400, 403])
async def test_a_refusal_by_either_status_is_one_of_the_field(home: Household, status: int) -> None:
    """What a plan lacks may be a bad request or a missing right: without the field it is taken."""
    home.world.cloudflare.fault(call="PATCH */rules/*", status=status, times=1)
    await opened(home)
    assert await reaches(home, OPEN)
    assert CARD in card(home)
    assert (await facts(home)).raw_refused_at is not None


async def test_it_is_remembered_for_a_day_and_asked_again_then(home: Household) -> None:
    home.world.cloudflare.refused_fields = [RAW]
    await opened(home, HOOK, "24h")
    refused_at = (await facts(home)).raw_refused_at
    assert refused_at is not None
    asked = len([call for call in home.world.cloudflare.calls if RAW in str(call.sent)])
    pixel8 = await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    assert await home.opens(pixel8) == 403
    home.world.clock.plus(refused_at + timedelta(hours=23, minutes=55) - home.world.clock.now())
    await home.settle()
    assert len([call for call in home.world.cloudflare.calls if RAW in str(call.sent)]) == asked
    assert (await facts(home)).raw_refused_at == refused_at


async def test_a_zone_that_takes_it_by_now_gets_it_and_the_card_follows(home: Household) -> None:
    home.world.cloudflare.refused_fields = [RAW]
    await opened(home, HOOK, "always")
    await home.tap("Anna", "Yes, for good")
    await home.clock(seconds=10)
    assert CARD in card(home)
    await home.clock(hours=25)
    assert RAW not in our_rule(home)["expression"], "asked again, and refused again"
    again = (await facts(home)).raw_refused_at
    assert again is not None
    assert home.world.clock.now() - again < timedelta(minutes=10)
    home.world.cloudflare.refused_fields = []
    await home.clock(hours=25)
    assert (await facts(home)).raw_refused_at is None
    assert await reaching(home, OPEN, *SEEN_AS_OPEN) == [OPEN]
    assert CARD not in card(home)


async def test_a_zone_in_which_nothing_else_is_written_is_asked_again_too(home: Household) -> None:
    home.world.cloudflare.refused_fields = [RAW]
    await opened(home, HOOK, "24h")
    parts = home.bot.app.parts
    async with parts.store.write() as tx:
        (path,) = await tx.paths.not_ended()
        await tx.paths.record(path, tag=AuditTag.PATH_PROLONGED, closes_at=tx.now + timedelta(days=5))
        await enqueue_rule_write(tx)
    await home.settle()
    home.world.cloudflare.refused_fields = []
    await home.clock(hours=23, minutes=55)
    assert RAW not in our_rule(home)["expression"]
    await home.clock(minutes=10)
    assert await reaching(home, OPEN, *SEEN_AS_OPEN) == [OPEN]
    assert CARD not in card(home)


async def test_a_revoke_waits_for_no_refusal(home: Household) -> None:
    pixel8 = await home.device("Anna", "pixel8")
    await opened(home)
    home.world.cloudflare.refused_fields = [RAW]
    await home.say("Anna", "/revoke pixel8")
    assert fingerprint(home) in our_rule(home)["expression"]
    assert await home.opens(pixel8) == 403
    assert CARD in card(home)


async def test_a_rule_that_is_refused_either_way_is_said_to_be(home: Household) -> None:
    home.world.cloudflare.refused_fields = ["http.request.timestamp.sec"]
    await home.say("Anna", f"/openpath {HOOK}")
    await home.clock(seconds=10)
    assert any("Cloudflare did not take the rule" in text for text in home.texts("Anna"))
    assert (await facts(home)).raw_refused_at is None


async def as_before(home: Household) -> str:
    """The rule and what is remembered of it as a version without all this had left them."""
    rule = our_rule(home)
    text: str = (
        rule["expression"]
        .replace(f' and {RAW} eq "{OPEN}"', "")
        .replace("lower(cf.tls_client_auth.cert_fingerprint_sha256)", "cf.tls_client_auth.cert_fingerprint_sha256")
    )
    assert text != rule["expression"]
    home.world.cloudflare.edit_rule_by_hand(rule["id"], expression=text)
    async with home.bot.app.parts.store.write() as tx:
        of_old = dict.fromkeys(("rule_form", "rule_paths_by", "raw_refused_at", "rule_changes"))
        await tx.audit._connection.execute(update(zone).values(rule_text=text, **of_old))
    await home.world.kill_bot()
    return text


async def test_a_rule_of_an_older_version_is_rewritten_at_the_start_and_is_nobodys_doing(home: Household) -> None:
    pixel8 = await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    await opened(home, HOOK, "24h")
    before = read_rule(tree(home))
    text = await as_before(home)
    assert await reaching(home, *SEEN_AS_OPEN) == list(SEEN_AS_OPEN)
    await home.world.start_bot()
    await home.settle()
    assert our_rule(home)["expression"] != text
    assert read_rule(tree(home)) == before
    assert (await facts(home)).form == FORM
    assert await reaching(home, OPEN, *SEEN_AS_OPEN) == [OPEN]
    assert await home.opens(pixel8) == 403
    written = our_rule(home)["version"]
    await home.clock(minutes=30)
    assert our_rule(home)["version"] == written, "once"
    assert not any("lock at Cloudflare" in told for who in ("Anna", "Ben") for told in home.texts(who))


async def test_what_somebody_made_of_a_rule_of_an_older_version_waits_for_a_tap(home: Household) -> None:
    await opened(home, HOOK, "24h")
    await as_before(home)
    home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], expression="(ssl and not ssl)")
    await home.world.start_bot()
    await home.settle()
    assert our_rule(home)["expression"] == "(ssl and not ssl)"
    assert "The block rule was edited" in home.newest("Ben").text
    await home.tap("Ben", "Put back")
    assert await reaching(home, OPEN, *SEEN_AS_OPEN) == [OPEN]


@pytest.mark.parametrize("capitals", [False, True])
async def test_a_device_named_by_the_rule_stays_out_in_either_case(home: Household, capitals: bool) -> None:
    home.world.edge.habits.fingerprints_in_capitals = capitals
    # Cloudflare takes its time: until then only the rule turns the device away.
    home.world.cloudflare.pending_seconds = 3600
    pixel8, other = await home.device("Anna", "pixel8"), await home.device("Anna", "tablet")
    assert await home.opens(pixel8) == await home.opens(other) == 200
    await home.say("Anna", "/revoke pixel8")
    assert (await home.opens(pixel8), await home.opens(other)) == (403, 200)
