"""Who gets in: certificates, revocation, dates, rules in order, the clock."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from tests.sandbox.edge.edge_household import DOCUMENTED, HA, TEMPLATE, Authority, Household, household, rule

WEBHOOK = f"{HA}/api/webhook/abc"
SKIP = 'http.host eq "ha.example.com" and http.request.uri.path eq "/api/webhook/abc"'


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as opened:
        yield opened


async def test_without_a_certificate_the_block_page_comes(house: Household) -> None:
    visit = await house.opens(None)
    assert visit.status == 403
    assert visit.certificate_asked is True
    assert "Sorry, you have been blocked" in visit.body
    assert "ha.example.com" in visit.body
    assert visit.headers["server"] == "cloudflare"
    assert visit.headers["cf-ray"] in visit.body
    assert visit.headers["content-type"] == "text/html; charset=UTF-8"
    assert "cf-mitigated" not in visit.headers


async def test_with_a_certificate_the_service_answers(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    visit = await house.opens(phone)
    assert (visit.status, visit.headers["server"]) == (200, "service")
    assert "Home Assistant" in visit.body
    assert "Immich" in (await house.opens(phone, "https://photos.example.com/")).body
    other = await house.opens(phone, f"{HA}/other?x=1")
    assert (other.status, json.loads(other.body)["path"]) == (404, "/other")


async def test_a_revoked_certificate_is_still_verified(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    house.publish(certificates=[phone.listed("revoked")])
    assert await house.status(phone) == 403
    house.block(TEMPLATE)
    assert await house.status(phone) == 200


async def test_pending_changes_count_from_their_moment(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    soon = house.clock.now() + timedelta(seconds=30)
    house.publish(certificates=[phone.listed("pending_revocation", soon)])
    assert await house.status(phone) == 200
    house.clock.plus(timedelta(seconds=31))
    assert await house.status(phone) == 403
    later = house.clock.now() + timedelta(seconds=30)
    house.publish(certificates=[phone.listed("pending_reactivation", later)])
    assert await house.status(phone) == 403
    house.clock.plus(timedelta(seconds=31))
    assert await house.status(phone) == 200


async def test_foreign_certificates_do_not_count(house: Household) -> None:
    strangers = Authority("Somebody's CA", house.clock.now())
    same_name = Authority("Managed CA", house.clock.now())
    for authority in (strangers, same_name):
        visit = await house.opens(authority.issue("pixel8"))
        assert (visit.status, visit.certificate_asked) == (403, True)
    house.block("cf.tls_client_auth.cert_presented and not cf.tls_client_auth.cert_verified")
    assert await house.status(strangers.issue("pixel8")) == 403


async def test_the_issuer_itself_is_taken_for_no_device(house: Household) -> None:
    assert await house.status(house.authority.issue("pixel8")) == 200
    house.publish(ca=Authority("Managed CA", house.clock.now()).pem)
    assert await house.status(house.authority.issue("pixel8")) == 403


async def test_dates_are_judged_by_the_sandbox_clock(house: Household) -> None:
    phone = house.authority.issue("pixel8", start=-1, days=30)
    early = house.authority.issue("next", start=10, days=30)
    assert await house.status(phone) == 200
    assert await house.status(early) == 403
    house.clock.plus(timedelta(days=20))
    assert await house.status(phone) == 200
    assert await house.status(early) == 200
    house.clock.plus(timedelta(days=15))
    assert await house.status(phone) == 403
    assert await house.status(early) == 200


async def test_an_expired_revoked_certificate_is_not_verified(house: Household) -> None:
    phone = house.authority.issue("pixel8", start=-60, days=30)
    house.publish(certificates=[phone.listed("revoked")])
    house.block("cf.tls_client_auth.cert_revoked")
    assert await house.status(phone) == 200


async def test_no_certificate_is_asked_where_the_host_is_not_associated(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    house.block('cf.tls_client_auth.cert_presented or cf.tls_client_auth.cert_serial ne ""')
    visit = await house.opens(phone, "https://www.example.com/")
    assert (visit.status, visit.certificate_asked) == (200, False)
    assert "The website" in visit.body
    house.publish(hosts=["www.example.com"])
    visit = await house.opens(phone, "https://www.example.com/")
    assert (visit.status, visit.certificate_asked) == (403, True)


async def test_rule_without_association_locks_everybody_out(house: Household) -> None:
    house.publish(hosts=[])
    assert await house.status(house.authority.issue("pixel8")) == 403


async def test_association_without_rule_is_open_to_everybody(house: Household) -> None:
    house.publish(rules=[])
    assert await house.status(None) == 200


async def test_another_name_in_the_handshake_brings_no_certificate(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    assert await house.status(phone, sni="www.example.com") == 403


async def test_rules_go_in_order(house: Household) -> None:
    skip = rule("skip", SKIP, action_parameters={"ruleset": "current"})
    block = rule("block", DOCUMENTED)
    house.publish(rules=[skip, block])
    assert await house.status(None, WEBHOOK) == 200
    assert await house.status(None, f"{WEBHOOK}/") == 403
    house.publish(rules=[block, skip])
    assert await house.status(None, WEBHOOK) == 403
    house.publish(rules=[rule("skip", SKIP, action_parameters={"products": ["waf"]}), block])
    assert await house.status(None, WEBHOOK) == 403
    house.publish(rules=[rule("block", DOCUMENTED, enabled=False)])
    assert await house.status(None) == 200


@pytest.mark.parametrize("action", ["managed_challenge", "js_challenge"])
async def test_a_challenge_says_so(house: Household, action: str) -> None:
    house.publish(rules=[rule(action, "ssl")])
    visit = await house.opens(None)
    assert (visit.status, visit.headers["cf-mitigated"]) == (403, "challenge")


async def test_a_deadline_in_the_expression_closes_by_itself(house: Household) -> None:
    until = int(house.clock.now().timestamp()) + 7200
    house.block(f"{DOCUMENTED} and not ({SKIP} and http.request.timestamp.sec lt {until})")
    assert await house.status(None, WEBHOOK, method="POST", body=b"x") == 200
    house.clock.plus(timedelta(minutes=119))
    assert await house.status(None, WEBHOOK) == 200
    house.clock.plus(timedelta(minutes=2))
    assert await house.status(None, WEBHOOK) == 403


async def test_the_date_header_follows_the_clock(house: Household) -> None:
    house.clock.plus(timedelta(days=400))
    for url in (f"{HA}/", "https://www.example.com/"):
        date = parsedate_to_datetime((await house.opens(None, url)).headers["date"])
        assert abs(date - house.clock.now()) < timedelta(seconds=5)


async def test_changes_take_the_ordered_time_to_arrive(house: Household) -> None:
    assert await house.status(None) == 403
    house.edge.propagation_seconds = 30
    house.publish(rules=[])
    assert await house.status(None) == 403
    house.clock.plus(timedelta(seconds=29))
    assert await house.status(None) == 403
    house.clock.plus(timedelta(seconds=2))
    assert await house.status(None) == 200
    house.publish(rules=[rule("block", "ssl")], published_at=house.clock.now().isoformat())
    house.clock.plus(timedelta(seconds=31))
    assert await house.status(None) == 403


async def test_a_rule_beyond_the_sandbox_is_told_and_not_guessed(house: Household) -> None:
    house.block('http.request.headers["x"][0] eq "1"')
    visit = await house.opens(None)
    assert visit.status == 500
    assert "http.request.headers" in visit.body


async def test_http3_is_announced_when_the_zone_has_it(house: Household) -> None:
    assert "alt-svc" not in (await house.opens(None)).headers
    house.publish(http3="on")
    assert "h3=" in (await house.opens(None)).headers["alt-svc"]
