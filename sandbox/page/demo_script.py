"""The tour, walked by clicks and keys from its first step to its last."""

from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import Page as Tab
from playwright.async_api import expect

from sandbox.page.driver import PhoneOnPage, close_other_side, other_side

Reached = Callable[[str, str], Awaitable[None]]
"""Called after each thing that the tour asks for: its fact, and what a picture of that moment is called (or "")."""

_WWW: Final = "www.example.com"
_HOOK: Final = f"https://{_WWW}/api/webhook/abc"


class Walk:
    """A walk through the tour on a fresh page, with Anna's phone and Kim's."""

    def __init__(self, tab: Tab, reached: Reached) -> None:
        self._tab = tab
        self._reached = reached
        self._anna, self._kim = PhoneOnPage(tab, "Anna"), PhoneOnPage(tab, "Kim")

    async def whole(self) -> None:
        """From an empty chat to the end."""
        await self.first_certificate()
        await self.revoke_and_undo()
        await self.family()
        await self.stolen()
        await self.lock()
        await self.webhook()
        await self.fingerprint()

    async def first_certificate(self) -> None:
        """Ask, install, open."""
        anna, kim = self._anna, self._kim
        await kim.whole.get_by_role("button", name="Start", exact=True).click()
        await expect(kim.messages("do not know you")).to_be_visible()
        await anna.say("/newcert pixel8")
        await expect(anna.messages("its certificate is here")).to_be_visible()
        await self._reached("asked", "tour-1-certificate")
        await anna.copy_password()
        await self._reached("password", "tour-2-password")
        await anna.install()
        await self._reached("installed", "")
        await anna.open("ha.example.com")
        await anna.sees_status(403)
        await self._reached("refused", "")
        await anna.open("ha.example.com", "pixel8")
        await anna.sees_status(200)
        await self._reached("opened", "tour-3-open")
        await anna.tap("It works")
        await expect(anna.messages("pixel8 is in")).to_be_visible()
        await self._reached("works", "")

    async def revoke_and_undo(self) -> None:
        """Lose it, undo it, look behind the scene."""
        anna = self._anna
        await anna.say("/revoke pixel8")
        await expect(anna.messages("revoked at Cloudflare")).to_be_visible()
        await self._reached("revoked", "tour-4-revoked")
        await anna.open("ha.example.com", "pixel8")
        await anna.sees_status(403)
        await self._reached("shut", "tour-4-shut")
        await anna.tap("Undo")
        await expect(anna.messages("is valid again")).to_be_visible()
        await anna.open("ha.example.com", "pixel8")
        await anna.sees_status(200)
        await self._reached("reopened", "")
        await other_side(self._tab, "Zone")
        await self._reached("looked", "tour-5-other-side-dark")
        await close_other_side(self._tab)
        await anna.app("Chat")

    async def family(self) -> None:
        """A relative comes in."""
        anna, kim = self._anna, self._kim
        await kim.tap("Ask to come in")
        await expect(anna.messages("Kim asks to come in")).to_be_visible()
        await self._reached("knocked", "tour-6-asks")
        await anna.tap("Let in")
        await self._reached("let-in", "")
        await kim.tap("Android")
        await kim.tap("Call it android")
        await expect(kim.messages("This is what to do")).to_be_visible()
        await self._reached("chosen", "tour-6-steps")
        await kim.tap("Send me the key")
        await kim.tap("Guide")
        await kim.tap("Next ▶")
        await expect(kim.messages("Android: Where the menu hides")).to_be_visible()
        await self._reached("fetched", "tour-6-guide")
        await kim.copy_password()
        await kim.install()
        await kim.tap("It works")
        await expect(kim.messages("android is in")).to_be_visible()

    async def stolen(self) -> None:
        """The relative's phone is stolen, with Telegram on it."""
        anna, kim = self._anna, self._kim
        await kim.say("/lost")
        await kim.tap("android")
        await expect(anna.messages("has lost a phone")).to_be_visible()
        await self._reached("reported", "")
        await kim.say("/newcert evil")
        await expect(kim.messages("Your account is frozen")).to_be_visible()
        await self._reached("thief", "tour-7-stolen")
        await anna.tap("Freeze stays")
        await expect(anna.messages("the freeze stays")).to_be_visible()
        await self._reached("answered", "")
        await kim.open("ha.example.com", "android")
        await kim.sees_status(403)
        await kim.app("Chat")

    async def lock(self) -> None:
        """Another door is locked, and proven to be."""
        anna = self._anna
        await anna.open(_WWW)
        await anna.sees_status(200)
        await self._reached("wide-open", "")
        await anna.say(f"/protect {_WWW}")
        await expect(anna.messages("locked, and proven")).to_be_visible()
        await self._reached("protected", "")
        await anna.open(_WWW)
        await anna.sees_status(403)
        await self._reached("kept-out", "tour-8-locked")
        await anna.open(_WWW, "pixel8")
        await anna.sees_status(200)
        await self._reached("admitted", "")
        await anna.say("/prove")
        await expect(anna.messages("Locked. Tried at")).to_be_visible()
        await self._reached("proven", "tour-9-proven")

    async def webhook(self) -> None:
        """One path for an hour, which ends without the bot."""
        anna = self._anna
        await anna.say(f"/openpath {_HOOK} 1h")
        await expect(anna.messages("it is open, and the service answered")).to_be_visible()
        await self._reached("path-open", "")
        await anna.visit(_HOOK)
        await anna.sees_outcome(200)
        await self._reached("hook", "")
        await anna.visit(f"{_HOOK[:-1]}d")
        await anna.sees_outcome(403)
        await other_side(self._tab, "Zone")
        await self._reached("neighbour", "tour-10-webhook")
        await other_side(self._tab, "Trouble")
        await self._tab.get_by_role("button", name="Kill the bot").click()
        await self._reached("bot-off", "")
        await self._tab.get_by_role("button", name="+1 hour").click()
        await anna.visit(_HOOK)
        await anna.sees_outcome(403)
        await other_side(self._tab, "Zone")
        await self._reached("hook-shut", "tour-11-closed")
        await other_side(self._tab, "Trouble")
        await self._tab.get_by_role("button", name="Start the bot").click()
        await anna.app("Chat")
        await expect(anna.messages("its time was up").last).to_be_visible()
        await self._reached("path-told", "")

    async def fingerprint(self) -> None:
        """The rule names the revoked certificate."""
        await other_side(self._tab, "Zone")
        await self._anna.say("/revoke pixel8")
        await expect(self._anna.last).to_contain_text("New rule seen at the edge")
        await self._reached("listed", "tour-12-fingerprint-dark")
        await close_other_side(self._tab)
