"""Notices about our rule."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.notices import Notice
from bot.model.protection.earlier_rules import AllowRule, Reach
from bot.model.protection.rule_notices import AllowFound, CannotSeeAllows, MoreThanFit, RuleChanged, RuleStuck
from bot.model.protection.rule_state import Drift
from bot.services.context import AppContext


async def _changed(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return RuleChanged(
        differences=tuple(Drift(one) for one in _list(payload["differences"], ",")),
        hosts=_list(payload["hosts"], ","),
        skips=_list(payload["skips"], "\n"),
        put_back=payload["put_back"],
        # One of an older version that was under way says nothing of it.
        times=payload.get("times", 0),
    )


async def _stuck(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return RuleStuck(
        why=payload["why"], right=payload["right"], hosts=_list(payload["hosts"], ","), rules=payload["rules"]
    )


async def _more_than_fit(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return MoreThanFit(payload["count"])


async def _allow_found(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return AllowFound(tuple(map(_allow_rule, json.loads(payload["rules"]))))


def _allow_rule(stored: dict[str, str]) -> AllowRule:
    return AllowRule(
        rule_id=stored["id"],
        target=stored["target"],
        value=stored["value"],
        notes=stored["notes"],
        reach=Reach(stored["reach"]),
    )


async def _cannot_see(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return CannotSeeAllows(_list(payload["rights"], "\n"))


def _list(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(separator) if part)


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    RuleChanged.__name__: _changed,
    RuleStuck.__name__: _stuck,
    MoreThanFit.__name__: _more_than_fit,
    AllowFound.__name__: _allow_found,
    CannotSeeAllows.__name__: _cannot_see,
}
