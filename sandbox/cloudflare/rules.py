"""One rule of a ruleset: what a body may say, and the rule that it makes."""

import re
import secrets
from collections.abc import Collection
from typing import Any

from sandbox.cloudflare.envelope import Refusal, bad_body
from sandbox.cloudflare.expressions import judge
from sandbox.cloudflare.operations import RULE_BODY, Field, Fields, check_fields

# No number is documented for either: they are of the stand-in's own choice.
BAD_EXPRESSION = 20127
BAD_RULE = 20120

_ACTIONS = frozenset({"block", "challenge", "js_challenge", "managed_challenge", "skip"})
_SKIP_PARAMETERS: Fields = {
    "ruleset": Field(str),
    "phase": Field(str),
    "phases": Field(list),
    "products": Field(list),
}
_SKIP_PHASES = frozenset({"http_ratelimit", "http_request_sbfm", "http_request_firewall_managed"})
_SKIP_PRODUCTS = frozenset({"bic", "hot", "rateLimit", "securityLevel", "uaBlock", "waf", "zoneLockdown"})
_RESPONSE: Fields = {
    "status_code": Field(int, required=True),
    "content": Field(str, required=True),
    "content_type": Field(str, required=True),
}
_ID = re.compile(r"[0-9a-f]{32}")

Rule = dict[str, Any]


def new_id() -> str:
    """An id as rulesets and rules have it: 32 hex digits."""
    return secrets.token_hex(16)


def is_id(text: str) -> bool:
    """Whether the text has the form of an id of a ruleset or rule."""
    return bool(_ID.fullmatch(text))


def made_rule(body: Any, *, rule_id: str, plan: str, pointer: str, refused: Collection[str] = ()) -> Rule:
    """The whole rule of a body, without version and date; fields left out have their defaults. ``refused``: see
    ``judge``.

    Raises ``Refusal`` for whatever the API does not take on that plan; ``pointer`` is the JSON pointer of
    the rule in the ruleset.
    """
    check_fields(body, RULE_BODY, pointer)
    action = body["action"]
    if action not in _ACTIONS and not (action == "log" and plan == "enterprise"):
        raise Refusal(
            400,
            BAD_RULE,
            f"'{action}' is not a valid value for action on this plan",
            pointer=f"{pointer}/action",
        )
    if wrong := judge(body["expression"], plan, refused):
        shown = body["expression"]
        raise Refusal(
            400,
            BAD_EXPRESSION,
            f"'{shown}' is not a valid value for expression because {wrong}",
            pointer=f"{pointer}/expression",
        )
    rule: Rule = {"id": rule_id, "action": action, "expression": body["expression"]}
    rule["description"] = body.get("description", "")
    # A dropped ref or enabled falls back, so that whoever patches half a rule sees what it costs.
    rule["enabled"] = body.get("enabled", True)
    rule["ref"] = body.get("ref", rule_id)
    if not rule["ref"]:
        raise Refusal(400, BAD_RULE, "ref must not be empty", pointer=f"{pointer}/ref")
    _add_parameters(rule, body, plan, pointer)
    _add_logging(rule, body, pointer)
    return rule


def _add_parameters(rule: Rule, body: dict[str, Any], plan: str, pointer: str) -> None:
    parameters = body.get("action_parameters")
    where = f"{pointer}/action_parameters"
    if rule["action"] == "skip":
        if not parameters:
            raise Refusal(400, BAD_RULE, "skip needs action_parameters", pointer=where)
        _check_skip(check_fields(parameters, _SKIP_PARAMETERS, where), where)
    elif parameters is None or (rule["action"] == "block" and parameters == {}):
        return
    elif rule["action"] == "block":
        check_fields(parameters, {"response": Field(dict, required=True)}, where)
        check_fields(parameters["response"], _RESPONSE, f"{where}/response")
        if plan == "free":
            raise Refusal(
                400,
                BAD_RULE,
                "not entitled: a custom response needs a Pro plan or above",
                pointer=f"{where}/response",
            )
        if not 400 <= parameters["response"]["status_code"] <= 499:
            raise bad_body("status_code must be from 400 to 499", pointer=f"{where}/response/status_code")
    else:
        raise Refusal(400, BAD_RULE, f"{rule['action']} takes no action_parameters", pointer=where)
    rule["action_parameters"] = parameters


def _check_skip(parameters: dict[str, Any], where: str) -> None:
    for name, allowed in (
        ("ruleset", {"current"}),
        ("phase", {"current"}),
        ("phases", _SKIP_PHASES),
        ("products", _SKIP_PRODUCTS),
    ):
        if name not in parameters:
            continue
        values = parameters[name] if isinstance(parameters[name], list) else [parameters[name]]
        if not values or any(value not in allowed for value in values):
            raise Refusal(
                400,
                BAD_RULE,
                f"{parameters[name]!r} is not a valid value for {name}",
                pointer=f"{where}/{name}",
            )


def _add_logging(rule: Rule, body: dict[str, Any], pointer: str) -> None:
    logging = body.get("logging")
    where = f"{pointer}/logging"
    if logging is not None:
        check_fields(logging, {"enabled": Field(bool, required=True)}, where)
        if rule["action"] != "skip":
            raise Refusal(400, BAD_RULE, "logging can only be set for skip", pointer=where)
    if rule["action"] == "skip":
        rule["logging"] = logging or {"enabled": True}
