"""The probe at the edge's stand-in, over real TLS: every verdict, and what it rests on."""

import os
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.edge import probe
from bot.edge.probe import USER_AGENT, Prober, Route
from bot.model.proofs.identity import Identity
from bot.model.proofs.probe_results import Cause, ProbeResult, RuleVisibility, Verdict
from bot.model.protection.ports import HTTPS_PORTS
from tests.sandbox.edge.edge_household import HA, Household, Phone, household, rule

BEACON = "/.well-known/latchkey/4fk2abcd"
OURS = (
    '(starts_with(lower(http.host), "ha.example.com") and (not cf.tls_client_auth.cert_verified or '
    f'cf.tls_client_auth.cert_revoked or http.request.uri.path eq "{BEACON}"))'
)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as home:
        home.block(OURS)
        yield home


def prober(edge: Household) -> Prober:
    return Prober(Route(("127.0.0.1", edge.edge.port), edge.edge.directory / "edge-ca.pem"))


def carried(phone: Phone) -> Identity:
    key = phone.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Identity(phone.certificate.public_bytes(Encoding.PEM).decode(), key)


def with_live(edge: Household) -> Identity:
    phone = edge.authority.issue("probe")
    edge.publish(certificates=[phone.listed()])
    return carried(phone)


async def test_blocked_without_and_passed_with_a_certificate(edge: Household) -> None:
    look = prober(edge)
    assert await look.look(f"{HA}/") == ProbeResult(Verdict.BLOCKED, 403, Cause.BLOCK_PAGE)
    assert await look.look(f"{HA}/", identity=with_live(edge)) == ProbeResult(Verdict.PASSED, 200, Cause.SERVICE)


async def test_blocked_with_a_revoked_and_with_a_foreign_certificate(edge: Household) -> None:
    phone = edge.authority.issue("probe")
    edge.publish(certificates=[phone.listed("revoked")])
    assert (await prober(edge).look(f"{HA}/", identity=carried(phone))).verdict is Verdict.BLOCKED
    foreign = type(edge.authority)("Another CA", edge.clock.now()).issue("probe")
    assert (await prober(edge).look(f"{HA}/", identity=carried(foreign))).verdict is Verdict.BLOCKED


async def test_any_answer_of_the_service_has_passed(edge: Household) -> None:
    edge.block('http.host eq "photos.example.com"')
    assert await prober(edge).look(f"{HA}/nothing") == ProbeResult(Verdict.PASSED, 404, Cause.SERVICE)
    assert await prober(edge).look(f"{HA}/forbidden") == ProbeResult(Verdict.PASSED, 403, Cause.SERVICE)
    assert await prober(edge).look(f"{HA}/api/webhook/abc", method="POST") == ProbeResult(
        Verdict.PASSED, 200, Cause.SERVICE
    )


async def test_a_redirect_is_an_answer_and_is_not_followed(edge: Household) -> None:
    edge.edge.fault(call="GET ha.example.com/", status=302)
    assert await prober(edge).look(f"{HA}/") == ProbeResult(Verdict.PASSED, 302, Cause.SERVICE)
    assert len(edge.edge.calls) == 1


async def test_a_challenge(edge: Household) -> None:
    edge.publish(rules=[rule("managed_challenge", 'http.host eq "ha.example.com"')])
    assert await prober(edge).look(f"{HA}/") == ProbeResult(Verdict.CHALLENGED, 403, Cause.CHALLENGE)


async def test_a_403_that_nobody_signed_counts_as_blocked(edge: Household) -> None:
    edge.edge.fault(call="*", status=403, body="<h1>Not for you</h1>")
    assert await prober(edge).look(f"{HA}/") == ProbeResult(Verdict.BLOCKED, 403, Cause.FORBIDDEN)


@pytest.mark.parametrize(
    ("status", "why"),
    [(500, Cause.SERVER_ERROR), (522, Cause.SERVER_ERROR), (530, Cause.SERVER_ERROR), (429, Cause.TOO_MANY)],
)
async def test_what_does_not_tell(edge: Household, status: int, why: Cause) -> None:
    edge.edge.fault(call="*", status=status)
    assert await prober(edge).look(f"{HA}/") == ProbeResult(Verdict.UNCLEAR, status, why)


async def test_no_answer_in_time(edge: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_SECONDS", 0.3)
    edge.edge.fault(call="*", hold=True)
    assert await prober(edge).look(f"{HA}/") == ProbeResult(Verdict.UNCLEAR, None, Cause.TIME_OUT)
    edge.edge.release()


async def test_a_line_that_is_cut_and_one_that_is_not_there(edge: Household) -> None:
    edge.edge.fault(call="*", drop=True)
    assert await prober(edge).look(f"{HA}/") == ProbeResult(Verdict.UNCLEAR, None, Cause.CUT_OFF)
    nobody = Prober(Route(("127.0.0.1", 9), edge.edge.directory / "edge-ca.pem"))
    assert await nobody.look(f"{HA}/") == ProbeResult(Verdict.UNCLEAR, None, Cause.NO_CONNECTION)
    assert await Prober().look("https://ha.invalid/") == ProbeResult(Verdict.UNCLEAR, None, Cause.NAME_UNKNOWN)


async def test_a_server_that_cannot_show_who_it_is_and_a_name_that_is_not_served(edge: Household) -> None:
    trusting_the_world = Prober(Route(("127.0.0.1", edge.edge.port)))
    assert await trusting_the_world.look(f"{HA}/") == ProbeResult(Verdict.UNCLEAR, None, Cause.TLS)
    assert await prober(edge).look("https://elsewhere.test/") == ProbeResult(Verdict.UNCLEAR, None, Cause.TLS)


async def test_it_says_who_it_is_and_carries_nothing_else(edge: Household) -> None:
    edge.block(f'not http.user_agent eq "{USER_AGENT}" or not http.cookie eq ""')
    assert (await prober(edge).look(f"{HA}/")).verdict is Verdict.PASSED


@pytest.mark.parametrize("host", ["HA.Example.com", "ha.example.com.", "ha.example.com:8443", "HA.EXAMPLE.COM.:443"])
async def test_other_ways_to_write_the_host(edge: Household, host: str) -> None:
    look = prober(edge)
    assert (await look.look(f"{HA}/", headers={"Host": host})).verdict is Verdict.BLOCKED
    edge.block('http.host eq "ha.example.com" and not cf.tls_client_auth.cert_verified')
    assert (await look.look(f"{HA}/", headers={"Host": host})).verdict is Verdict.PASSED


async def test_other_ports_stand_in_the_host_header(edge: Household) -> None:
    for port in HTTPS_PORTS:
        assert (await prober(edge).look(f"{HA}:{port}/")).verdict is Verdict.BLOCKED
        assert edge.edge.calls[-1].sent["host"] == f"ha.example.com:{port}"


async def test_the_beacon(edge: Household) -> None:
    live, look = with_live(edge), prober(edge)
    assert await look.sees_beacon("ha.example.com", BEACON, live) is RuleVisibility.SEEN
    assert await look.sees_beacon("ha.example.com", BEACON[:-1] + "x", live) is RuleVisibility.NOT_YET
    edge.block('http.host eq "ha.example.com"')
    assert await look.sees_beacon("ha.example.com", BEACON, live) is RuleVisibility.UNCLEAR
    assert await look.sees_beacon("ha.example.com", BEACON, live, everything=True) is RuleVisibility.SEEN
    edge.edge.fault(call="*", status=503)
    assert await look.sees_beacon("ha.example.com", BEACON, live) is RuleVisibility.UNCLEAR


async def test_the_beacon_is_seen_although_the_service_is_down(edge: Household) -> None:
    edge.edge.fault(call="GET ha.example.com/.well-known/latchkey/an0ther1", status=502)
    assert await prober(edge).sees_beacon("ha.example.com", BEACON, with_live(edge)) is RuleVisibility.SEEN


async def test_the_beacon_is_seen_although_another_rule_asks_for_proof_of_being_human(edge: Household) -> None:
    edge.publish(rules=[rule("block", OURS), rule("managed_challenge", 'http.host eq "ha.example.com"')])
    live, look = with_live(edge), prober(edge)
    assert await look.sees_beacon("ha.example.com", BEACON, live) is RuleVisibility.SEEN
    assert await look.sees_beacon("ha.example.com", BEACON[:-1] + "x", live) is RuleVisibility.UNCLEAR


async def test_the_key_has_no_place_on_a_disk(edge: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    seen: list[str] = []
    load = ssl.SSLContext.load_cert_chain

    def loaded(context: ssl.SSLContext, certfile: str, *rest: object) -> None:
        opened.append(Path(certfile))
        seen.append(str(Path(certfile).readlink()))
        load(context, certfile)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", loaded)
    identity = with_live(edge)
    assert (await prober(edge).look(f"{HA}/", identity=identity)).verdict is Verdict.PASSED
    (file,) = seen
    assert file.startswith("/memfd:")
    with pytest.raises(FileNotFoundError):
        opened[0].stat()
    assert "PRIVATE KEY" not in repr(identity)


async def test_a_system_without_files_in_memory_looks_without_a_certificate_only(
    edge: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = with_live(edge)
    monkeypatch.delattr(os, "memfd_create")
    assert await prober(edge).look(f"{HA}/", identity=identity) == ProbeResult(
        Verdict.UNCLEAR, None, Cause.NO_CERTIFICATE
    )
    assert (await prober(edge).look(f"{HA}/")).verdict is Verdict.BLOCKED
