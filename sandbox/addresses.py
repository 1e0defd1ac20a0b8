"""Where the stand-ins of a sandbox answer, for processes that share its directory."""

import fcntl
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox.cloudflare import CloudflareStandin
from sandbox.cloudflare.standin import BASE_PATH
from sandbox.standin import Standin
from sandbox.telegram import TelegramStandin


def publish_address(directory: Path, standin: Standin) -> None:
    """Tell other processes where a stand-in answers, in ``directory/addresses.json``."""
    address: dict[str, Any] = {"url": standin.url, "control": standin.control_url, "port": standin.port}
    if isinstance(standin, TelegramStandin):
        address |= {"token": standin.token}
    if isinstance(standin, CloudflareStandin):
        api = f"{standin.url}{BASE_PATH}/"
        address |= {"api": api, "token": standin.token, "zone": standin.zone.name}
    _publish(directory, {standin.name: address})


def publish_admins(directory: Path, admins: Sequence[int]) -> None:
    """Tell a bot in another process who its permanent admins are."""
    _publish(directory, {"admins": list(admins)})


def addresses(directory: Path) -> dict[str, Any]:
    """What was published in ``directory``; empty before anything was."""
    file = directory / "addresses.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def token_of(directory: Path) -> str:
    """The bot token of the sandbox in ``directory``; empty before it had one."""
    return str(addresses(directory).get("telegram", {}).get("token", ""))


def _publish(directory: Path, news: Mapping[str, Any]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "addresses.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh = directory / "addresses.new"
        fresh.write_text(json.dumps({**addresses(directory), **news}, indent=1), encoding="utf-8")
        fresh.replace(directory / "addresses.json")
