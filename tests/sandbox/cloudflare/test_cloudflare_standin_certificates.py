"""Client certificates: signing, listing, revoking, reactivating."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cloudflare import APIStatusError, BadRequestError
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.sandbox.cloudflare.cloudflare_at_work import RSA_KEY, AtWork, Key, code_of, message_of, request_for, serving

REQUESTS = Path(__file__).parents[2] / "pki" / "requests"


async def listed(at_work: AtWork, **filters: str | int) -> list[str]:
    certificates = at_work.client.client_certificates
    return [item.id or "" async for item in certificates.list(zone_id=at_work.zone_id, **filters)]  # type: ignore[arg-type]


async def status_of(at_work: AtWork, certificate_id: str) -> str | None:
    answer = await at_work.client.client_certificates.get(certificate_id, zone_id=at_work.zone_id)
    assert answer is not None
    return answer.status


@pytest.mark.parametrize("key", [RSA_KEY, ec.generate_private_key(ec.SECP256R1())], ids=["rsa", "p256"])
async def test_request_is_signed_by_the_managed_ca(tmp_path: Path, key: Key) -> None:
    async with serving(tmp_path) as at_work:
        csr = request_for(
            "pixel8", key, organization="Anna", unit="Latchkey abc", country="DE", state="Hessen", location="Bad"
        )
        answer = await at_work.client.client_certificates.create(zone_id=at_work.zone_id, csr=csr, validity_days=730)
        assert answer is not None
        assert answer.certificate is not None
        leaf = x509.load_pem_x509_certificate(answer.certificate.encode())
        ca = x509.load_pem_x509_certificate(at_work.standin.ca_pem.encode())
        leaf.verify_directly_issued_by(ca)
        assert isinstance(leaf.signature_algorithm_parameters, padding.PKCS1v15)
        assert leaf.public_key() == key.public_key()
        extensions = leaf.extensions
        usage = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
        assert extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
        issuer = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        ca_ski = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        assert issuer.key_identifier == ca_ski.digest
        assert leaf.not_valid_after_utc - leaf.not_valid_before_utc == timedelta(days=730)
        assert leaf.serial_number.bit_length() <= 159

        assert answer.id is not None
        assert len(answer.id) == 36
        assert answer.status == "active"
        assert answer.csr == csr
        assert answer.signature == "SHA256WithRSA"
        assert answer.serial_number == str(leaf.serial_number)
        subject = answer.common_name, answer.organization, answer.organizational_unit, answer.country
        assert subject == ("pixel8", "Anna", "Latchkey abc", "DE")
        assert (answer.state, answer.location) == ("Hessen", "Bad")
        assert answer.expires_on == leaf.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert answer.fingerprint_sha256 == at_work.standin.certificates[0].fingerprint_sha256
        authority = answer.certificate_authority
        assert authority is not None
        assert authority.name == f"Cloudflare Managed CA for account {at_work.standin.account_id}"


async def test_only_the_documented_parts_of_a_subject_are_kept(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        record = at_work.standin.issue(request_for("pixel8", email="anna@example.com"), 30)
        assert record.certificate.subject.rfc4514_string() == "CN=pixel8"


async def test_validity_follows_the_clock_and_the_cap(tmp_path: Path) -> None:
    async with serving(tmp_path, validity_cap_days=90, serial_format="hex") as at_work:
        at_work.standin.clock.plus(timedelta(days=1000))
        answer = await at_work.client.client_certificates.create(
            zone_id=at_work.zone_id, csr=request_for("a"), validity_days=3650
        )
        assert answer is not None
        assert answer.validity_days == 90
        leaf = at_work.standin.certificates[0].certificate
        assert timedelta(0) <= at_work.standin.clock.now() - leaf.not_valid_before_utc < timedelta(minutes=2)
        assert leaf.not_valid_before_utc - datetime.now(UTC) > timedelta(days=999)
        assert answer.serial_number == f"{leaf.serial_number:x}"


async def test_same_request_makes_a_new_certificate_each_time(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        csr = request_for("twice")
        for _ in range(2):
            await at_work.client.client_certificates.create(zone_id=at_work.zone_id, csr=csr, validity_days=30)
        first, second = at_work.standin.certificates
        assert first.id != second.id
        assert first.serial_number != second.serial_number
        assert await listed(at_work, status="all", per_page=50) == [second.id, first.id]


@pytest.mark.parametrize(
    ("csr", "says"),
    [
        ("not a request", "parse"),
        (request_for("a").replace("M", "N", 1), "parse"),
        (request_for("a", ed25519.Ed25519PrivateKey.generate()), "not supported"),
        (request_for("a", ec.generate_private_key(ec.SECP521R1())), "not supported"),
        (request_for("a", rsa.generate_private_key(65537, 1024)), "not supported"),
        ((REQUESTS / "mac_libressl_explicit_curve.csr").read_text(), "not supported"),
        ((REQUESTS / "rsa_pss_key.csr").read_text(), "not supported"),
    ],
    ids=["text", "broken", "ed25519", "p521", "rsa1024", "explicit-curve", "rsa-pss"],
)
async def test_bad_requests_are_refused(tmp_path: Path, csr: str, says: str) -> None:
    async with serving(tmp_path) as at_work:
        with pytest.raises(BadRequestError) as caught:
            await at_work.client.client_certificates.create(zone_id=at_work.zone_id, csr=csr, validity_days=30)
        assert says in message_of(caught.value)
        assert at_work.standin.certificates == []


async def test_request_with_a_foreign_signature_is_refused(tmp_path: Path) -> None:
    der = bytearray(x509.load_pem_x509_csr(request_for("a", RSA_KEY).encode()).public_bytes(Encoding.DER))
    der[-1] ^= 1
    spoilt = x509.load_der_x509_csr(bytes(der)).public_bytes(Encoding.PEM).decode()
    async with serving(tmp_path) as at_work:
        with pytest.raises(BadRequestError) as caught:
            await at_work.client.client_certificates.create(zone_id=at_work.zone_id, csr=spoilt, validity_days=30)
        assert "signature" in message_of(caught.value)


async def test_elliptic_curves_can_be_switched_off(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.accept_ec = False
        with pytest.raises(BadRequestError):
            await at_work.client.client_certificates.create(
                zone_id=at_work.zone_id, csr=request_for("a"), validity_days=30
            )
        assert at_work.standin.issue(request_for("a", RSA_KEY), 30).status == "active"


@pytest.mark.parametrize(
    "body",
    [
        {"csr": "x"},
        {"validity_days": 3},
        {"csr": "x", "validity_days": "3"},
        {"csr": "x", "validity_days": True},
        {"csr": "x", "validity_days": 0},
        {"csr": "x", "validity_days": 3, "label": "pixel8"},
    ],
)
async def test_bodies_are_taken_strictly(tmp_path: Path, body: dict[str, object]) -> None:
    async with serving(tmp_path) as at_work:
        path = f"/zones/{at_work.zone_id}/client_certificates"
        with pytest.raises(BadRequestError) as caught:
            await at_work.client.post(path, body=body, cast_to=object)
        assert caught.value.errors[0].source is not None


async def test_quota_counts_live_certificates_only(tmp_path: Path) -> None:
    async with serving(tmp_path, quota=2, pending_seconds=60) as at_work:
        certificates = at_work.client.client_certificates
        first, _ = at_work.standin.issue_by_hand("one"), at_work.standin.issue_by_hand("two")
        with pytest.raises(BadRequestError) as caught:
            await certificates.create(zone_id=at_work.zone_id, csr=request_for("three"), validity_days=30)
        assert code_of(caught.value) == 1445
        await certificates.delete(first.id, zone_id=at_work.zone_id)
        await certificates.create(zone_id=at_work.zone_id, csr=request_for("three"), validity_days=30)
        with pytest.raises(BadRequestError) as caught:
            await certificates.edit(first.id, zone_id=at_work.zone_id, reactivate=True)
        assert code_of(caught.value) == 1445


async def test_lists_have_pages_and_filters(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        records = [at_work.standin.issue_by_hand(f"device {number}") for number in range(12)]
        at_work.standin.revoke_by_hand(records[3].id)
        newest_first = [record.id for record in reversed(records)]
        assert await listed(at_work, status="all", per_page=5) == newest_first
        assert [call.sent["page"] for call in at_work.standin.calls if "page" in call.sent] == ["2", "3", "4"]
        assert await listed(at_work, status="revoked") == [records[3].id]
        assert len(await listed(at_work, status="active")) == 11
        page = await at_work.client.client_certificates.list(zone_id=at_work.zone_id, status="all", page=3, per_page=5)
        info = page.result_info
        assert info is not None
        assert (info.page, info.per_page) == (3.0, 5.0)
        raw = page.result_info.model_dump() if page.result_info else {}
        assert (raw["count"], raw["total_count"]) == (2, 12)


@pytest.mark.parametrize("query", [{"per_page": 51}, {"per_page": 4}, {"page": 0}, {"status": "gone"}])
async def test_list_refuses_what_is_out_of_bounds(tmp_path: Path, query: dict[str, str | int]) -> None:
    async with serving(tmp_path) as at_work:
        with pytest.raises(BadRequestError):
            await listed(at_work, **query)


async def test_new_certificates_can_be_listed_late(tmp_path: Path) -> None:
    async with serving(tmp_path, listed_late_seconds=30) as at_work:
        record = at_work.standin.issue_by_hand()
        assert await listed(at_work, status="all") == []
        assert await status_of(at_work, record.id) == "active"
        at_work.standin.clock.plus(timedelta(seconds=31))
        assert await listed(at_work, status="all") == [record.id]


async def test_what_is_pending_is_over_when_the_clock_is_set_back(tmp_path: Path) -> None:
    async with serving(tmp_path, pending_seconds=60) as at_work:
        record = at_work.standin.issue_by_hand()
        await at_work.client.client_certificates.delete(record.id, zone_id=at_work.zone_id)
        assert await status_of(at_work, record.id) == "pending_revocation"
        at_work.standin.clock.plus(timedelta(days=-1))
        assert await status_of(at_work, record.id) == "revoked"


async def test_revoking_is_pending_for_a_time(tmp_path: Path) -> None:
    async with serving(tmp_path, pending_seconds=60) as at_work:
        record = at_work.standin.issue_by_hand()
        answer = await at_work.client.client_certificates.delete(record.id, zone_id=at_work.zone_id)
        assert answer is not None
        assert answer.status == "pending_revocation"
        published = json.loads((tmp_path / "zone.json").read_text())["certificates"][0]
        assert published["status"] == "pending_revocation"
        until = datetime.fromisoformat(published["pending_until"])
        assert timedelta(seconds=50) < until - at_work.standin.clock.now() <= timedelta(seconds=60)
        at_work.standin.clock.plus(timedelta(seconds=61))
        assert await status_of(at_work, record.id) == "revoked"
        assert await listed(at_work, status="revoked") == [record.id]
        with pytest.raises(BadRequestError) as caught:
            await at_work.client.client_certificates.delete(record.id, zone_id=at_work.zone_id)
        assert code_of(caught.value) == 1407


async def test_reactivation_brings_a_revoked_one_back(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        certificates = at_work.client.client_certificates
        record = at_work.standin.issue_by_hand()
        at_work.standin.revoke_by_hand(record.id)
        at_work.standin.pending_seconds = 20
        answer = await certificates.edit(record.id, zone_id=at_work.zone_id, reactivate=True)
        assert answer is not None
        assert answer.status == "pending_reactivation"
        at_work.standin.clock.plus(timedelta(seconds=21))
        assert await status_of(at_work, record.id) == "active"
        with pytest.raises(BadRequestError):
            await certificates.edit(record.id, zone_id=at_work.zone_id, reactivate=True)


async def test_reactivation_of_revoked_ones_can_be_switched_off(tmp_path: Path) -> None:
    async with serving(tmp_path, reactivate_revoked=False, pending_seconds=60) as at_work:
        certificates = at_work.client.client_certificates
        record = at_work.standin.issue_by_hand()
        at_work.standin.revoke_by_hand(record.id)
        await certificates.edit(record.id, zone_id=at_work.zone_id, reactivate=True)
        at_work.standin.clock.plus(timedelta(seconds=61))
        at_work.standin.revoke_by_hand(record.id)
        at_work.standin.clock.plus(timedelta(seconds=61))
        with pytest.raises(BadRequestError):
            await certificates.edit(record.id, zone_id=at_work.zone_id, reactivate=True)


@pytest.mark.parametrize("status", [400, 404])
async def test_unknown_certificate(tmp_path: Path, status: int) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.unknown_id_status = status
        with pytest.raises(APIStatusError) as caught:
            await status_of(at_work, "7bf7f70c-7600-42e1-81c4-e4c0da9aa515")
        assert (caught.value.status_code, code_of(caught.value)) == (status, 1415)
