"""What of the tour has happened. The words of the tour are the page's own."""

from collections.abc import Iterable
from typing import Any, Final

from sandbox.telegram import ChatEvent

LOOKED: Final = "looked"

_FACTS_OF_TAGS: Final = {
    "worker:certificate:revoked": "revoked",
    "chat:certificate:password-shown": "password",
    "chat:person:asked-to-come-in": "knocked",
    "chat:person:let-in": "let-in",
    "chat:request:chosen": "chosen",
    "chat:request:used": "fetched",
    "chat:person:reported-lost": "reported",
    "chat:person:not-lost-after-all": "answered",
    "chat:person:stays-frozen": "answered",
}
_FROZEN: Final = "Your account is frozen"


class Tour:
    """Facts, each noted once and never taken back: ``asked``, ``password``, ``installed``, ``refused`` (a door
    without certificate), ``opened``, ``revoked``, ``shut`` (403 with a certificate that had opened before),
    ``reopened``, ``looked`` (at the other side), ``knocked``, ``let-in``, ``chosen``, ``fetched`` (a key that was
    allowed), ``reported`` (lost), ``thief`` (somebody frozen asked for more), ``answered`` (an admin, on the report).
    """

    def __init__(self) -> None:
        self._facts: set[str] = set()
        self._opening: set[str] = set()

    @property
    def facts(self) -> list[str]:
        """What has happened, in the alphabet's order."""
        return sorted(self._facts)

    def saw(self, events: Iterable[ChatEvent]) -> None:
        """Somebody's phone showed something new."""
        for event in events:
            document = event.message.document if event.message else None
            if document is not None and document.file_name.endswith(".p12") and event.kind != "gone":
                self._facts.add("asked")
            if event.text.startswith(_FROZEN):
                self._facts.add("thief")

    def recorded(self, events: Iterable[dict[str, Any]]) -> None:
        """The audit trail has these events."""
        self._facts |= {_FACTS_OF_TAGS[event["tag"]] for event in events if event["tag"] in _FACTS_OF_TAGS}

    def installed(self) -> None:
        """A certificate was installed on a phone."""
        self._facts.add("installed")

    def visited(self, status: int | None, key: str) -> None:
        """A phone opened an address, with the certificate of that key or (empty) with none."""
        if not key:
            self._facts |= {"refused"} if status == 403 else set()
        elif status == 403:
            self._facts |= {"shut"} if key in self._opening else set()
        elif status is not None and status < 400:
            self._facts |= {"opened"} | ({"reopened"} if "shut" in self._facts else set())
            self._opening.add(key)

    def looked(self) -> None:
        """The other side was opened."""
        self._facts.add(LOOKED)
