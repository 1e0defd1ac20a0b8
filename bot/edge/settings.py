"""The zone's settings. The right for them is optional: without it they are neither told nor changed."""

from bot.edge.json_guards import require_object
from bot.edge.rulesets import Call
from bot.errors import MissingRight, RefusedByEdge
from bot.model.protection.zone_settings import Switch, ZoneSetting

SETTINGS_RIGHT = "Zone: Zone Settings: Edit"


async def read_setting(call: Call, setting: ZoneSetting) -> Switch:
    """How it stands; ``NOT_TOLD`` where the token may not know, or the plan has no such setting."""
    try:
        envelope = await call("GET", f"settings/{setting.value}", SETTINGS_RIGHT)
    except (MissingRight, RefusedByEdge):
        return Switch.NOT_TOLD
    value = require_object(envelope.get("result")).get("value")
    return Switch(value) if value in {Switch.ON, Switch.OFF} else Switch.NOT_TOLD


async def turn_off(call: Call, setting: ZoneSetting) -> None:
    """Turn it off. May be repeated. Raises as every call does."""
    await call("PATCH", f"settings/{setting.value}", SETTINGS_RIGHT, body={"value": "off"})
