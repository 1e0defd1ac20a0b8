"""Rules made by hand, named to the last letter: what is not carried over must not be missed because it was long."""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from bot.chat.messages.message import Locale, lines, named, paragraphs
from bot.model.protection.takeover import HandMade, HandMadeRule, KeptLock, Shut

_ROOM = 3500
"""UTF-16 units of a message; Telegram takes 4,096, counted without the markup (Bot API, sendMessage)."""

_LONGEST = 3000


def left_behind(found: HandMade, locale: Locale) -> Iterator[Markup]:
    """What a take-over would not carry over."""
    yield from shut(found.shut, locale)
    for one in found.kept:
        yield from _kept(one, found.hosts, locale)
    yield from unread(found.unread, locale)


def shut(what: Shut, locale: Locale) -> Iterator[Markup]:
    """What gets in without a certificate now and would not behind our lock."""
    addresses = locale.many(
        "Your rules leave this open without a certificate; with my lock it <b>needs one</b>:",
        "Your rules leave these open without a certificate; with my lock they <b>need one</b>:",
        len(what.addresses),
    )
    rules = locale.many(
        "This rule lets more in without a certificate than I can list. All of that <b>needs one</b> with my lock:",
        "These rules let more in without a certificate than I can list. All of that <b>needs one</b> with my lock:",
        len(what.rules),
    )
    yield from _under(addresses, (_piece("", one) for one in what.addresses))
    yield from _under(rules, map(_rule, what.rules))


def unread(rules: Sequence[HandMadeRule], locale: Locale) -> Iterator[Markup]:
    """Rules about certificates that stay as they are."""
    head = locale.many(
        "A rule about certificates that I cannot carry over. It stays as it is:",
        "Rules about certificates that I cannot carry over. They stay as they are:",
        len(rules),
    )
    yield from _under(head, map(_rule, rules))


def packed(parts: Iterable[Markup | None]) -> tuple[Markup, ...]:
    """The parts as one text, or as several where there is no room for all in one."""
    texts: list[list[Markup]] = [[]]
    for part in parts:
        if not part:
            continue
        if texts[-1] and _length(paragraphs(*texts[-1], part)) > _ROOM:
            texts.append([])
        texts[-1].append(part)
    return tuple(paragraphs(*text) for text in texts)


def _kept(one: KeptLock, hosts: tuple[str, ...], locale: Locale) -> Iterator[Markup]:
    head = locale._(
        "This rule stays on behind mine, because it also locks {others}, which I cannot. As long as {hosts} is in it too, paths that I open there later stay shut:"
    ).format(others=named(one.hosts, locale), hosts=named(hosts, locale))
    yield from _under(head, (_rule(one.rule),))


def _under(head: Markup, items: Iterable[Iterator[Markup]]) -> Iterator[Markup]:
    """The items below their heading, as parts of which each has room in a message."""
    together = [head]
    for piece in (piece for item in items for piece in item):
        if _length(lines(*together, piece)) > _ROOM:
            yield lines(*together)
            together = []
        together.append(piece)
    if together != [head]:
        yield lines(*together)


def _rule(rule: HandMadeRule) -> Iterator[Markup]:
    return _piece(rule.description, rule.text)


def _piece(name: str, text: str) -> Iterator[Markup]:
    """A text in full, in as many pieces as it takes."""
    at, head = 0, Markup("• {}: ").format(name) if name else Markup("• ")
    while at < len(text) or at == 0:
        end = at + _LONGEST
        while _length(Markup.escape(text[at:end])) > _LONGEST:
            end -= (end - at) // 8 or 1
        yield head + Markup("<code>{}</code>").format(text[at:end])
        at, head = end, Markup("")


def _length(text: Markup) -> int:
    return len(text.encode("utf-16-le")) // 2
