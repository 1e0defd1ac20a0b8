"""The Cloudflare stand-in against a published description (OpenAPI 3) of Cloudflare's API.

Three comparisons: the table of what it serves, the bodies the SDK sends to it, and what it answers.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from cloudflare import APIStatusError, AsyncCloudflare
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin
from sandbox.cloudflare.operations import OPERATIONS, PHASE, Operation
from sandbox.cloudflare.standin import BASE_PATH
from tests.contracts.deviations import CLOUDFLARE

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "contracts"
CONTRACT = FOLDER / "cloudflare.openapi.json"
pytestmark = pytest.mark.skipif(not CONTRACT.exists(), reason=f"no description of Cloudflare's API in {FOLDER}")


@cache
def contract() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return document


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema behind a reference."""
    while "$ref" in schema:
        found: Any = contract()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def parts_of(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and all schemas it is made of, alternatives among them."""
    schema = resolved(schema)
    yield schema
    for keyword in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(keyword, []):
            yield from parts_of(part)


def properties(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part in parts_of(schema):
        for name, described in part.get("properties", {}).items():
            # Several parts may describe one property; together they are what it is.
            found[name] = {"allOf": [found[name], described]} if name in found else described
    return found


def read_only(schema: dict[str, Any]) -> bool:
    return any(part.get("readOnly", False) for part in parts_of(schema))


def described(operation: Operation) -> dict[str, Any] | None:
    call: dict[str, Any] | None = contract()["paths"].get(operation.path, {}).get(operation.method.lower())
    return call


def body_schema(call: dict[str, Any]) -> dict[str, Any]:
    if "requestBody" not in call:
        return {}
    schema: dict[str, Any] = resolved(call["requestBody"])["content"]["application/json"]["schema"]
    return schema


def answer_schema(call: dict[str, Any], status: int) -> dict[str, Any]:
    if status == 200:
        schema: dict[str, Any] = resolved(call["responses"]["200"])["content"]["application/json"]["schema"]
        return schema
    failed = resolved(next(value for name, value in call["responses"].items() if name.lower() == "4xx"))
    failure: dict[str, Any] = failed["content"]["application/json"]["schema"]
    # Some calls describe a failure as also being a success, which nothing can be: take the failure.
    named = [part for part in failure.get("allOf", []) if part.get("$ref", "").endswith("-failure")]
    return named[0] if named else failure


def name_of(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def table_differences(operation: Operation) -> Iterator[str]:
    call = described(operation)
    name = name_of(operation)
    if call is None:
        yield f"{name}: not described"
        return
    known = {parameter["name"] for parameter in call.get("parameters", []) if parameter["in"] == "query"}
    yield from (f"{name}: query {parameter}" for parameter in operation.query - known)
    body = body_schema(call)
    fields = properties(body)
    yield from (f"{name}: body {field}" for field in operation.body.keys() - fields.keys())
    required = {field for part in parts_of(body) for field in part.get("required", [])}
    ours = {field for field, taken in operation.body.items() if taken.required}
    wanted = {field for field in required if field in operation.body and not read_only(fields[field])}
    if operation.method != "PATCH":  # which may be only a part, as the handler judges
        yield from (f"{name}: body needs {field}" for field in wanted - ours)
    result = properties(answer_schema(call, 200))["result"]
    shown = properties(result)
    for part in parts_of(result):
        shown |= properties(part.get("items", {}))
    yield from (f"{name}: result {field}" for field in operation.result - shown.keys())


def _type(validator: Validator, types: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not (instance is None and schema.get("nullable")):
        yield from Draft202012Validator.VALIDATORS["type"](validator, types, instance, schema)


def _required_to_write(_: Validator, names: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    for name in names if isinstance(instance, dict) else ():
        if name not in instance and not read_only(schema.get("properties", {}).get(name, {})):
            yield ValidationError(f"{name!r} is required")


# OpenAPI 3.0 has ``nullable``, and a property that is read-only need not be sent.
Reading = extend(Draft202012Validator, {"type": _type})  # type: ignore[no-untyped-call]
Writing = extend(Reading, {"required": _required_to_write})  # type: ignore[no-untyped-call]


def violations(validator_class: Any, schema: dict[str, Any], instance: Any) -> set[str]:
    """Where the instance does not fit, as ``path/to/field keyword``; list indices are ``-``."""
    # References are relative to the document, so it is the schema's own resource.
    root = {**contract(), **schema}
    registry: Registry[Any] = Registry().with_resource("", DRAFT202012.create_resource(root))
    found = set()
    for error in validator_class(root, registry=registry).iter_errors(instance):
        path = "/".join("-" if isinstance(part, int) else part for part in error.absolute_path)
        found.add(f"{path} {error.validator or 'required'}")
    return found


class Recorder:
    """All exchanges of one client, by the operation they are of."""

    def __init__(self) -> None:
        self.exchanges: list[tuple[Operation, Any, int, Any]] = []

    async def __call__(self, response: httpx.Response) -> None:
        answer = json.loads(await response.aread())
        sent = json.loads(response.request.content or b"null")
        operation = self._operation(response.request.method, response.request.url.path)
        self.exchanges.append((operation, sent, response.status_code, answer))

    @staticmethod
    def _operation(method: str, path: str) -> Operation:
        for operation in OPERATIONS:
            pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", BASE_PATH + operation.path)
            if operation.method == method and re.fullmatch(pattern, path):
                return operation
        raise AssertionError(f"{method} {path} is not in the table")


@asynccontextmanager
async def recorded(directory: Path, preset: Any) -> AsyncIterator[tuple[CloudflareStandin, Any, Recorder]]:
    standin = CloudflareStandin(SandboxClock(directory / "clock"), directory, preset=preset)
    recorder = Recorder()
    await standin.start()
    try:
        async with (
            httpx.AsyncClient(event_hooks={"response": [recorder]}) as http_client,
            AsyncCloudflare(
                api_token=standin.token,
                base_url=f"{standin.url}{BASE_PATH}/",
                http_client=http_client,
                max_retries=0,
            ) as client,
        ):
            yield standin, client, recorder
    finally:
        await standin.stop()


async def use_everything(standin: CloudflareStandin, client: Any) -> None:
    zone = {"zone_id": standin.zone_id}
    standin.allow_by_hand("ip", "192.0.2.1", notes="office")
    standin.allow_by_hand("ip", "192.0.2.1", account=True)
    await client.user.tokens.verify()
    [item async for item in client.zones.list(name="example.com")]
    await client.zones.get(**zone)
    csr = standin.issue_by_hand().csr
    made = await client.client_certificates.create(**zone, csr=csr, validity_days=30)
    [item async for item in client.client_certificates.list(**zone, status="all", per_page=50)]
    await client.client_certificates.get(made.id, **zone)
    await client.client_certificates.delete(made.id, **zone)
    await client.client_certificates.edit(made.id, **zone, reactivate=True)
    hosts = client.certificate_authorities.hostname_associations
    await hosts.get(**zone)
    await hosts.update(**zone, hostnames=["ha.example.com"])
    for setting in ("http3", "0rtt"):
        await client.zones.settings.edit(setting, **zone, value="off")
        await client.zones.settings.get(setting, **zone)
    [item async for item in client.dns.records.list(**zone)]
    for where in (zone, {"account_id": standin.account_id}):
        configuration = {"target": "ip", "value": "192.0.2.1"}
        rules = client.firewall.access_rules.list(**where, mode="whitelist", configuration=configuration, per_page=100)
        [item async for item in rules]
    await use_rules(client, zone)
    standin.token = "cfat_" + "x" * 48
    account = client.with_options(api_token=standin.token)
    await account.accounts.tokens.verify(account_id=standin.account_id)


async def use_rules(client: Any, zone: dict[str, str]) -> None:
    rule = {"action": "block", "expression": "not cf.tls_client_auth.cert_verified", "ref": "latchkey-block"}
    ruleset = {**zone, "kind": "zone", "phase": PHASE, "name": "default"}
    await client.rulesets.create(**ruleset, rules=[])
    made = await client.rulesets.phases.get(PHASE, **zone)
    for dry_run in (True, False):
        await client.rulesets.rules.create(made.id, **zone, **rule, dry_run=dry_run)
    skip = {"action": "skip", "action_parameters": {"ruleset": "current"}, "expression": "ssl"}
    shown = await client.rulesets.rules.create(made.id, **zone, **skip, position={"before": ""})
    last = shown["rules"][1]["id"]
    ids = {"ruleset_id": made.id, **zone}
    await client.rulesets.rules.edit(last, **ids, **rule, enabled=True, description="mTLS")
    await client.rulesets.rules.edit(last, **ids, position={"index": 1})
    await client.rulesets.get(made.id, **zone)
    [item async for item in client.rulesets.list(**zone)]
    await client.rulesets.rules.delete(last, **ids)
    await client.rulesets.phases.update(PHASE, **zone, rules=[rule])


async def fail_everything(standin: CloudflareStandin, client: Any) -> None:
    zone = {"zone_id": standin.zone_id}
    wrong = client.with_options(api_token="y" * 40)
    calls: list[Any] = [
        wrong.user.tokens.verify,
        lambda: wrong.zones.get(**zone),
        lambda: client.client_certificates.create(**zone, csr="x", validity_days=30),
        lambda: client.client_certificates.get("x", **zone),
        lambda: client.certificate_authorities.hostname_associations.update(**zone, hostnames=["x"]),
        lambda: client.rulesets.phases.get(PHASE, **zone),
        lambda: client.rulesets.create(
            **zone, kind="zone", phase=PHASE, name="x", rules=[{"action": "block", "expression": "no"}]
        ),
        lambda: client.zones.settings.edit("http3", **zone, value="x"),
    ]
    for call in calls:
        with pytest.raises(APIStatusError):
            await call()


async def differences(directory: Path) -> set[str]:
    found = {difference for operation in OPERATIONS for difference in table_differences(operation)}
    async with recorded(directory, "empty") as (standin, client, recorder):
        await fail_everything(standin, client)
        await use_everything(standin, client)
    for operation, sent, status, answer in recorder.exchanges:
        call = described(operation)
        if call is None:
            continue
        name = name_of(operation)
        fits = violations(Reading, answer_schema(call, status), answer)
        found |= {f"{name}: answer {violation}" for violation in fits}
        if sent is not None and status == 200:
            fits = violations(Writing, body_schema(call), sent)
            found |= {f"{name}: sent {violation}" for violation in fits}
    return found


async def test_every_difference_has_a_source_and_every_source_a_difference(tmp_path: Path) -> None:
    found = await differences(tmp_path)
    unexplained = {one for one in found if not any(fnmatchcase(one, pattern) for pattern in CLOUDFLARE)}
    assert unexplained == set()
    outlived = {pattern for pattern in CLOUDFLARE if not any(fnmatchcase(one, pattern) for one in found)}
    assert outlived == set()


async def test_the_table_is_the_whole_truth(tmp_path: Path) -> None:
    async with recorded(tmp_path, "empty") as (standin, client, recorder):
        await use_everything(standin, client)
    assert {name_of(operation) for operation, *_ in recorder.exchanges} == {name_of(one) for one in OPERATIONS}
    for operation, sent, _, answer in recorder.exchanges:
        result = answer["result"]
        for item in result if isinstance(result, list) else [result or {}]:
            assert item.keys() <= operation.result, name_of(operation)
        assert (sent or {}).keys() <= operation.body.keys(), name_of(operation)


def test_the_comparison_can_fail() -> None:
    schema = {"$ref": "#/components/schemas/tls-certificates-and-hostnames_client_certificate_response_single"}
    good = {"success": True, "errors": [], "messages": [], "result": {"id": "7" * 32}}
    assert violations(Reading, schema, good) == set()
    assert violations(Reading, schema, {**good, "result": {"id": 7, "status": "gone"}}) != set()
    assert violations(Reading, schema, {**good, "success": False}) == {"success enum"}
    new_zone = body_schema(contract()["paths"]["/zones"]["post"])
    assert violations(Writing, new_zone, {"name": "a.example"}) != set()
