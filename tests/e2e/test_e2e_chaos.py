"""Chaos in small: two fixed seeds; and that what may never be would be seen.

``make chaos`` plays more of it. ``python -m sandbox chaos --help`` tells what can be said.
"""

import logging
from pathlib import Path

import pytest

from sandbox.chaos.episode import Episode
from sandbox.chaos.fault_injection import Meter
from sandbox.chaos.invariants import Peace
from sandbox.chaos.script import Act, written
from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin


@pytest.mark.parametrize("seed", ["latchkey", "household"])
async def test_nothing_is_wrong_after_chaos(tmp_path: Path, seed: str) -> None:
    told = await Episode(tmp_path / "world", seed, 25, percent=5.0, kills=2.0).play()
    assert not told.wrong, "\n".join([*told.trail, *told.wrong])
    assert told.acts >= 25


def test_the_same_seed_is_the_same_script() -> None:
    assert written("a", 80) == written("a", 80)
    assert written("a", 80) != written("b", 80)


class Tampered(Peace):
    """Somebody does, in the peace after the chaos, what only a broken bot would."""

    async def _steps(self, seconds: tuple[int, ...]) -> None:
        if not self._done:
            self._done = True
            await self._scene.world.settle()
            self._harm()
        await super()._steps(seconds[:2])

    _done = False

    def _harm(self) -> None:
        cloudflare = self._scene.world.cloudflare
        cloudflare.issue_by_hand("nobodys")
        cloudflare.revoke_by_hand(next(one for one in cloudflare.certificates if one.common_name == "dev").id)
        cloudflare.add_rule('(http.request.uri.path eq "/sneaked")')
        self._scene.keys.passwords["Annabell"].add("ready")
        logging.getLogger("somebody").error("ready")


async def test_what_may_never_be_is_seen(tmp_path: Path) -> None:
    episode = Episode(tmp_path / "world", "tampered", 0, percent=0.0, kills=0.0)
    episode.peace = Tampered
    episode._script = [
        Act("say", {"who": "Annabell", "text": "/newcert dev"}),
        Act("finish", {"who": "Annabell", "works": True}),
    ]
    wrong = "\n".join((await episode.play()).wrong)
    for words in (
        "nobodys",
        "nobody here knows it",
        "dev is active here, and revoked at Cloudflare",
        "came from nowhere",
        "a password is in log.jsonl",
    ):
        assert words in wrong


def test_the_meter_counts_five_minutes_by_the_sandboxs_clock(tmp_path: Path) -> None:
    standin = CloudflareStandin(SandboxClock(tmp_path / "clock"), tmp_path)
    meter = Meter.at(standin)
    assert not any(meter.strikes("GET /x") for _ in range(7))
    standin.clock.plus(meter.seen[-1] - meter.seen[0])
    assert meter.worst == 7
