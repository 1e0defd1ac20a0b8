"""The people: what an act means on their phones now. Nothing here waits for the bot."""

from collections.abc import Callable
from typing import Any

from sandbox.chaos.script import NAMES, Act
from sandbox.telegram import Phone
from sandbox.telegram.phone import Contact
from sandbox.world import World

_DECIDING = ("Let in", "Approve", "Deny", "Block", "Let in and trust")
_MOSTLY = ("Let in", "Approve")
_FINISHING = ("Password", "Get it now", "Send me the key", "Show without a trace", "Android", "Ask to come in")
_CONFIRMING = (
    *("Take it over…", "Take it over", "Put it back as it was", "Lock it now", "Lock it with my rule", "Yes, for good"),
    *("Open to everybody", "+1 h", "Close now", "Keep", "Try it", "Undo", "Make it again", "Next one"),
    *("Look at it", "Look at them"),
    *("Nobody's: revoke it", "Put the rule back", "Put back", "Trust with own devices", "It doesn't", "Ask for help"),
    *("Send a new key", "Send the steps", "Revoke these too", "An hour ago", "Block everything", "Look again", *NAMES),
)
_MENDING = ("Telegram was not on it", "Lift the freeze", "End the lockdown", "Put back", "Take back")
_KEY_BLOCK = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgME\n-----END PRIVATE KEY-----\n"
_FILES = {"key": _KEY_BLOCK, "junk": b"\x00\x01junk", "csr": b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n"}


class Players:
    """Do what the script says. Everybody's old buttons are remembered: a thief has them all."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._old: dict[tuple[str, int, str], None] = {}
        self._ways: dict[str, Callable[..., str]] = {
            "say": self._say,
            "admin-says": self._say,
            "tap": self._tap,
            "new": self._tap,
            "decide": self._decide,
            "finish": self._finish,
            "confirm": self._confirm,
            "two-tap": self._two_tap,
            "forge": self._forge,
            "old": self._press_old,
            "contact": self._contact,
            "file": self._file,
            "block": self._block,
            "mend": self._mend,
        }

    def plays(self, act: Act) -> bool:
        """Whether the act is one of people's."""
        return act.kind in self._ways

    def play(self, act: Act) -> str:
        """Do it; says what was done, as far as it could be."""
        return self._ways[act.kind](**act.args)

    def _awake(self, who: str) -> Phone | None:
        phone = self._world.people[who]
        return None if phone.blocked else phone

    def buttons(self, who: str) -> list[tuple[int, str, str]]:
        """What somebody could tap now, newest message first: message, text, data."""
        found = [
            (message.message_id, button.text, button.value)
            for message in reversed(self._world.people[who].chat)
            if message.from_bot
            for row in message.rows
            for button in row
            if button.kind == "callback"
        ]
        self._old.update(dict.fromkeys((who, at, data) for at, _, data in found))
        return found

    def _say(self, who: str, text: str) -> str:
        phone = self._awake(who)
        if phone is None:
            return "has blocked the bot"
        phone.send(text)
        return f"{who}: {text}"

    def _press(self, who: str, at: int, text: str) -> str:
        phone = self._awake(who)
        if phone is None:
            return "has blocked the bot"
        phone.tap(at, text)
        return f"{who} taps [{text}] of {at}"

    def _tap(self, who: str, place: int, times: int = 1) -> str:
        buttons = self.buttons(who)
        if not buttons:
            return "no button"
        at, text, _ = buttons[place % len(buttons)]
        return "; ".join(self._press(who, at, text) for _ in range(times))

    def _of(self, who: str, texts: tuple[str, ...]) -> str:
        for at, text, _ in self.buttons(who):
            if text in texts:
                return self._press(who, at, text)
        return "no such button"

    def _decide(self, who: str, *, mostly: bool) -> str:
        return self._of(who, _MOSTLY if mostly else _DECIDING)

    def _finish(self, who: str, *, works: bool) -> str:
        buttons = [text for _, text, _ in self.buttons(who)]
        proposed = tuple(text for text in buttons if text.startswith("Call it"))
        done = self._of(who, (*_FINISHING, *proposed))
        return f"{done}; {self._of(who, ('It works',))}" if works else done

    def _confirm(self, who: str, place: int) -> str:
        found = [(at, text) for at, text, _ in self.buttons(who) if text in _CONFIRMING]
        return self._press(who, *found[place % len(found)]) if found else "nothing to confirm"

    def _two_tap(self, places: list[int]) -> str:
        return "; ".join(self._tap(who, place) for who, place in zip(("Annabell", "Benjamin"), places, strict=True))

    def _forge(self, who: str, owner: str, place: int, arg: str) -> str:
        buttons, phone = self.buttons(owner), self._awake(who)
        if not buttons or phone is None:
            return "nothing to forge"
        data = buttons[place % len(buttons)][2]
        if arg:
            data = ":".join((*data.split(":")[:3], arg))
        own = [message.message_id for message in phone.chat if message.from_bot]
        phone.press(own[-1] if own else 1, data, inaccessible=not own)
        return f"{who} forges {owner}'s {data}"

    def _press_old(self, who: str, place: int) -> str:
        phone = self._awake(who)
        if not self._old or phone is None:
            return "nothing old"
        owner, at, data = list(self._old)[place % len(self._old)]
        phone.press(at, data, inaccessible=at not in {message.message_id for message in phone.chat})
        return f"{who} presses {owner}'s old {data} of {at}"

    def _contact(self, who: str, by: str) -> str:
        phone = self._awake(by)
        if phone is None:
            return "has blocked the bot"
        contact = Contact(self._world.people[who].user_id, who)
        try:
            phone.share_users("Pick a contact", [contact])
        except LookupError:
            phone.send("/invite")
            return f"{by}: /invite"
        return f"{by} picks {who}"

    def _file(self, who: str, what: str) -> str:
        phone = self._awake(who)
        if phone is None:
            return "has blocked the bot"
        phone.send_document(f"{what}.pem", _FILES[what])
        return f"{who} sends a file with {what}"

    def _block(self, who: str) -> str:
        phone: Any = self._world.people[who]
        if phone.blocked:
            phone.unblock()
            return f"{who} starts the bot again"
        phone.block()
        return f"{who} blocks the bot"

    def _mend(self, who: str) -> str:
        """What would stay in everybody's way: blocked chats, a lockdown, frozen accounts."""
        done = [self._block(name) for name, phone in self._world.people.items() if phone.blocked]
        done.append(self._of(who, _MENDING))
        return "; ".join([*done, self._say(who, "/lockdown off")])
