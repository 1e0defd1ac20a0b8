"""What of the tour has happened. The words of the tour are the page's own."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from sandbox.telegram import ChatEvent

LOOKED: Final = "looked"

_FACTS_OF_TAGS: Final = {
    "worker:certificate:revoked": "revoked",
    "chat:certificate:password-shown": "password",
    "chat:certificate:works": "works",
    "chat:person:asked-to-come-in": "knocked",
    "chat:person:let-in": "let-in",
    "chat:request:chosen": "chosen",
    "chat:request:used": "fetched",
    "chat:person:reported-lost": "reported",
    "chat:person:not-lost-after-all": "answered",
    "chat:person:stays-frozen": "answered",
    "worker:host:protected": "protected",
    "worker:path:opened": "path-open",
    "worker:path:closed": "path-told",
}
_FACTS_OF_WORDS: Final = {"Your account is frozen": "thief", "🟢 Locked.": "proven"}


class Tour:
    """Facts, each noted once and never taken back.

    ``asked``, ``password``, ``installed``, ``refused`` (a door without certificate), ``opened``, ``works``,
    ``revoked``, ``shut`` (403 with a certificate that had opened before), ``reopened``, ``looked`` (at the other
    side), ``knocked``, ``let-in``, ``chosen``, ``fetched`` (a key that was allowed), ``reported`` (lost), ``thief``
    (somebody frozen asked for more), ``answered`` (an admin, on the report).

    The edge: ``wide-open`` (a host without certificate), ``protected``, ``kept-out`` (403 at such a host),
    ``admitted`` (there, with a certificate), ``proven``, ``path-open``, ``hook`` (without certificate, where else one
    is needed), ``neighbour`` (403 beside it), ``bot-off``, ``hook-shut``, ``path-told`` (closed, says the bot),
    ``listed`` (a phone's fingerprint came into the rule).
    """

    def __init__(self) -> None:
        self._facts: set[str] = set()
        self._opening: set[str] = set()
        self._wide_open: set[str] = set()
        self._kept_out: set[str] = set()
        self._hooks: set[str] = set()
        self._in_rule: frozenset[str] | None = None

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
            self._facts |= {fact for words, fact in _FACTS_OF_WORDS.items() if event.text.startswith(words)}

    def recorded(self, events: Iterable[dict[str, Any]]) -> None:
        """The audit trail has these events."""
        self._facts |= {_FACTS_OF_TAGS[event["tag"]] for event in events if event["tag"] in _FACTS_OF_TAGS}

    def installed(self) -> None:
        """A certificate was installed on a phone."""
        self._facts.add("installed")

    def visited(self, url: str, status: int | None, key: str) -> None:
        """A phone opened an address, with the certificate of that key or (empty) with none."""
        if status is None:
            return
        address = urlsplit(url)
        host, whole = address.netloc.lower(), address._replace(fragment="").geturl()
        if key:
            self._with_certificate(host, status, key)
        elif status == 403:
            self._turned_away(host, whole)
        elif status < 400:
            self._let_through(host, whole)

    def looked(self) -> None:
        """The other side was opened."""
        self._facts.add(LOOKED)

    def bot_is_off(self) -> None:
        """The bot does not run."""
        self._facts |= {"bot-off"} if "hook" in self._facts else set()

    def ruled(self, turned_away: frozenset[str], on_phones: frozenset[str]) -> None:
        """Latchkey's rule has these fingerprints, and the phones those."""
        if self._in_rule is not None and (turned_away - self._in_rule) & on_phones:
            self._facts.add("listed")
        self._in_rule = turned_away

    def _with_certificate(self, host: str, status: int, key: str) -> None:
        if status == 403:
            self._facts |= {"shut"} if key in self._opening else set()
        elif status < 400:
            self._facts |= {"opened"} | ({"reopened"} if "shut" in self._facts else set())
            self._facts |= {"admitted"} if host in self._kept_out else set()
            self._opening.add(key)

    def _turned_away(self, host: str, url: str) -> None:
        self._facts.add("refused")
        if host in self._wide_open:
            self._kept_out.add(host)
            self._facts.add("kept-out")
        if url in self._hooks:
            self._facts.add("hook-shut")
        elif self._hooks:
            self._facts.add("neighbour")

    def _let_through(self, host: str, url: str) -> None:
        if host in self._kept_out:
            self._hooks.add(url)
            self._facts.add("hook")
        else:
            self._wide_open.add(host)
            self._facts.add("wide-open")
