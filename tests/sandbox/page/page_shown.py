"""The page in a browser, as tests speak of it."""

from dataclasses import dataclass

from playwright.async_api import Page as Tab

from sandbox.page import Page
from sandbox.page.driver import PhoneOnPage, other_side
from sandbox.world import World


@dataclass(frozen=True)
class Shown:
    """The sandbox, its page, and a tab that shows it."""

    world: World
    page: Page
    tab: Tab

    def phone(self, name: str) -> PhoneOnPage:
        return PhoneOnPage(self.tab, name)

    async def drawer(self, name: str) -> None:
        """Open a tab of the drawer."""
        await other_side(self.tab, name)
