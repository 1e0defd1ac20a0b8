"""The stories in which a kill test shoots at the bot. One more is one more line of ``STORIES``."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.services.operator import claim as operator_claim
from bot.services.protection import hosts
from sandbox.cloudflare.zone import Preset
from sandbox.world import Person
from tests.household import Household
from tests.locked_household import HA_HOST, somebody

ADMIN = frozenset({"admin"})
HOOK = f"https://{HA_HOST}/api/webhook/abc"
_A_LEASE = timedelta(days=32)
Step = Callable[[Household], Awaitable[None]]
Check = Callable[[Household], Awaitable[None]]


def says(who: str, text: str) -> Step:
    async def step(home: Household) -> None:
        await home.say(who, text)

    return step


def taps(who: str, *buttons: str) -> Step:
    async def step(home: Household) -> None:
        for button in buttons:
            await home.tap(who, button)

    return step


def waits(**by: float) -> Step:
    async def step(home: Household) -> None:
        await home.clock(**by)

    return step


async def protect(home: Household) -> None:
    await hosts.protect(home.bot.app.parts, await somebody(home, "Anna"), (HA_HOST,))
    await home.settle()


async def foreign_rule(home: Household) -> None:
    home.world.cloudflare.add_rule('http.host eq "www.example.com"', action="managed_challenge", description="theirs")


async def made_by_hand(home: Household) -> None:
    home.world.cloudflare.issue_by_hand("nas")


async def claim(home: Household) -> None:
    store = home.bot.app.parts.store
    made = await operator_claim.new_claim(store)
    await home.say("Kim", f"/start {made.token}")
    await operator_claim.grant(store, made.link.public_id)
    await home.settle()


def edge_says(url: str, *statuses: int) -> Check:
    async def check(home: Household) -> None:
        assert await home.opens(None, url) in statuses, f"{url} answers otherwise"

    return check


async def closed_in_time(home: Household) -> None:
    await home.clock(hours=2)
    assert await home.opens(None, HOOK) == 403, "an expired path is closed"


async def lease_ends_alone(home: Household) -> None:
    assert await home.opens(None, HOOK) == 200, "a lease goes on"
    await home.world.kill_bot()
    home.world.clock.plus(_A_LEASE)
    assert await home.opens(None, HOOK) == 403, "a lease ends without the bot"
    await home.world.start_bot()
    await home.settle()


@dataclass(frozen=True)
class Story:
    """What goes before, what is shot at, and what must be so in the end besides what always must.

    ``read``: a text that must stand on somebody's phone in the end. ``takes_over``: rules made by hand may be
    switched off. ``live``: how many certificates of devices are live in the end; without it none up to ``most``.
    """

    before: tuple[Step, ...]
    step: Step
    people: tuple[Person, ...] = (Person("Anna", ADMIN),)
    read: tuple[str, str] | None = None
    ends: tuple[Check, ...] = ()
    preset: Preset = "documented"
    takes_over: bool = False
    live: int | None = None
    most: int = 1


TWO = (Person("Anna", ADMIN), Person("Kim"))
ADMINS = (Person("Anna", ADMIN), Person("Ben", ADMIN))

order = says("Anna", "/newcert pixel8")
take_password = taps("Anna", "Password")
say_it_works = taps("Anna", "It works")
HOLDS = (order, take_password)
WORKS = (*HOLDS, say_it_works)
COMES_IN = (says("Kim", "hello"), taps("Kim", "Ask to come in"), taps("Anna", "Let in"))
CHOSE = (*COMES_IN, taps("Kim", "Android", "Call it android"))
HELD = (*CHOSE, taps("Kim", "Send me the key"), taps("Kim", "Password"))
FOUND = (made_by_hand, says("Anna", "/status"), taps("Anna", "Look at it"))
RENEWABLE = (
    says("Anna", "/newcert pixel8 20d"),
    take_password,
    say_it_works,
    taps("Anna", "Show the device"),
)
LOCKED = (foreign_rule, *WORKS, protect, waits(seconds=2))
OPENED = (*LOCKED, says("Anna", f"/openpath {HOOK} 1h"), waits(seconds=10))
LASTING = (*LOCKED, says("Anna", f"/openpath {HOOK} always"), taps("Anna", "Yes, for good"), waits(seconds=10))
SHUT = (edge_says(f"https://{HA_HOST}/", 403),)


def locked(before: tuple[Step, ...], step: Step, *ends: Check, **more: Any) -> Story:
    return Story(before, step, ADMINS, preset="empty", ends=(*SHUT, *ends), **more)


STORIES = {
    "order": Story((), order),
    "password": Story((order,), take_password),
    "works": Story(HOLDS, say_it_works),
    "revoke": Story(HOLDS, says("Anna", "/revoke pixel8"), live=0),
    "revoke-unopened": Story((order,), says("Anna", "/revoke pixel8"), live=0),
    "undo": Story((*WORKS, says("Anna", "/revoke pixel8")), taps("Anna", "Undo")),
    "cleanup": Story(HOLDS, waits(minutes=61)),
    "never-opened": Story((order,), waits(hours=25)),
    "ask": Story((says("Kim", "hello"),), taps("Kim", "Ask to come in"), TWO, ("Anna", "Kim asks to come in.")),
    "let-in": Story(COMES_IN[:2], COMES_IN[2], TWO, ("Kim", "You're in.")),
    "get": Story(CHOSE, taps("Kim", "Send me the key"), TWO),
    "new-key": Story(
        (*HELD, taps("Kim", "It doesn't", "Ask for help")),
        taps("Anna", "Send a new key"),
        TWO,
        ("Kim", "Anna said yes to android."),
    ),
    "revoke-lost": Story(HELD, says("Kim", "/lost android"), TWO, ("Anna", "Kim has lost a phone."), live=0),
    "renew": Story(RENEWABLE, taps("Anna", "Renew"), most=2),
    "renewed": Story((*RENEWABLE, taps("Anna", "Renew", "Password")), say_it_works, live=1),
    "adopt": Story(FOUND, taps("Anna", "Anna"), live=1),
    "revoke-unknown": Story(FOUND, taps("Anna", "Nobody's: revoke it"), live=0),
    "claim": Story((says("Kim", "hello"),), claim, TWO),
    "protect": locked((foreign_rule, *WORKS), says("Anna", f"/protect {HA_HOST}")),
    "unprotect": Story(
        (*LOCKED, says("Anna", f"/unprotect {HA_HOST}")),
        taps("Anna", "Open to everybody"),
        ADMINS,
        preset="empty",
        ends=(edge_says(f"https://{HA_HOST}/", 200),),
    ),
    "openpath": locked(LOCKED, says("Anna", f"/openpath {HOOK} 1h"), closed_in_time),
    "close": locked(OPENED, taps("Anna", "Close now"), edge_says(HOOK, 403)),
    "lease": locked(LASTING[:-2], LASTING[-2], lease_ends_alone),
    "lease-goes-on": locked(LASTING, waits(days=7), lease_ends_alone),
    "lockdown": locked((*LOCKED, says("Anna", "/lockdown")), taps("Anna", "Block everything"), edge_says(HOOK, 403)),
    "lockdown-ends": locked(
        (*LOCKED, says("Anna", "/lockdown"), taps("Anna", "Block everything")), taps("Anna", "End the lockdown")
    ),
    "revoke-locked": locked(LOCKED, says("Anna", "/revoke pixel8"), live=0),
    "take-over": Story(
        (*WORKS, foreign_rule, says("Anna", "/protect"), taps("Anna", "Take it over…")),
        taps("Anna", "Take it over"),
        ADMINS,
        ends=SHUT,
        takes_over=True,
    ),
}
