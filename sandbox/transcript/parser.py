r"""The grammar of transcripts.

A transcript is plain text. A line that begins with ``#`` is a comment; empty lines mean nothing. First come the
headers, each at most once and both optional::

    zone: ha.example.com, photos.example.com     associated, and in the rule as Cloudflare documents it
    zone: dashboard ha.example.com               … in the rule as the dashboard's template leaves it
    zone: empty ha.example.com                   no host associated, no rule; the host only names the zone
    people: Anna admin, Tom, Kim member trusted  who has the bot in their phone; no word: a stranger
    people: Eva member de                    … whose Telegram speaks German
    people: Eva unstarted                        … who has not pressed Start: the bot cannot write to her

Then actions at the left edge, each with what it causes indented beneath it::

    Anna: /newcert pixel8                        writes to the bot; ``\n`` is a line break
    Anna forwards: /newcert pixel8               … as a forwarded message
    Anna via @gif: /newcert pixel8               … as an inline bot proposed it
    Anna replies: yes                            … as a reply to the bot's newest message
    Anna edits: "/newcert a" -> /newcert b       changes a message of her own
    Anna taps [Revoke]                           on the newest message with that button
    Anna taps [Revoke] under "pixel8"            … that says so
    Anna taps [Revoke] twice                     before the bot hears of the first
    Anna taps [Let in] and Tom taps [Deny]       at once
    Anna picks Eva under [Pick somebody]         a contact, by a button below the input field
    Anna picks 424242 "Uncle" under [Pick somebody]   … who is not among the people, by number and name
    Anna uses [Yes]                              a button below the input field that sends its text
    Anna presses "1:revoke:{id}:"                forged callback data on the bot's newest message in her chat
    Anna presses "…" on an inaccessible message
    Tom forges Anna's [Revoke]                   presses in his chat what her button holds
    Anna sends laptop.csr with "caption"         a file of her folder, else of her chat
    Anna runs openssl req -new …                 in her folder; a caught {command} may be run too
    Anna installs pixel8.p12 with {password} on pixel8        the newest such file in her chat; must open
    Anna installs pixel8.p12 with "wrong" on pixel8 fails     … must not open
    Anna installs laptop.pem with laptop.key on laptop        a certificate, for a key of her folder
    Anna blocks the bot                          and: Anna unblocks the bot
    Anna in the group: /whoami                   in a group with the bot
    the channel posts: /whoami
    pixel8 opens https://ha.example.com/ -> 200 "Home Assistant"     the page says so somewhere
    nobody opens POST https://ha.example.com/ -> 403                 without a certificate
    pixel8 opens https://ha.example.com/ -> refused                  by TLS, or the line is cut
    nobody opens https://ha.example.com/ from 127.0.0.2 -> 200       from another loopback address
    clock + 2m                                   s, m, h, d and y (365 days); also 1h 30m
    clock to 12:00                               the next time that it is noon (UTC)
    bot stops                                    in order; also: bot starts, bot is killed
    trouble: cloudflare POST */client_certificates -> 500, after, once
    trouble ends                                 no trouble any more; what is held goes on
    rule: EXPRESSION                             replaces the zone's first rule by hand; none: deletes it
    hosts: ha.example.com                        sets the associated hosts by hand; none: takes all away
    certificate: nas                             issues a certificate of that name by hand
    certificate gone: pixel8                     revokes the valid ones of that name by hand
    setting: http3 on                            sets a setting of the zone by hand
    access rule: allow ip 127.0.0.2 "office"     adds an IP Access rule by hand (ip, ip6, ip_range, asn, country)
    access rule: allow asn AS64496 for the account    … of the account
    access rule gone: 127.0.0.2                  deletes those for that value
    rewrite: "old app" http.host eq "…" -> /new  adds a URL rewrite of that name by hand
    name: photos2.example.com like photos.example.com   adds a DNS record by hand: the same service by another name
    token lacks: dns:read                        takes a right from the bot's token; also: token has: dns:read
    note: The first day                          a heading

Trouble is for one stand-in (telegram, cloudflare or edge) and a shell pattern over the call's label (Telegram:
the method; Cloudflare: method and path; the edge: method, host and path). It is a status, ``drop``, ``hold`` or
``slow 3s``, then in any order ``before`` (the default), ``after`` or ``instead``; ``once`` (the default),
``4 times`` or ``always``; ``retry after 30``.

After each action the player waits until the bot has nothing left to do (or a call is held) and compares. All
that came must be told, for each phone in its order (pop-ups and what vanishes each by itself)::

      Anna< text                  a new message
      Anna~ text                  a message changed
      Anna x text                 a message is gone whose text began so
      ! Anna "pop-up"             the answer to a press, whether a pop-up or a line at the top
      Anna copies text            what a copy button copied; need not be told
      Anna goes to https://…      where a link button leads; need not be told
      (nothing)                   nothing came; the same as no line at all

The name may be left out where the action's own person is meant (``< text``); ``group`` and ``channel`` are names
here. A message goes on in lines that are indented deeper than its first; there ``\`` at the end of a line joins it
with the next. Lines with nothing but buttons end it: ``[A] [B]`` are exactly these buttons in this order. In one
line they may stand in any rows, in several lines these are the rows; ``[…]`` stands for any number. Without such a
line the message has no buttons. A file shows as ``<file: pixel8.p12>`` in a line before its caption.

Runs of blanks count as one, line breaks count, empty lines do not. ``…`` matches anything, on a line of its own any
number of lines. ``{word}`` catches what stands there up to the next blank, ``{word…}`` up to the end of the line;
what was caught under a name must be the same from then on, and may be used in actions. A change of a message that
was overtaken by another change of it (or its deletion) within the same action need not be told.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from sandbox.cloudflare.zone import Preset
from sandbox.transcript.actions import Action, Forges, Taps
from sandbox.transcript.errors import TranscriptError
from sandbox.transcript.expectations import Expected, Kind
from sandbox.transcript.keys import Picks
from sandbox.transcript.syntax import NAME, RESERVED, listed, read_action
from sandbox.world import DEFAULT_HOSTS, Person, zone_name

_ROLES = frozenset({"admin", "member", "trusted", "unstarted"})
_BUTTONS = re.compile(r"(?:\[[^\[\]]+\]\s*)+")
_BUTTON = re.compile(r"\[([^\[\]]+)\]")
_LANGUAGE = re.compile(r"[a-z]{2}")
_HEADER = re.compile(r"(zone|people):\s*(.*)")
_REPLY = re.compile(
    rf"(?P<who>{NAME})?(?P<mark>[<~])(?:\s+(?P<text>.*))?"
    rf"|(?:(?P<who2>{NAME})\s+)?(?P<word>x|copies|goes to)\s+(?P<text2>.*)"
    rf"|!(?:\s+(?P<who3>{NAME}))?\s+\"(?P<text3>.*)\""
)
_KINDS: dict[str, Kind] = {"<": "new", "~": "edit", "x": "gone", "copies": "copied", "goes to": "link"}


@dataclass(frozen=True)
class Step:
    """An action and all that it shall cause; ``text`` is the line as written."""

    line: int
    text: str
    action: Action
    expected: tuple[Expected, ...] = ()


@dataclass(frozen=True)
class Transcript:
    """A whole transcript. ``source`` names it in messages."""

    steps: tuple[Step, ...]
    people: tuple[Person, ...] = ()
    hosts: tuple[str, ...] = DEFAULT_HOSTS
    preset: Preset = "documented"
    source: str = ""


@dataclass(frozen=True)
class _Line:
    number: int
    indent: int
    text: str


@dataclass
class _Reading:
    """What was read so far."""

    source: str
    headers: set[str] = field(default_factory=set)
    people: tuple[Person, ...] = ()
    hosts: tuple[str, ...] = DEFAULT_HOSTS
    preset: Preset = "documented"
    steps: list[Step] = field(default_factory=list)

    def block(self, head: _Line, below: Sequence[_Line]) -> None:
        header = _HEADER.fullmatch(head.text)
        if header:
            self._header(header[1], header[2], below)
            return
        action = read_action(head.text)
        self._check_people(_named(action))
        expected = tuple(self._replies(below, action.actor))
        self.steps.append(Step(head.number, head.text, action, expected))

    def _header(self, name: str, text: str, below: Sequence[_Line]) -> None:
        if self.steps or name in self.headers or below:
            raise ValueError(f"{name}: stands once, before all actions, with nothing beneath")
        self.headers.add(name)
        if name == "people":
            self.people = read_people(text)
            return
        first, _, rest = text.partition(" ")
        for preset in get_args(Preset):
            if first == preset:
                self.preset, text = preset, rest
        self.hosts = listed(text) or DEFAULT_HOSTS
        zone_name(self.hosts)

    def _check_people(self, names: Iterable[str]) -> None:
        known = {person.name for person in self.people}
        for name in names:
            if name not in known:
                raise ValueError(f"there is no {name or 'such person'} among the people: {', '.join(sorted(known))}")

    def _replies(self, below: Sequence[_Line], actor: str) -> list[Expected]:
        if len(below) == 1 and below[0].text == "(nothing)":
            return []
        replies: list[Expected] = []
        indent, joined = 0, False
        for line in below:
            message = replies[-1] if replies and replies[-1].kind in ("new", "edit", "gone") else None
            if message and _BUTTONS.fullmatch(line.text) and not joined:
                row = tuple(" ".join(text.split()) for text in _BUTTON.findall(line.text))
                replies[-1] = replace(message, rows=(*message.rows, row))
            elif message and line.indent > indent:
                if message.rows:
                    raise _wrong(line, "a message ends with its buttons")
                replies[-1] = replace(message, text=_longer(message.text, line.text))
            else:
                replies.append(self._reply(line, actor))
                indent = line.indent
            joined = line.text.endswith("\\")
        return replies

    def _reply(self, line: _Line, actor: str) -> Expected:
        found = _REPLY.fullmatch(line.text)
        if not found or line.text.startswith("<file:"):
            raise _wrong(line, f"this is nothing to expect: {line.text}")
        who = found["who"] or found["who2"] or found["who3"] or actor
        if not who and len(self.people) == 1:
            who = self.people[0].name
        if who not in ("group", "channel"):
            try:
                self._check_people([who])
            except ValueError as unknown:
                raise _wrong(line, str(unknown)) from unknown
        kind: Kind = _KINDS.get(found["mark"] or found["word"] or "", "notice")
        text = next((text for text in (found["text"], found["text2"], found["text3"]) if text), "")
        return Expected(line.number, who, kind, text)


def parse(text: str, source: str = "") -> Transcript:
    """Read a transcript.

    Raises:
        TranscriptError: a line that is none, with its number.
    """
    reading, lines = _Reading(source), _lines(text)
    while lines:
        head = lines.pop(0)
        below: list[_Line] = []
        while lines and lines[0].indent:
            below.append(lines.pop(0))
        try:
            if head.indent:
                raise _wrong(head, "the first line is indented")
            reading.block(head, below)
        except ValueError as wrong:
            raise TranscriptError(head.number, str(wrong), source) from wrong
        except TranscriptError as wrong:
            raise TranscriptError(wrong.line, wrong.reason, source) from wrong
    return Transcript(tuple(reading.steps), reading.people, reading.hosts, reading.preset, source)


def read_people(text: str) -> tuple[Person, ...]:
    """People as after ``people:``; raises ``ValueError``."""
    people = tuple(_person(each) for each in listed(text))
    names = [person.name for person in people]
    if len(set(names)) < len(names) or RESERVED & set(names):
        raise ValueError(f"each name once, and none of {', '.join(sorted(RESERVED))}")
    return people


def _lines(text: str) -> list[_Line]:
    numbered = ((number, line.expandtabs(4).rstrip()) for number, line in enumerate(text.splitlines(), start=1))
    return [
        _Line(number, len(line) - len(line.lstrip()), line.strip())
        for number, line in numbered
        if line.strip() and not line.lstrip().startswith("#")
    ]


def _longer(text: str, more: str) -> str:
    return f"{text[:-1].rstrip()} {more}" if text.endswith("\\") else f"{text}\n{more}"


def _named(action: Action) -> list[str]:
    if isinstance(action, Taps):
        return [tap.person for tap in action.taps]
    if isinstance(action, Forges) and action.owner:
        return [action.person, action.owner]
    if isinstance(action, Picks) and not action.number:
        return [action.person, action.contact]
    return [action.actor] if action.actor not in ("", "channel") else []


def _person(text: str) -> Person:
    name, *words = text.split()
    languages = [word for word in words if _LANGUAGE.fullmatch(word)]
    roles = frozenset(words) - set(languages)
    if not re.fullmatch(NAME, name) or not roles <= _ROLES or len(languages) > 1:
        raise ValueError(f"{text!r}: a person is a name, any of {', '.join(sorted(_ROLES))}, and a language")
    return Person(name, roles, *languages)


def _wrong(line: _Line, reason: str) -> TranscriptError:
    return TranscriptError(line.number, reason)
