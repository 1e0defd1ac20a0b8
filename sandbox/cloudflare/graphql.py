"""The one corner of Cloudflare's GraphQL API that is needed: ``firewallEventsAdaptive`` and what a plan allows of it.

Strict: a field that the plan does not tell, a page or a time too long, or a question not known here is an error.
Sources: GraphQL Analytics API, "Settings node" and "Querying firewall events".
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

_FIELDS = re.compile(r"firewallEventsAdaptive\(filter: \$f, limit: (\d+), orderBy: \[datetime_DESC\]\) \{([^}]*)\}")
FIELDS = (
    "datetime",
    "action",
    "source",
    "ruleId",
    "rayName",
    "clientIP",
    "clientCountryName",
    "clientRequestHTTPHost",
    "clientRequestPath",
    "userAgent",
)
ONLY_TIMES = "onlyTimes"
"""Among the settings, and never told: the plan takes no filter but one by time."""


def plan_settings() -> dict[str, Any]:
    """What a small zone was seen to be told in May 2026."""
    return {
        "enabled": True,
        "availableFields": list(FIELDS),
        "maxPageSize": 10_000,
        "maxDuration": 86_400,
        "notOlderThan": 1_296_000,
    }


def answer(
    query: str, variables: dict[str, Any], settings: dict[str, Any], events: Sequence[dict[str, Any]], now: datetime
) -> dict[str, Any]:
    """The whole answer to a question.

    Raises:
        ValueError: the question is none that is answered here; the text says why.
    """
    if "settings {" in query:
        told = {name: value for name, value in settings.items() if name != ONLY_TIMES}
        return _data({"settings": {"firewallEventsAdaptive": told}})
    found = _FIELDS.search(" ".join(query.split()))
    if found is None:
        raise ValueError("unknown query")
    limit, fields = int(found[1]), found[2].split()
    asked = dict(variables["f"])
    since, until = (datetime.fromisoformat(asked.pop(name)) for name in ("datetime_geq", "datetime_leq"))
    if settings.get(ONLY_TIMES) and asked:
        raise ValueError(f"unknown arg {min(asked)}")
    if unknown := set(fields) - set(settings["availableFields"]):
        raise ValueError(f"unknown field {min(unknown)}")
    if limit > settings["maxPageSize"]:
        raise ValueError("limit is too large")
    if until - since > timedelta(seconds=settings["maxDuration"]):
        raise ValueError("time range is too large")
    if now - since > timedelta(seconds=settings["notOlderThan"] + 60):
        raise ValueError("cannot request data older than that")
    chosen = [
        one for one in events if since <= datetime.fromisoformat(one["datetime"]) <= until and _is_among(one, asked)
    ]
    newest = sorted(chosen, key=lambda one: str(one["datetime"]), reverse=True)[:limit]
    return _data({"firewallEventsAdaptive": [{name: one[name] for name in fields} for one in newest]})


def _is_among(event: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether a filter lets an event through: a field is a value, or with ``_in`` one of several ("Filtering")."""
    for name, wanted in asked.items():
        field = name.removesuffix("_in")
        if field not in FIELDS:
            raise ValueError(f"unknown arg {name}")
        if event[field] not in (wanted if name.endswith("_in") else [wanted]):
            return False
    return True


def refusal(message: str, code: str) -> dict[str, Any]:
    """An answer that is none."""
    return {"data": None, "errors": [{"message": message, "path": ["viewer"], "extensions": {"code": code}}]}


def _data(zone: dict[str, Any]) -> dict[str, Any]:
    return {"data": {"viewer": {"zones": [zone]}}, "errors": None}
