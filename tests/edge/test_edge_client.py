"""Every kind of trouble becomes one error of the tree, and nothing is repeated."""

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.edge import client as client_module
from bot.edge.client import CloudflareClient
from bot.errors import Busy, EdgeTrouble, MissingRight, RefusedByEdge, Unclear
from sandbox.clock import SandboxClock
from tests.edge.zone_at_work import ZoneAtWork, at_work, request_file

SIGN = "POST */client_certificates"
TROUBLE: list[tuple[dict[str, Any], type[EdgeTrouble]]] = [
    ({"status": 429}, Busy),
    ({"status": 500}, Unclear),
    ({"status": 503, "when": "after"}, Unclear),
    ({"status": 524, "body": "<html>a time-out</html>"}, Unclear),
    ({"status": 408}, Unclear),
    ({"drop": True}, Unclear),
    ({"drop": True, "when": "after"}, Unclear),
    ({"body": "<html>welcome</html>"}, Unclear),
    ({"body": ["not", "an", "envelope"]}, Unclear),
    ({"body": {"result": {}}}, Unclear),
    ({"body": {"success": True, "result": None}}, Unclear),
    ({"body": {"success": True, "result": ["a list"]}}, Unclear),
    ({"body": {"success": True, "result": {"id": 7}}}, Unclear),
    ({"body": {"success": False, "errors": [{"code": 1234, "message": "no"}], "result": None}}, RefusedByEdge),
    ({"body": {"success": False, "errors": ["odd", {"code": "odd"}], "result": None}}, RefusedByEdge),
    ({"body": {"success": False, "errors": {"odd": 1}, "result": None}}, RefusedByEdge),
    ({"body": {"success": False, "errors": [{"code": 10000}], "result": None}}, MissingRight),
    ({"status": 400}, RefusedByEdge),
    ({"status": 409}, RefusedByEdge),
    ({"status": 401}, MissingRight),
    ({"status": 403}, MissingRight),
]


@pytest.mark.parametrize(("fault", "expected"), TROUBLE)
async def test_signing_is_asked_for_once_whatever_happens(
    tmp_path: Path, fault: dict[str, Any], expected: type[EdgeTrouble]
) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call=SIGN, times=0, **fault)
        with pytest.raises(EdgeTrouble) as trouble:
            await work.zone.sign(request_file(), 730)
        assert type(trouble.value) is expected
        assert work.calls("POST") == 1
        assert len(work.standin.certificates) == (fault.get("when") == "after")


@pytest.mark.parametrize("retry_after", [1, 300, None])
async def test_busy_says_for_how_long(tmp_path: Path, retry_after: int | None) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call=SIGN, status=429, retry_after=retry_after, times=0)
        with pytest.raises(Busy) as busy:
            await work.zone.sign(request_file(), 730)
        assert busy.value.retry_after == (retry_after or 300)
        assert work.calls("POST") == 1


async def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = CloudflareClient(
            "token", f"http://127.0.0.1:{taken.getsockname()[1]}", SandboxClock(tmp_path / "clock")
        )
        with pytest.raises(Busy):
            await client.call("POST", "/zones", right="r", body={})
        await client.close()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_answer_that_does_not_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    monkeypatch.setattr(client_module, "_TIMEOUT", httpx.Timeout(0.5, connect=5.0))
    async with at_work(tmp_path) as work:
        await work.zone.zone_id()
        held = work.standin.fault(call=SIGN, when=when, hold=True, times=0)
        with pytest.raises(Unclear):
            await work.zone.sign(request_file(), 730)
        assert held.struck == 1


async def test_codes_and_status_are_kept(tmp_path: Path) -> None:
    async with at_work(tmp_path, accept_ec=False) as work:
        with pytest.raises(RefusedByEdge) as refused:
            await work.zone.sign(request_file(), 730)
        assert refused.value.status == 400
        assert refused.value.codes


async def test_each_call_names_the_right_it_lacked(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.permissions = {"zone:read", "ssl:read", "waf:read"}
        assert (await work.zone.lock_state()).hosts
        with pytest.raises(MissingRight, match="SSL and Certificates"):
            await work.zone.check_may_write()
        work.standin.permissions = {"zone:read", "ssl:edit"}
        await work.zone.check_may_write()
        with pytest.raises(MissingRight, match="Zone WAF"):
            await work.zone.lock_state()


@pytest.mark.parametrize("token", ["malformed", "cfut_another" + "x" * 40])
async def test_a_token_that_is_not_accepted(tmp_path: Path, token: str) -> None:
    async with at_work(tmp_path, token=token) as work:
        with pytest.raises(MissingRight):
            await work.zone.all_certificates()


async def test_a_zone_that_the_token_does_not_see(tmp_path: Path) -> None:
    async with at_work(tmp_path, zone_name="example.org") as work:
        with pytest.raises(MissingRight, match="Zone: Read"):
            await work.zone.zone_id()


@pytest.mark.parametrize("result", [{"id": "x"}, ["x"], [{"name": "example.com"}], 7])
async def test_a_zone_of_an_odd_shape(tmp_path: Path, result: object) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call="GET */zones", body={"success": True, "result": result})
        with pytest.raises(Unclear):
            await work.zone.zone_id()


async def test_other_credentials_in_the_environment_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDFLARE_EMAIL", "anna@example.com")
    monkeypatch.setenv("CLOUDFLARE_API_KEY", "0123456789abcdef0123456789abcdef01234")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "another")
    async with at_work(tmp_path) as work:
        await _sign_and_see(work)


async def _sign_and_see(work: ZoneAtWork) -> None:
    signed = await work.zone.sign(request_file(), 730)
    assert [one.cloudflare_id for one in await work.zone.all_certificates()] == [signed.cloudflare_id]
