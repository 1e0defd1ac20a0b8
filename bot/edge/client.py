"""One function for every call to Cloudflare, over the SDK's verbs.

The SDK's typed methods return ``None`` both for ``success: false`` and for a good ``dry_run``, and their
paginator may loop for ever; its verbs with ``cast_to=httpx.Response`` keep its authentication and time-outs
and give the whole envelope.
"""

from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast

import httpx
from cloudflare import APIConnectionError, APIStatusError, AsyncCloudflare, DefaultAsyncHttpxClient, omit

from bot.clock import Clock
from bot.edge.lacking_rights import LackingRights
from bot.edge.rate_budget import CallBudget
from bot.errors import Busy, EdgeTrouble, MissingRight, RefusedByEdge, Unclear
from bot.tls import public_authorities

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Envelope = dict[str, Any]

# The day whose API behaviour is meant; without it the SDK sends the current day.
_API_VERSION = "2026-11-01"
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_BUSY_SECONDS = 300.0
_NOT_SENT_SECONDS = 5.0
# 6003/6111: malformed token; 9106: no credentials; 9109, 10000: token not accepted.
_AUTHENTICATION = frozenset({6003, 6111, 9106, 9109, 10000})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class CloudflareClient:
    """Calls Cloudflare with one token, within the budget, and turns its answers into our errors.

    The SDK repeats any call, a POST too, and ignores a Retry-After above 60 s: its retries are off. What may be
    repeated is repeated by whoever knows that it may.
    """

    def __init__(self, token: str, base_url: str, clock: Clock) -> None:
        self.rights = LackingRights()
        self._budget = CallBudget(clock)
        self._clock = clock
        self._clock_ahead: timedelta | None = None
        self._sdk = AsyncCloudflare(
            api_token=token,
            base_url=base_url.rstrip("/") + "/",
            api_version=_API_VERSION,
            timeout=_TIMEOUT,
            max_retries=0,
            http_client=DefaultAsyncHttpxClient(timeout=_TIMEOUT, verify=public_authorities()),
            # With CLOUDFLARE_EMAIL or CLOUDFLARE_API_KEY in the environment the SDK would send those instead
            # of our token; headers given here win over what it finds, and survive copies of the client.
            default_headers=cast(
                "dict[str, str]", {"Authorization": f"Bearer {token}", "X-Auth-Email": omit, "X-Auth-Key": omit}
            ),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._sdk.close()

    @property
    def clock_ahead(self) -> timedelta:
        """By how much our clock was ahead of Cloudflare's at its last answer, by that answer's ``Date`` (to a second).

        Raises:
            Unclear: no answer so far has told the time.
        """
        if self._clock_ahead is None:
            raise Unclear
        return self._clock_ahead

    async def call(
        self,
        verb: Verb,
        path: str,
        *,
        right: str,
        query: Mapping[str, object] | None = None,
        body: Mapping[str, object] | None = None,
        takes_away: bool = False,
    ) -> Envelope:
        """Make one call; answers the envelope of a success.

        ``right`` is the token right the call needs, in Cloudflare's words; ``takes_away`` opens the part of the
        budget that is kept for revoking and closing.

        Raises:
            Busy: no budget, HTTP 429, or the call did not leave this machine. It was not done.
            Unclear: time-out, lost connection, HTTP 5xx or an answer that is no envelope.
            MissingRight: the token is not accepted, or lacks ``right``.
            RefusedByEdge: Cloudflare said no to this very call.
        """
        try:
            envelope = await self._answered(verb, path, right, query, body, takes_away=takes_away)
        except MissingRight:
            self.rights.lacks(right, writing=verb != "GET")
            raise
        except RefusedByEdge:
            # Whoever may not ask is told that first.
            self.rights.has(right, writing=verb != "GET")
            raise
        self.rights.has(right, writing=verb != "GET")
        return envelope

    async def _answered(
        self,
        verb: Verb,
        path: str,
        right: str,
        query: Mapping[str, object] | None,
        body: Mapping[str, object] | None,
        *,
        takes_away: bool,
    ) -> Envelope:
        self._budget.take(takes_away=takes_away)
        try:
            response = await self._send(verb, path, dict(query or {}), body)
        except APIStatusError as error:
            self._compare_clocks(error.response)
            raise _refusal(error.response, right) from None
        except APIConnectionError as error:
            raise (Busy(_NOT_SENT_SECONDS) if isinstance(error.__cause__, _NOT_SENT) else Unclear()) from None
        self._compare_clocks(response)
        envelope = _envelope(response)
        if envelope is None:
            raise Unclear
        if envelope.get("success") is not True:
            raise _refusal(response, right)
        return envelope

    async def ask_graphql(self, query: str, variables: Mapping[str, object], right: str) -> dict[str, Any]:
        """Ask the GraphQL API something; answers its ``data``. Its envelope is GraphQL's own: no ``success``.

        Raises:
            MissingRight: the token lacks ``right``, or is not accepted.
            RefusedByEdge: the question is not answered here.
            Busy, Unclear: as for ``call``.
        """
        self._budget.take(takes_away=False)
        body = {"query": query, "variables": dict(variables)}
        try:
            response = await self._send("POST", "/graphql", {}, body)
        except APIStatusError as error:
            raise _refusal(error.response, right) from None
        except APIConnectionError as error:
            raise (Busy(_NOT_SENT_SECONDS) if isinstance(error.__cause__, _NOT_SENT) else Unclear()) from None
        return _graphql_data(response, right)

    def _compare_clocks(self, response: httpx.Response) -> None:
        try:
            theirs = parsedate_to_datetime(response.headers["date"])
        except (KeyError, ValueError):
            self._clock_ahead = None
        else:
            self._clock_ahead = self._clock.now() - theirs.replace(tzinfo=theirs.tzinfo or UTC)

    async def _send(
        self, verb: Verb, path: str, query: dict[str, object], body: Mapping[str, object] | None
    ) -> httpx.Response:
        options: Any = {"params": query}
        if verb == "GET":
            return await self._sdk.get(path, cast_to=httpx.Response, options=options)
        match verb:
            case "POST":
                return await self._sdk.post(path, cast_to=httpx.Response, body=body, options=options)
            case "PUT":
                return await self._sdk.put(path, cast_to=httpx.Response, body=body, options=options)
            case "PATCH":
                return await self._sdk.patch(path, cast_to=httpx.Response, body=body, options=options)
            case "DELETE":
                return await self._sdk.delete(path, cast_to=httpx.Response, body=body, options=options)


def _envelope(response: httpx.Response) -> Envelope | None:
    try:
        decoded = response.json()
    except ValueError:
        return None
    return decoded if isinstance(decoded, dict) and "success" in decoded else None


def _refusal(response: httpx.Response, right: str) -> EdgeTrouble:
    status = response.status_code
    envelope = _envelope(response) or {}
    errors = envelope.get("errors")
    told = [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    codes = tuple(error["code"] for error in told if isinstance(error.get("code"), int))
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Busy(_retry_after(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        return Unclear()
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN} or _AUTHENTICATION.intersection(codes):
        return MissingRight(right)
    return RefusedByEdge(status, codes)


def _graphql_data(response: httpx.Response, right: str) -> dict[str, Any]:
    try:
        decoded = response.json()
    except ValueError:
        raise Unclear from None
    if not isinstance(decoded, dict):
        raise Unclear
    errors = decoded.get("errors")
    if errors:
        # How a missing right is said is not documented: by a code, or in words.
        told = str(errors).lower()
        lacks_right = any(word in told for word in ("authz", "authoriz", "permission", "does not have access"))
        raise MissingRight(right) if lacks_right else RefusedByEdge(response.status_code)
    data = decoded.get("data")
    if not isinstance(data, dict):
        raise Unclear
    return data


def _retry_after(response: httpx.Response) -> float:
    try:
        return max(1.0, float(response.headers["retry-after"]))
    except (KeyError, ValueError):
        return _BUSY_SECONDS
