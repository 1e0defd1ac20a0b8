"""Who may do what: every command and every verb as admin, member, stranger, frozen and blocked."""

import pytest
from sqlalchemy import update

from bot.chat.press import Press, Verb, encode
from bot.chat.routes import COMMANDS, VERBS, Route
from bot.chat.turn import Turn
from bot.model.access import Action
from bot.model.people import Role, Standing
from bot.store.tables import person
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
    Verb.PASSWORD: "d d f - - -",
    Verb.PASSWORD_POPUP: "d d f - - -",
    Verb.HIDE: "d d d - - -",
    Verb.WORKS: "d d f - - -",
    Verb.DOES_NOT: "d d f - - -",
    Verb.PAGE: "d d d - - -",
    Verb.CARD: "d d d - - -",
    Verb.REVOKE: "d d d - - -",
    Verb.UNDO: "d d f - - -",
    Verb.AGAIN: "d d f - - -",
    Verb.LANGUAGE: "d d d - - -",
    Verb.RENEW: "d d f - - -",
    Verb.REMIND_ON: "d d d - - -",
    Verb.CANCEL: "d d d - - -",
    Verb.VALIDITY: "d d f - - -",
    Verb.REQUEST_PLACE: "d d f - - -",
    Verb.WITHDRAW: "d d d - - -",
    Verb.REMIND: "d d d - - -",
    Verb.ASK_AGAIN: "d d d - - -",
    Verb.LET_IN: "d n f - - -",
    Verb.DENY: "d n f - - -",
    Verb.BLOCK: "d n f - - -",
    Verb.TRUST_ASKER: "d n f - - -",
    Verb.INVITE: "d n f - - -",
    Verb.RESUME: "d d f - - -",
    Verb.LATER: "d d f - - -",
    Verb.COMPUTER: "d d f - - -",
    Verb.HOLD: "d d f - - -",
    Verb.CALL_IT: "d d f - - -",
    Verb.OTHER_NAME: "d d f - - -",
    Verb.VIA: "d d f - - -",
    Verb.GET: "d d f - - -",
    Verb.SEES: "d d f - - -",
    Verb.HELP: "d d f - - -",
    Verb.HELP_STEPS: "d n f - - -",
    Verb.HELP_NEW: "d n f - - -",
    Verb.LOST: "d d d - - -",
    Verb.LOST_ALL: "d d d - - -",
    Verb.LOST_WHO: "d n f - - -",
    Verb.LOST_OF: "d n f - - -",
    Verb.LAST_HELD: "d d d - - -",
    Verb.TICK: "d d d - - -",
    Verb.THE_REST: "d d d - - -",
    Verb.NOT_ON_IT: "d n f - - -",
    Verb.STAYS: "d n f - - -",
    Verb.DISPUTE: "d d d - - -",
    Verb.PEOPLE: "d n f - - -",
    Verb.PERSON: "d n f - - -",
    Verb.TRUST: "d n f - - -",
    Verb.LIMIT: "d n f - - -",
    Verb.ENDS: "d n f - - -",
    Verb.MAKE_ADMIN: "d n f - - -",
    Verb.FREEZE: "d n f - - -",
    Verb.UNFREEZE: "d n f - - -",
    Verb.UNFREEZE_ALL: "d n f - - -",
    Verb.OUT: "d n f - - -",
    Verb.OUT_SURE: "d n f - - -",
    Verb.TAKE_BACK: "d n f - - -",
    Verb.PATH: "d n f - - -",
    Verb.PATH_CONFIRM: "d n f - - -",
    Verb.PATH_LONGER: "d n f - - -",
    Verb.PATH_CLOSE: "d n f - - -",
    Verb.PATH_LET_CLOSE: "d n f - - -",
    Verb.PATH_KEEP: "d n f - - -",
    Verb.PATH_TRY: "d n f - - -",
    # Last: it makes a stranger a guest.
    Verb.ASK: "n n n - - d",
    Verb.GUIDE: "d d d - - -",
    Verb.GUIDE_SCREEN: "d d d - - -",
    Verb.PUT_BACK: "d n f - - -",
    Verb.PROTECT: "d n f - - -",
    Verb.PROTECT_SURE: "d n f - - -",
    Verb.UNPROTECT: "d n f - - -",
    Verb.UNPROTECT_SURE: "d n f - - -",
    Verb.TAKE_OVER: "d n f - - -",
    Verb.TAKE_OVER_SURE: "d n f - - -",
    Verb.TAKE_OVER_UNDO: "d n f - - -",
    Verb.BLOCK_EVERYTHING: "d n f - - -",
    Verb.END_LOCKDOWN: "d n f - - -",
    Verb.PROVE: "d n f - - -",
    Verb.BLOCKED: "d n f - - -",
    Verb.STATUS: "d n f - - -",
    Verb.MEND: "d n f - - -",
    Verb.COMMAND: "d n f - - -",
    Verb.CARD_BESIDE: "d n f - - -",
    Verb.UNKNOWN: "d n f - - -",
    Verb.ADOPT: "d n f - - -",
    Verb.REVOKE_UNKNOWN: "d n f - - -",
    Verb.RECORD: "d n f - - -",
    Verb.RECORD_PEOPLE: "d n f - - -",
    Verb.RECORD_FILE: "d n f - - -",
}


async def become(home: Household, who: str, standing: str) -> None:
    role, how = STANDINGS[standing]
    async with home.bot.app.parts.store.write() as tx:
        await tx.audit._connection.execute(
            update(person).where(person.c.telegram_id == home.phone(who).user_id).values(role=role, standing=how)
        )


def test_every_command_and_verb_has_its_row() -> None:
    assert COMMAND_TABLE.keys() == COMMANDS.keys()
    assert VERB_TABLE.keys() == VERBS.keys() == set(Verb)


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
        if verb in {Verb.REVOKE, Verb.HELP_NEW, Verb.LOST} and standing == "admin":
            continue
        expected = row.split()[list(STANDINGS).index(standing)]
        await home.clock(seconds=6)
        seen = await home.press("Ben", encode(Press(verb, subject)))
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


@pytest.mark.parametrize("verb", [Verb.REVOKE, Verb.HELP_NEW, Verb.LOST])
async def test_an_admin_may_take_anybodys_away(home: Household, verb: Verb) -> None:
    await home.say("Anna", "/newcert pixel8")
    subject = home.callback("Anna", "Password").split(":")[2]
    await home.say("Ben", "/whoami")
    await home.press("Ben", encode(Press(verb, subject)))
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

    async def handler(turn: Turn) -> None:
        ran.append(turn.actor.telegram_id)

    monkeypatch.setitem(COMMANDS, "bare", Route(handler, Action.ADMINISTER))
    await home.say("Ben", "/whoami")
    await become(home, "Ben", standing)
    await home.say("Ben", "/bare")
    assert bool(ran) is runs
