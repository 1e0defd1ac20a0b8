"""The gateway at one zone: certificates, and what the zone says of its lock."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.edge.certificates import CertificateList
from bot.edge.client import Envelope, Verb
from bot.edge.rulesets import Call
from bot.errors import CertificateQuotaFull, EdgeTrouble, RefusedByEdge, Unclear
from bot.model.certificates.at_cloudflare import EdgeStatus
from bot.model.protection.zone_lock import Answer
from sandbox.rules import evaluate, parse
from tests.edge.zone_at_work import at_work, request_file

LIST = "GET */client_certificates"
ENTRY_POINT = "GET */entrypoint"
HA, PHOTOS = "ha.example.com", "photos.example.com"
RULED = f'http.host in {{"{HA}" "{PHOTOS}"}}'


async def test_the_life_of_a_certificate(tmp_path: Path) -> None:
    async with at_work(tmp_path, pending_seconds=60) as work:
        signed = await work.zone.sign(request_file(), 730)
        assert signed.pem is not None
        assert signed.pem.startswith("-----BEGIN CERTIFICATE-----")
        assert (await work.zone.status(signed.cloudflare_id)).status is EdgeStatus.ACTIVE
        assert await work.zone.revoke(signed.cloudflare_id) is EdgeStatus.PENDING_REVOCATION
        # "Already deleted" is said of a pending one too, and is no word that it is done.
        assert await work.zone.revoke(signed.cloudflare_id) is EdgeStatus.PENDING_REVOCATION
        work.clock.plus(timedelta(seconds=61))
        assert await work.zone.revoke(signed.cloudflare_id) is EdgeStatus.REVOKED
        assert (await work.zone.status(signed.cloudflare_id)).status is EdgeStatus.REVOKED
        assert await work.zone.reactivate(signed.cloudflare_id) is EdgeStatus.PENDING_REACTIVATION
        work.clock.plus(timedelta(seconds=61))
        (only,) = await work.zone.all_certificates()
        assert only.status is EdgeStatus.ACTIVE


async def test_a_certificate_that_is_not_there(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        unknown = "7bf7f70c-7600-42e1-81c4-e4c0da9aa515"
        for asked in (work.zone.status(unknown), work.zone.revoke(unknown), work.zone.reactivate(unknown)):
            with pytest.raises(RefusedByEdge):
                await asked


async def test_all_pages_are_read_and_revoked_ones_too(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        made = [work.standin.issue_by_hand(f"d{number}").id for number in range(60)]
        work.standin.revoke_by_hand(made[0])
        listed = await work.zone.all_certificates()
        assert {one.cloudflare_id for one in listed} == set(made)
        assert sum(one.status is EdgeStatus.REVOKED for one in listed) == 1


def listing(total: int | None) -> Call:
    """A server's list of that many certificates, page by page; without a number it never ends."""

    async def call(_verb: Verb, _path: str, _right: str, *, query: Mapping[str, object]) -> Envelope:
        page, per_page = int(str(query["page"])), int(str(query["per_page"]))
        last = page * per_page if total is None else min(page * per_page, total)
        items = [{"id": f"{number}", "status": "active"} for number in range((page - 1) * per_page, last)]
        return {"success": True, "result": items, "result_info": {"page": page, "per_page": per_page}}

    return cast("Call", call)


@pytest.mark.parametrize("total", [0, 50, 51, 5_000, 5_001, 100_000])
async def test_however_many_there_are_all_are_seen(total: int) -> None:
    wanted = {f"{number}" for number in range(total)}
    certificates = CertificateList(listing(total))
    assert {one.cloudflare_id for one in await certificates.everything()} == wanted
    assert {one.cloudflare_id for one in await certificates.live()} == wanted


async def test_a_list_without_an_end_is_not_taken_for_a_whole_one() -> None:
    with pytest.raises(Unclear):
        await CertificateList(listing(None)).everything()


@pytest.mark.parametrize(("plan", "quota"), [("free", 100), ("pro", 100), ("business", 100), ("enterprise", 100_000)])
async def test_the_plan_says_how_many_there_may_be(tmp_path: Path, plan: str, quota: int) -> None:
    async with at_work(tmp_path) as work:
        work.standin.plan = plan
        assert await work.zone.certificate_quota() == quota


async def test_a_full_zone_is_told_from_every_other_refusal(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.sign(request_file(), 730)
        (made,) = await work.zone.all_certificates()
        await work.zone.revoke(made.cloudflare_id)
        work.standin.quota = 0
        with pytest.raises(CertificateQuotaFull):
            await work.zone.sign(request_file(), 730)
        with pytest.raises(CertificateQuotaFull):
            await work.zone.reactivate(made.cloudflare_id)
        with pytest.raises(RefusedByEdge) as refused:
            await work.zone.reactivate("7bf7f70c-7600-42e1-81c4-e4c0da9aa515")
        assert not isinstance(refused.value, CertificateQuotaFull)


@pytest.mark.parametrize("ignored", [False, True])
async def test_live_ones_are_told_whether_the_filter_is_heeded_or_not(tmp_path: Path, *, ignored: bool) -> None:
    async with at_work(tmp_path) as work:
        work.standin.status_ignored = ignored
        made = [work.standin.issue_by_hand(f"d{number}").id for number in range(80)]
        for one in made[:75]:
            work.standin.revoke_by_hand(one)
        # Revoked long ago, and given back by somebody: on its way, and there.
        work.standin.reactivate_by_hand(made[0])
        work.standin.pending_seconds = 60
        work.standin.reactivate_by_hand(made[1])
        work.standin.revoke_by_hand(made[79])
        live = await work.zone.live_certificates()
        assert {one.cloudflare_id for one in live} == {made[0], made[1], *made[75:79]}


async def test_revoked_ones_are_not_asked_for_where_they_are_many(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        for number in range(400):
            work.standin.revoke_by_hand(work.standin.issue_by_hand(f"d{number}").id)
        kept = work.standin.issue_by_hand("kept").id
        await work.zone.zone_id()
        before = work.calls("GET")
        (only,) = await work.zone.live_certificates()
        assert only.cloudflare_id == kept
        assert work.calls("GET") - before == 3, "not nine pages"


async def test_a_short_list_is_one_call(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.revoke_by_hand(work.standin.issue_by_hand("gone").id)
        kept = work.standin.issue_by_hand("kept").id
        await work.zone.zone_id()
        before = work.calls("GET")
        (only,) = await work.zone.live_certificates()
        assert only.cloudflare_id == kept
        assert work.calls("GET") - before == 1


@pytest.mark.parametrize("info", [{}, {"result_info": {"total_count": 999}}, {"result_info": None}])
async def test_a_server_that_ignores_the_page_is_not_asked_for_ever(tmp_path: Path, info: dict[str, object]) -> None:
    async with at_work(tmp_path) as work:
        same = {"success": True, "errors": [], "result": [{"id": "a", "status": "active"}, {"id": "b"}], **info}
        work.standin.fault(call=LIST, body=same, times=0)
        listed = await work.zone.all_certificates()
        assert [(one.cloudflare_id, one.status, one.pem) for one in listed] == [
            ("a", EdgeStatus.ACTIVE, None),
            ("b", EdgeStatus.UNKNOWN, None),
        ]
        assert work.calls("GET") <= 3


@pytest.mark.parametrize("result", [{"a": 1}, ["a"], [{}], [None], "a"])
async def test_a_list_of_an_odd_shape_is_not_an_empty_one(tmp_path: Path, result: object) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call=LIST, body={"success": True, "result": result})
        with pytest.raises(Unclear):
            await work.zone.all_certificates()


@pytest.mark.parametrize("status", [None, "brand_new", 7])
async def test_a_status_that_is_missing_or_new_is_unknown_and_holds_its_slot(tmp_path: Path, status: object) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(
            call="GET */client_certificates/*", body={"success": True, "result": {"id": "a", "status": status}}
        )
        answer = await work.zone.status("a")
        assert answer.status is EdgeStatus.UNKNOWN
        assert answer.status.holds_slot


async def test_the_documented_rule(tmp_path: Path) -> None:
    async with at_work(tmp_path, preset="documented") as work:
        state = await work.zone.lock_state()
        assert state.opened_by_certificate == (HA, PHOTOS)
        assert state.blind_to_revocation == state.open_to_everyone == ()


async def test_the_rule_of_the_dashboard(tmp_path: Path) -> None:
    async with at_work(tmp_path, preset="dashboard") as work:
        state = await work.zone.lock_state()
        assert state.opened_by_certificate == state.blind_to_revocation == (HA, PHOTOS)


async def test_an_empty_zone_and_hosts_without_rules(tmp_path: Path) -> None:
    async with at_work(tmp_path, preset="empty") as work:
        state = await work.zone.lock_state()
        assert (state.hosts, state.recommended) == ((), "")
        work.standin.associate_by_hand(HA)
        state = await work.zone.lock_state()
        assert state.open_to_everyone == (HA,)
        assert state.recommended


async def test_edits_by_hand_are_seen(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        (rule,) = work.standin.rules
        work.standin.associate_by_hand("new.example.com")
        assert (await work.zone.lock_state()).open_to_everyone == ("new.example.com",)
        work.standin.dissociate_by_hand("new.example.com", PHOTOS)
        assert (await work.zone.lock_state()).opened_by_certificate == (HA,)
        work.standin.edit_rule_by_hand(rule["id"], enabled=False)
        assert (await work.zone.lock_state()).open_to_everyone == (HA,)
        work.standin.edit_rule_by_hand(rule["id"], enabled=True, action="managed_challenge")
        assert (await work.zone.lock_state()).open_to_everyone == (HA,)
        work.standin.delete_rule_by_hand(rule["id"])
        assert (await work.zone.lock_state()).open_to_everyone == (HA,)
        work.standin.delete_ruleset_by_hand()
        assert (await work.zone.lock_state()).open_to_everyone == (HA,)


@pytest.mark.parametrize(
    ("parameters", "demands"),
    [
        ({"ruleset": "current"}, Answer.NO),
        ({"phase": "current"}, Answer.NO),
        ({"products": ["bic"]}, Answer.YES),
        ({"phases": ["http_ratelimit"]}, Answer.YES),
    ],
)
async def test_a_skip_counts_when_it_skips_our_rule(
    tmp_path: Path, parameters: dict[str, object], demands: Answer
) -> None:
    async with at_work(tmp_path) as work:
        work.standin.add_rule(RULED, action="skip", first=True, action_parameters=parameters)
        state = await work.zone.lock_state()
        assert [host.demands for host in state.hosts] == [demands, demands]


async def test_only_one_answer_means_that_there_are_no_rules(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        none = {"success": False, "errors": [{"code": 10003, "message": "none"}], "result": None}
        work.standin.fault(call=ENTRY_POINT, status=404, body=none)
        assert (await work.zone.lock_state()).open_to_everyone == (HA, PHOTOS)
        other = {"success": False, "errors": [{"code": 7003, "message": "no route"}], "result": None}
        for fault in ({"status": 404, "body": other}, {"status": 400, "body": none}, {"status": 500}, {"status": 404}):
            work.standin.fault(call=ENTRY_POINT, **fault)
            with pytest.raises(EdgeTrouble):
                await work.zone.lock_state()


@pytest.mark.parametrize("body", [{"result": {"rules": {}}}, {"result": []}, {"result": {"rules": ["x"]}}])
async def test_rules_of_an_odd_shape_are_not_no_rules(tmp_path: Path, body: dict[str, object]) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call=ENTRY_POINT, body={"success": True, **body})
        with pytest.raises(Unclear):
            await work.zone.lock_state()


async def test_the_recommended_rule_does_what_it_says_and_is_accepted(tmp_path: Path) -> None:
    async with at_work(tmp_path, preset="empty") as work:
        work.standin.associate_by_hand(HA, PHOTOS)
        recommended = (await work.zone.lock_state()).recommended
        tree = parse(recommended)
        for host, verified, revoked, blocked in (
            (HA, False, False, True),
            (HA, True, False, False),
            (PHOTOS, True, True, True),
            ("www.example.com", False, False, False),
        ):
            request: dict[str, str | int] = {
                "http.host": host,
                "cf.tls_client_auth.cert_verified": verified,
                "cf.tls_client_auth.cert_revoked": revoked,
            }
            assert evaluate(tree, request) is blocked
        work.standin.add_rule(recommended)
        state = await work.zone.lock_state()
        assert state.opened_by_certificate == (HA, PHOTOS)
        assert state.blind_to_revocation == ()
