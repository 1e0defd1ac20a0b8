"""Who may do what: every command and every verb as admin, member, stranger, frozen and blocked."""

import pytest
from sqlalchemy import update

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.chat.context import RequestContext
from bot.chat.routes import COMMANDS, VERBS, Route
from bot.model.people.access import Action
from bot.model.people.people import Role, Standing
from bot.store.tables.core import person
from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household

STANDINGS = {
    "admin": (Role.ADMIN, Standing.OK),
    "member": (Role.MEMBER, Standing.OK),
    "frozen": (Role.ADMIN, Standing.FROZEN),
    "blocked": (Role.ADMIN, Standing.BLOCKED),
    "removed": (Role.MEMBER, Standing.REMOVED),
    "stranger": (Role.NONE, Standing.OK),
}
NOT_FOR_YOU = "That is not for you to do here. /help lists what you can do."
FROZEN = "Your account is frozen: you can look and revoke, nothing else. Please ask an admin."

# What the bot does, by who asks: d = does, or refuses for a reason of the matter; n = not allowed; f = frozen;
# s = the sentence for strangers; - = silence.
COMMAND_TABLE = {
    #            admin member frozen blocked removed stranger
    "start": "d d d - - s",
    "invite": "d n f - - s",
    "openpath": "d n f - - s",
    "paths": "d n f - - s",
    "help": "d d d - - s",
    "language": "d d d - - s",
    "timezone": "d d d - - s",
    "guide": "d d d - - s",
    "whoami": "d d d - - d",
    "cancel": "d d d - - s",
    "newcert": "d d f - - s",
    "certs": "d d d - - s",
    "devices": "d d d - - s",
    "revoke": "d d d - - s",
    "protect": "d n f - - s",
    "unprotect": "d n f - - s",
    "lockdown": "d n f - - s",
    "people": "d n f - - s",
    # Last: it freezes.
    "lost": "d d d - - s",
    "audit": "d n f - - s",
    "prove": "d n f - - s",
    "blocked": "d n f - - s",
    "status": "d n f - - s",
}
VERB_TABLE = {
    CallbackAction.PASSWORD: "d d f - - -",
    CallbackAction.PASSWORD_POPUP: "d d f - - -",
    CallbackAction.HIDE: "d d d - - -",
    CallbackAction.WORKS: "d d f - - -",
    CallbackAction.DOES_NOT: "d d f - - -",
    CallbackAction.PAGE: "d d d - - -",
    CallbackAction.CARD: "d d d - - -",
    CallbackAction.REVOKE: "d d d - - -",
    CallbackAction.UNDO: "d d f - - -",
    CallbackAction.AGAIN: "d d f - - -",
    CallbackAction.LANGUAGE: "d d d - - -",
    CallbackAction.RENEW: "d d f - - -",
    CallbackAction.REMIND_ON: "d d d - - -",
    CallbackAction.CANCEL: "d d d - - -",
    CallbackAction.VALIDITY: "d d f - - -",
    CallbackAction.REQUEST_PLACE: "d d f - - -",
    CallbackAction.WITHDRAW: "d d d - - -",
    CallbackAction.REMIND: "d d d - - -",
    CallbackAction.ASK_AGAIN: "d d d - - -",
    CallbackAction.LET_IN: "d n f - - -",
    CallbackAction.DENY: "d n f - - -",
    CallbackAction.BLOCK: "d n f - - -",
    CallbackAction.TRUST_ASKER: "d n f - - -",
    CallbackAction.INVITE: "d n f - - -",
    CallbackAction.RESUME: "d d f - - -",
    CallbackAction.LATER: "d d f - - -",
    CallbackAction.COMPUTER: "d d f - - -",
    CallbackAction.HOLD: "d d f - - -",
    CallbackAction.CALL_IT: "d d f - - -",
    CallbackAction.OTHER_NAME: "d d f - - -",
    CallbackAction.VIA: "d d f - - -",
    CallbackAction.GET: "d d f - - -",
    CallbackAction.SEES: "d d f - - -",
    CallbackAction.HELP: "d d f - - -",
    CallbackAction.HELP_STEPS: "d n f - - -",
    CallbackAction.HELP_NEW: "d n f - - -",
    CallbackAction.LOST: "d d d - - -",
    CallbackAction.LOST_ALL: "d d d - - -",
    CallbackAction.LOST_WHO: "d n f - - -",
    CallbackAction.LOST_OF: "d n f - - -",
    CallbackAction.LAST_HELD: "d d d - - -",
    CallbackAction.TICK: "d d d - - -",
    CallbackAction.THE_REST: "d d d - - -",
    CallbackAction.NOT_ON_IT: "d n f - - -",
    CallbackAction.STAYS: "d n f - - -",
    CallbackAction.DISPUTE: "d d d - - -",
    CallbackAction.PEOPLE: "d n f - - -",
    CallbackAction.PERSON: "d n f - - -",
    CallbackAction.TRUST: "d n f - - -",
    CallbackAction.LIMIT: "d n f - - -",
    CallbackAction.ENDS: "d n f - - -",
    CallbackAction.MAKE_ADMIN: "d n f - - -",
    CallbackAction.FREEZE: "d n f - - -",
    CallbackAction.UNFREEZE: "d n f - - -",
    CallbackAction.UNFREEZE_ALL: "d n f - - -",
    CallbackAction.OUT: "d n f - - -",
    CallbackAction.OUT_SURE: "d n f - - -",
    CallbackAction.TAKE_BACK: "d n f - - -",
    CallbackAction.PATH: "d n f - - -",
    CallbackAction.PATH_CONFIRM: "d n f - - -",
    CallbackAction.PATH_LONGER: "d n f - - -",
    CallbackAction.PATH_CLOSE: "d n f - - -",
    CallbackAction.PATH_LET_CLOSE: "d n f - - -",
    CallbackAction.PATH_KEEP: "d n f - - -",
    CallbackAction.PATH_TRY: "d n f - - -",
    # Last: it makes a stranger a guest.
    CallbackAction.ASK: "n n n - - d",
    CallbackAction.GUIDE: "d d d - - -",
    CallbackAction.GUIDE_SCREEN: "d d d - - -",
    CallbackAction.PUT_BACK: "d n f - - -",
    CallbackAction.PROTECT: "d n f - - -",
    CallbackAction.PROTECT_SURE: "d n f - - -",
    CallbackAction.UNPROTECT: "d n f - - -",
    CallbackAction.UNPROTECT_SURE: "d n f - - -",
    CallbackAction.TAKE_OVER: "d n f - - -",
    CallbackAction.TAKE_OVER_SURE: "d n f - - -",
    CallbackAction.TAKE_OVER_UNDO: "d n f - - -",
    CallbackAction.BLOCK_EVERYTHING: "d n f - - -",
    CallbackAction.END_LOCKDOWN: "d n f - - -",
    CallbackAction.PROVE: "d n f - - -",
    CallbackAction.BLOCKED: "d n f - - -",
    CallbackAction.STATUS: "d n f - - -",
    CallbackAction.MEND: "d n f - - -",
    CallbackAction.COMMAND: "d n f - - -",
    CallbackAction.CARD_BESIDE: "d n f - - -",
    CallbackAction.UNKNOWN: "d n f - - -",
    CallbackAction.ADOPT: "d n f - - -",
    CallbackAction.REVOKE_UNKNOWN: "d n f - - -",
    CallbackAction.RECORD: "d n f - - -",
    CallbackAction.RECORD_PEOPLE: "d n f - - -",
    CallbackAction.RECORD_FILE: "d n f - - -",
}


async def become(home: Household, who: str, standing: str) -> None:
    role, how = STANDINGS[standing]
    async with home.bot.app.parts.store.write() as tx:
        await tx.audit._connection.execute(
            update(person).where(person.c.telegram_id == home.phone(who).user_id).values(role=role, standing=how)
        )


def test_every_command_and_verb_has_its_row() -> None:
    assert COMMAND_TABLE.keys() == COMMANDS.keys()
    assert VERB_TABLE.keys() == VERBS.keys() == set(CallbackAction)


@pytest.mark.parametrize("standing", STANDINGS)
async def test_commands(home: Household, standing: str) -> None:
    await become(home, "Ben", standing)
    for command, row in COMMAND_TABLE.items():
        expected = row.split()[list(STANDINGS).index(standing)]
        await home.clock(hours=2)
        words = f"/{command}" if command == "start" else f"/{command} pixel8"
        texts = [e.text for e in await home.say("Ben", words) if e.kind == "new"]
        if expected == "-":
            assert not texts, command
        elif expected in {"n", "f"}:
            assert texts == [NOT_FOR_YOU if expected == "n" else FROZEN], command
        elif expected == "s":
            assert len(texts) == 1, command
            assert texts[0].startswith("Hello. I look after"), command
        else:
            assert texts, command
            assert texts[0] not in {NOT_FOR_YOU, FROZEN}, command


@pytest.mark.parametrize("standing", STANDINGS)
async def test_presses_on_somebody_elses_certificate(home: Household, standing: str) -> None:
    """Forged presses with Anna's public id: whoever presses, Anna's file, password and certificate stay."""
    await home.say("Anna", "/newcert pixel8")
    await home.say("Ben", "/whoami")
    await become(home, "Ben", standing)
    subject = home.callback("Anna", "Password").split(":")[2]
    for verb, row in VERB_TABLE.items():
        if verb in {CallbackAction.REVOKE, CallbackAction.HELP_NEW, CallbackAction.LOST} and standing == "admin":
            continue
        expected = row.split()[list(STANDINGS).index(standing)]
        await home.clock(seconds=6)
        seen = await home.press("Ben", encode(CallbackData(verb, subject)))
        texts = [e.text for e in seen]
        if expected == "-":
            assert not texts, verb
        elif expected in {"n", "f"}:
            assert texts == [NOT_FOR_YOU if expected == "n" else FROZEN], verb
        for event in seen:
            assert "password for" not in event.text, verb
    # An admin's /prove may have made the bot's own.
    assert [name for name in home.live() if name != "Latchkey probe"] == ["pixel8"]
    assert home.file("Anna")[0] == "pixel8.p12"
    assert not home.world.telegram.unanswered


@pytest.mark.parametrize("verb", [CallbackAction.REVOKE, CallbackAction.HELP_NEW, CallbackAction.LOST])
async def test_an_admin_may_take_anybodys_away(home: Household, verb: CallbackAction) -> None:
    await home.say("Anna", "/newcert pixel8")
    subject = home.callback("Anna", "Password").split(":")[2]
    await home.say("Ben", "/whoami")
    await home.press("Ben", encode(CallbackData(verb, subject)))
    assert home.live() == []


async def test_without_any_admin_the_bot_answers_whoami(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with World(tmp_path_factory.mktemp("bare"), bot=SandboxBot, people=[Person("Kim")]) as world:
        home = Household(world)
        seen = await home.say("Kim", "/whoami")
        assert str(home.phone("Kim").user_id) in seen[0].text


@pytest.mark.parametrize(("standing", "runs"), [("admin", True), ("member", False), ("frozen", False)])
async def test_the_gate_itself_refuses_before_any_handler(
    home: Household, standing: str, runs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services check rights again; a command that calls none must be stopped all the same."""
    ran = []

    async def handler(context: RequestContext) -> None:
        ran.append(context.actor.telegram_id)

    monkeypatch.setitem(COMMANDS, "bare", Route(handler, Action.ADMINISTER))
    await home.say("Ben", "/whoami")
    await become(home, "Ben", standing)
    await home.say("Ben", "/bare")
    assert bool(ran) is runs
