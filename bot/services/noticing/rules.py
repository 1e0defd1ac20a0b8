"""Notices about our rule."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.earlier_rules import AllowRule, Reach
from bot.model.notices import Notice
from bot.model.rule_notices import AllowFound, CannotSeeAllows, MoreThanFit, RuleChanged, RuleStuck
from bot.model.rule_state import Difference
from bot.services.parts import Parts


async def _changed(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del parts, to
    return RuleChanged(
        differences=tuple(Difference(one) for one in _list(payload["differences"], ",")),
        hosts=_list(payload["hosts"], ","),
        skips=_list(payload["skips"], "\n"),
        put_back=payload["put_back"],
        # One of an older version that was under way says nothing of it.
        times=payload.get("times", 0),
    )


async def _stuck(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del parts, to
    return RuleStuck(
        why=payload["why"], right=payload["right"], hosts=_list(payload["hosts"], ","), rules=payload["rules"]
    )


async def _more_than_fit(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del parts, to
    return MoreThanFit(payload["count"])


async def _allow_found(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del parts, to
    return AllowFound(tuple(map(_allow_rule, json.loads(payload["rules"]))))


def _allow_rule(stored: dict[str, str]) -> AllowRule:
    return AllowRule(
        rule_id=stored["id"],
        target=stored["target"],
        value=stored["value"],
        notes=stored["notes"],
        reach=Reach(stored["reach"]),
    )


async def _cannot_see(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del parts, to
    return CannotSeeAllows(_list(payload["rights"], "\n"))


def _list(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(separator) if part)


READERS: dict[str, Callable[[Parts, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    RuleChanged.__name__: _changed,
    RuleStuck.__name__: _stuck,
    MoreThanFit.__name__: _more_than_fit,
    AllowFound.__name__: _allow_found,
    CannotSeeAllows.__name__: _cannot_see,
}
