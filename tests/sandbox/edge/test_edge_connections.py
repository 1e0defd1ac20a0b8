"""TLS itself: versions, names, many clients, big bodies, clients that leave, faults."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from shutil import which

import aiohttp
import httpx
import pytest

from sandbox.edge import EdgeAddress, EdgeStandin, visit
from sandbox.edge.client import opened
from tests.sandbox.edge.edge_household import HA, PASSWORD, Household, household

WEBHOOK = f"{HA}/api/webhook/abc"
GET = b"GET / HTTP/1.1\r\nHost: ha.example.com\r\nConnection: close\r\n\r\n"
MEGABYTE = bytes(range(256)) * 4096


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as opened:
        yield opened


def trusting(house: Household) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=house.edge.directory / "edge-ca.pem")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_both_versions_of_tls_ask_for_a_certificate(house: Household, version: ssl.TLSVersion) -> None:
    assert await house.status(house.authority.issue("pixel8"), tls=version) == 200
    without = await house.opens(None, tls=version)
    assert (without.status, without.certificate_asked) == (403, True)
    elsewhere = await house.opens(None, "https://www.example.com/", tls=version)
    assert (elsewhere.status, elsewhere.certificate_asked) == (200, False)


@pytest.mark.parametrize("name", ["elsewhere.test", "notexample.com", "example.com.elsewhere.test"])
async def test_a_name_outside_the_zone_gets_no_handshake(house: Household, name: str) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake.failure"):
        await house.opens(None, sni=name)


async def test_without_a_zone_there_is_no_handshake(tmp_path: Path) -> None:
    async with household(tmp_path) as house:
        (house.edge.directory / "zone.json").unlink()
        with pytest.raises(ssl.SSLError):
            await house.opens(None)


@pytest.mark.parametrize("name", ["example.com", "www.example.com", "a.b.example.com"])
async def test_every_name_of_the_zone_has_a_certificate(house: Household, name: str) -> None:
    assert await house.status(None, f"https://{name}/") == 200


async def test_a_client_that_does_not_trust_the_root_leaves_quietly(house: Household) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection(
            "127.0.0.1", house.edge.port, ssl=ssl.create_default_context(), server_hostname="ha.example.com"
        )
    assert await house.status(None) == 403


async def test_a_restart_keeps_the_root(tmp_path: Path) -> None:
    async with household(tmp_path) as house:
        root = (house.edge.directory / "edge-ca.pem").read_bytes()
        assert (house.edge.directory / "edge-ca.key").stat().st_mode & 0o777 == 0o600
    async with household(tmp_path) as house:
        assert (house.edge.directory / "edge-ca.pem").read_bytes() == root
        address = EdgeAddress(house.edge.port, house.edge.directory)
        answer = await visit(address, f"{HA}/")
        assert (answer.status, answer.certificate_asked) == (403, None)


async def test_many_clients_at_once(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    visits = [house.status(phone if number % 2 else None) for number in range(60)]
    assert await asyncio.gather(*visits) == [403, 200] * 30


async def test_a_connection_is_used_again(house: Household) -> None:
    async with (
        aiohttp.TCPConnector(ssl=trusting(house)) as connector,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        for status in (403, 200, 403):
            house.block("ssl" if status == 403 else "not ssl")
            async with session.get(
                f"https://127.0.0.1:{house.edge.port}/",
                headers={"Host": "ha.example.com"},
                server_hostname="ha.example.com",
            ) as response:
                assert response.status == status
                await response.read()
    assert len(house.edge.handshakes) == 1


async def exchange(house: Household, tls: ssl.SSLObject, bios: tuple[ssl.MemoryBIO, ssl.MemoryBIO]) -> bytes:
    """One request and all that is decrypted until the edge says goodbye in TLS."""
    incoming, outgoing = bios
    reader, writer = await asyncio.open_connection("127.0.0.1", house.edge.port)
    steps: list[Callable[[], object]] = [tls.do_handshake, lambda: tls.write(GET)]
    answer = b""
    while True:
        try:
            while steps:
                steps[0]()
                del steps[0]
            part = tls.read(65536)
        except ssl.SSLWantReadError:
            writer.write(outgoing.read())
            received = await reader.read(65536)
            incoming.write(received) if received else incoming.write_eof()
            continue
        if not part:
            writer.close()
            await writer.wait_closed()
            return answer
        answer += part


async def test_nothing_is_resumed_and_connections_end_with_a_goodbye(house: Household) -> None:
    context = trusting(house)
    session: ssl.SSLSession | None = None
    for _ in range(2):
        bios = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(*bios, server_hostname="ha.example.com", session=session)
        assert (await exchange(house, tls, bios)).startswith(b"HTTP/1.1 403")
        assert not tls.session_reused
        session = tls.session


async def test_a_certificate_stops_to_count_when_its_host_leaves_the_list(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    context = trusting(house)
    with opened(*phone.p12) as file:
        context.load_cert_chain(file)
    async with httpx.AsyncClient(verify=context) as client:
        for hosts, status in ((["ha.example.com"], 200), ([], 403)):
            house.publish(hosts=hosts)
            answer = await client.get(
                f"https://127.0.0.1:{house.edge.port}/",
                headers={"Host": "ha.example.com"},
                extensions={"sni_hostname": "ha.example.com"},
            )
            assert answer.status_code == status
    assert len(house.edge.handshakes) == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_megabyte_goes_both_ways(house: Household, version: ssl.TLSVersion) -> None:
    context = trusting(house)
    context.maximum_version = version
    house.publish(rules=[])
    async with httpx.AsyncClient(verify=context) as client:
        answer = await client.post(
            f"https://127.0.0.1:{house.edge.port}/api/webhook/abc",
            content=MEGABYTE,
            headers={"Host": "ha.example.com"},
            extensions={"sni_hostname": "ha.example.com"},
        )
    assert answer.content == MEGABYTE


async def test_a_slow_reader_gets_everything(house: Household) -> None:
    house.publish(rules=[])
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", house.edge.port, ssl=trusting(house), server_hostname="ha.example.com", limit=1024
    )
    head = f"POST /api/webhook/abc HTTP/1.1\r\nHost: ha.example.com\r\nContent-Length: {len(MEGABYTE)}\r\n\r\n"
    writer.write(head.encode() + MEGABYTE)
    await writer.drain()
    await reader.readuntil(b"\r\n\r\n")
    received = 0
    while received < len(MEGABYTE):
        received += len(await reader.read(1000))
        await asyncio.sleep(0)
    writer.close()
    await writer.wait_closed()
    assert received == len(MEGABYTE)


@pytest.mark.parametrize("hello", [b"", b"\x16\x03\x01\x02", b"GET / HTTP/1.1\r\n\r\n"])
async def test_a_client_may_leave_in_the_middle(
    house: Household, hello: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", house.edge.port)
    writer.write(hello)
    await writer.drain()
    writer.transport.abort()
    assert await house.status(None) == 403
    assert not caplog.records


async def test_a_client_may_leave_after_its_request(house: Household, caplog: pytest.LogCaptureFixture) -> None:
    fault = house.edge.fault(call="GET ha.example.com/", hold=True)
    waiting = asyncio.ensure_future(house.opens(None))
    await fault.reached.wait()
    waiting.cancel()
    await asyncio.wait([waiting])
    assert await house.status(None) == 403
    assert not caplog.records


async def test_the_edge_may_stop_with_connections_open(tmp_path: Path) -> None:
    async with household(tmp_path) as house:
        house.publish(rules=[])
        plain_reader, plain = await asyncio.open_connection("127.0.0.1", house.edge.port)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", house.edge.port, ssl=trusting(house), server_hostname="ha.example.com"
        )
    assert await plain_reader.read() == b""
    assert await reader.read() == b""
    for one in (plain, writer):
        one.close()
        await one.wait_closed()


async def test_faults_know_host_and_path(house: Household) -> None:
    house.edge.fault(call="GET ha.example.com/api/*", status=502, retry_after=7)
    assert await house.status(None) == 403
    visit = await house.opens(None, f"{HA}/api/x", headers={"Host": "HA.example.com:8443"})
    assert (visit.status, visit.headers["retry-after"]) == (502, "7")
    house.edge.fault(call="*", drop=True)
    with pytest.raises(ConnectionError):
        await house.opens(None)
    labels = [(call.label, call.status) for call in house.edge.calls]
    assert labels == [
        ("GET ha.example.com/", 403),
        ("GET ha.example.com/api/x", 502),
        ("GET ha.example.com/", None),
    ]


async def test_the_control_port_shows_state_and_takes_options(house: Household) -> None:
    await house.opens(house.authority.issue("pixel8"))
    async with httpx.AsyncClient(base_url=house.edge.control_url) as control:
        options = (await control.post("/options", json={"propagation_seconds": 30})).json()
        habits = dict.fromkeys(("host_lowercased", "fingerprints_in_capitals", "raw_normalised"), False)
        assert options == {"propagation_seconds": 30, **habits}
        turned = (await control.post("/options", json={"raw_normalised": True})).json()
        assert turned == {"propagation_seconds": 30, **habits, "raw_normalised": True}
        assert house.edge.propagation_seconds == 30
        state = (await control.get("/state")).json()
        calls = (await control.get("/calls")).json()
    assert (state["zone"], state["hosts"]) == ("example.com", ["ha.example.com", "photos.example.com"])
    assert state["handshakes"][0]["certificate_presented"] is True
    assert len(calls[0]["sent"]["fingerprint_sha256"]) == 64


async def test_a_wrong_password_opens_nothing(house: Household) -> None:
    p12, _ = house.authority.issue("pixel8").p12
    with pytest.raises(ValueError, match=r"(?i)password"):
        await visit(house.edge, HA, p12=(p12, "wrong"))


@pytest.mark.skipif(which("curl") is None, reason="curl is not installed")
async def test_curl_comes_in_with_the_file(house: Household, tmp_path: Path) -> None:
    file = tmp_path / "pixel8.p12"
    file.write_bytes(house.authority.issue("pixel8").p12[0])
    command = [
        *("curl", "--silent", "--show-error", "--cacert", str(house.edge.directory / "edge-ca.pem")),
        *("--cert-type", "P12", "--cert", f"{file}:{PASSWORD}"),
        *("--noproxy", "*", "--resolve", f"ha.example.com:{house.edge.port}:127.0.0.1"),
        house.edge.url_for("ha.example.com"),
    ]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"Home Assistant" in out


def test_it_is_named_for_the_sandbox() -> None:
    assert EdgeStandin.name == "edge"
