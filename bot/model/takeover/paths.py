"""Paths that rules made by hand leave open, as openings of ours, or as addresses where no opening says the same."""

from ipaddress import ip_network

from bot.errors import InvalidHost, InvalidPath
from bot.model.openings.input import WantedPath, lasting_path
from bot.model.protection.expression import Field, Within
from bot.model.protection.expression_fields import HOST, METHOD, PATH, QUERY, SOURCE
from bot.model.protection.takeover import HandMadePath
from bot.model.takeover.request_classes import Other, Settled


def path_of(settled: Settled) -> HandMadePath | None:
    """The opening that says no more than these requests need; ``None`` where none can say it."""
    host, path = settled[HOST], settled.get(PATH)
    within = [one for one, inside in settled.items() if isinstance(one, Within) and inside is True]
    if not isinstance(host, str) or not isinstance(path, str) or len(within) > 1:
        return None
    return HandMadePath(
        host=host,
        path=path,
        method=_text(settled.get(METHOD)),
        query=_text(settled.get(QUERY)),
        networks=_networks(within[0]) if within else (),
    )


def settled_by(path: HandMadePath) -> Settled:
    """What is settled of the requests that this opening lets in."""
    texts = {HOST: path.host, PATH: path.path, METHOD: path.method, QUERY: path.query}
    settled: dict[Field | Within, str | bool | Other] = {key: text for key, text in texts.items() if text is not None}
    if path.networks:
        settled[Within(SOURCE, tuple(ip_network(one) for one in path.networks))] = True
    return settled


def covers(opening: Settled, settled: Settled) -> bool:
    """Whether the requests that one settles are all among those that the other does."""
    return all(settled.get(key) == value for key, value in opening.items())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _networks(within: Within) -> tuple[str, ...]:
    return tuple(str(network) for network in within.networks)


def address_of(settled: Settled) -> str:
    """The requests as an address, and what narrows it as far as that can be said."""
    method, query = settled.get(METHOD), settled.get(QUERY)
    inside = [one for one, holds in settled.items() if isinstance(one, Within) and holds is True]
    return "".join(
        (
            f"{method} " if isinstance(method, str) else "",
            f"{settled[HOST]}{_text(settled.get(PATH)) or ''}",
            f"?{query}" if isinstance(query, str) and query else "",
            "".join(f" ({', '.join(_networks(one))})" for one in inside),
        )
    )


def wanted_path(one: HandMadePath, zone: str) -> WantedPath:
    """The opening that says the same, to last until somebody closes it.

    Raises:
        BadPath, BadHost: none can.
    """
    return lasting_path(one.host, one.path, one.method, zone, query=one.query, networks=one.networks)


def can_be_opened(path: HandMadePath, zone: str) -> bool:
    """Whether an opening says exactly the same."""
    try:
        wanted_path(path, zone)
    except (InvalidPath, InvalidHost):
        return False
    return True
