"""A stand-in for Cloudflare's API under ``/client/v4``: strict, in memory, kept in one directory."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any, ClassVar

from aiohttp import web

from sandbox.cloudflare.envelope import Refusal, bad_body, failure, success, trouble
from sandbox.cloudflare.graphql import answer, refusal
from sandbox.cloudflare.handlers import INVALID_TOKEN, Answer, Asked, Handlers
from sandbox.cloudflare.operations import OPERATIONS, Operation, check_fields
from sandbox.cloudflare.rewrites import PHASE as REWRITE_PHASE
from sandbox.cloudflare.state import Desk
from sandbox.faults import Fault

BASE_PATH = "/client/v4"

# Tokens are 40 characters, or a prefix and more (token formats, Cloudflare's fundamentals).
_TOKEN = re.compile(r"Bearer [A-Za-z0-9_-]{40,}")
_OPTIONS = [
    "pending_seconds",
    "reactivate_revoked",
    "accept_ec",
    "quota",
    "quota_code",
    "validity_cap_days",
    "serial_format",
    "listed_late_seconds",
    "pages_repeated",
    "plan",
    "default_status",
    "status_ignored",
    "unknown_id_status",
    "zone_lists_account_rules",
    "token_status",
    "date_ahead_seconds",
    "refused_fields",
    "trials_are_blind",
]


class CloudflareStandin(Desk):
    """Cloudflare's API for one zone; see ``Desk`` for its options and what can be done by hand.

    ``url`` has no path: the SDK's ``base_url`` is ``f"{url}/client/v4/"``. The control port also has
    ``GET|POST /_control/options`` with those options that are plain values.
    """

    name: ClassVar[str] = "cloudflare"

    def routes(self, app: web.Application) -> None:
        """Add one route for each operation of the table, and an answer for all else."""
        handlers = Handlers(self)
        for operation in OPERATIONS:
            handler: Callable[[Asked], Answer] = getattr(handlers, operation.handler)
            app.router.add_route(operation.method, BASE_PATH + operation.path, self._served(operation, handler))
        # GraphQL is no part of the description that the table above is compared with.
        app.router.add_post(f"{BASE_PATH}/graphql", self._graphql)
        app.router.add_route("*", "/{tail:.*}", self._no_route)

    def control_routes(self, app: web.Application) -> None:
        """Add the options."""

        async def options(request: web.Request) -> web.Response:
            if request.method == "POST":
                wanted = await request.json()
                if unknown := set(wanted) - set(_OPTIONS):
                    return web.json_response({"unknown": sorted(unknown)}, status=400)
                for name, value in wanted.items():
                    setattr(self, name, value)
            return web.json_response({name: getattr(self, name) for name in _OPTIONS})

        app.router.add_route("*", "/_control/options", options)

    async def sent(self, request: web.Request) -> dict[str, Any]:
        """Query and body of a call, in one."""
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            return dict(request.query)
        return {**request.query, **(body if isinstance(body, dict) else {"body": body})}

    def trouble(self, fault: Fault) -> web.StreamResponse:
        """The fault's body as it is, or an error envelope for its status."""
        status = fault.status or (500 if fault.body is None else 200)
        if isinstance(fault.body, str):
            response = web.Response(text=fault.body, status=status, content_type="text/html")
        else:
            response = web.json_response(trouble(status) if fault.body is None else fault.body, status=status)
        if fault.retry_after is not None:
            response.headers["retry-after"] = str(fault.retry_after)
        return self._dated(response)

    def state(self) -> dict[str, Any]:
        """The zone as a spectator sees it."""
        zone = self.zone
        return {
            "zone": {"id": zone.id, "name": zone.name, "plan": zone.plan},
            "account": {"id": zone.account_id},
            "hosts": self.hosts,
            "rules": self.rules,
            "settings": dict(zone.settings),
            "slots": {"used": zone.live, "quota": self.quota},
            "certificates": [
                {
                    "id": record.id,
                    "common_name": record.common_name,
                    "status": record.status,
                    "fingerprint_sha256": record.fingerprint_sha256,
                    "expires_on": record.expires_at.isoformat(),
                }
                for record in self.zone.certificates
            ],
        }

    def _served(self, operation: Operation, handler: Callable[[Asked], Answer]) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            try:
                self._let_in(request, operation)
                asked = await self._asked(request, operation)
                answer = handler(asked)
            except Refusal as refusal:
                return self._refused(refusal)
            envelope = success(answer.result, messages=answer.messages, info=answer.info)
            return self._dated(web.json_response(envelope))

        return serve

    async def _graphql(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if request.headers.get("Authorization") != f"Bearer {self.token}" or self.token_status != "active":
            return self._refused(Refusal(401, 10000, "Authentication error"))
        if not self._may("analytics:read"):
            return self._dated(web.json_response(refusal("not authorized for that account", "authz")))
        if asked["variables"].get("z") != self.zone_id:
            return self._dated(web.json_response(refusal("zone not found", "authz")))
        try:
            events = self.firewall_events.all()
            told = answer(asked["query"], asked["variables"], self.analytics, events, self.clock.now())
        except (KeyError, ValueError) as wrong:
            told = refusal(str(wrong), "bad_request")
        return self._dated(web.json_response(told))

    def _let_in(self, request: web.Request, operation: Operation) -> None:
        given = request.headers.get("Authorization")
        if given is None:
            if "X-Auth-Key" in request.headers:
                chain = (6103, "Invalid format for X-Auth-Key header")
                raise Refusal(400, 6003, "Invalid request headers", chain=chain)
            message = "Missing X-Auth-Key, X-Auth-Email or Authorization headers"
            raise Refusal(400, 9106, message)
        known = given == f"Bearer {self.token}"
        if not known and not _TOKEN.fullmatch(given):
            chain = (6111, "Invalid format for Authorization header")
            raise Refusal(400, 6003, "Invalid request headers", chain=chain)
        verifies = operation.right is None
        if not known or (self.token_status != "active" and not verifies):
            if verifies:
                raise Refusal(401, INVALID_TOKEN, "Invalid API Token")
            if operation.right == "zone:read":
                raise Refusal(403, 9109, "Invalid access token")
            raise Refusal(401, 10000, "Authentication error")
        if request.match_info.get("zone_id", self.zone_id) != self.zone_id:
            raise Refusal(404, 7003, "No route for the URI")
        # Another phase needs another right.
        rewrites = request.match_info.get("ruleset_phase") == REWRITE_PHASE
        if not verifies and not self._may("transform:read" if rewrites else str(operation.right)):
            raise Refusal(403, 10000, "Authentication error")

    def _may(self, right: str) -> bool:
        return right in self.permissions or right.replace(":read", ":edit") in self.permissions

    async def _asked(self, request: web.Request, operation: Operation) -> Asked:
        if unknown := set(request.query) - operation.query:
            raise bad_body(f"unknown query parameter {min(unknown)!r}")
        text = await request.text()
        body: dict[str, Any] = {}
        if operation.body:
            try:
                body = check_fields(json.loads(text), operation.body)
            except ValueError as error:
                raise Refusal(400, 6007, "Malformed JSON in request body") from error
        elif text:
            raise bad_body("this call takes no body")
        return Asked(dict(request.match_info), dict(request.query), body)

    async def _no_route(self, _: web.Request) -> web.Response:
        return self._refused(Refusal(404, 7000, "No route for that URI"))

    def _refused(self, refusal: Refusal) -> web.Response:
        return self._dated(web.json_response(failure(refusal.as_json()), status=refusal.status))

    def _dated(self, response: web.Response) -> web.Response:
        # Clients compare their clock with Cloudflare's Date, and the sandbox's clock is Cloudflare's.
        now = self.clock.now() + timedelta(seconds=self.date_ahead_seconds)
        response.headers["Date"] = format_datetime(now, usegmt=True)
        return response
