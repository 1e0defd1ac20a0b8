"""Reading rules made by hand that lock hosts, as Cloudflare's documentation and many a forum tell to make them.

Nothing here goes by a rule's form: what a rule does is told by playing it for every class of requests that the rules
tell apart (``bot.model.takeover.request_classes``). A *lock* turns away whoever shows no certificate at some hosts,
whatever the path but for some that it names; it lets every valid one in, and does nothing elsewhere. Whatever else
speaks of certificates is not touched, and named. What gets in without a certificate now and not afterwards is named
in full.
"""

from collections.abc import Iterable, Sequence

from bot.errors import InvalidHost
from bot.model.protection.expression_fields import ABOUT_CERTIFICATES, HOST, PATH
from bot.model.protection.hosts import NOTHING_TOLD, ZoneNames, host_below
from bot.model.protection.rule_reader import read_rule
from bot.model.protection.rule_state import ForeignRule, RuleState
from bot.model.protection.takeover import HandMade, HandMadePath, HandMadeRule, KeptLock, Shut
from bot.model.takeover.partial_evaluation import compared_texts
from bot.model.takeover.paths import address_of, can_be_opened, covers, path_of, settled_by
from bot.model.takeover.request_classes import (
    OTHER,
    Certificate,
    Line,
    Outcome,
    RequestClass,
    Settled,
    always,
    both,
    classes,
    lines_of,
    narrowed,
    never,
    outcome,
)

_HARMLESS_ACTIONS = frozenset({"skip", "log"})


def recognise(state: RuleState, zone: str, names: ZoneNames = NOTHING_TOLD) -> HandMade:
    """What of the zone's rules is a lock made by hand, and can be taken over without opening anything."""
    return _TakeOver(state, zone, names).found()


def shut_by_us(state: RuleState, hosts: Iterable[str]) -> Shut:
    """What locks made by hand let in without a certificate at ``hosts``, and ours in front of them would not.

    Where nothing made by hand asks for a certificate, nobody expects that something stays open.
    """
    active = lines_of(rule for rule in state.foreign if rule.enabled)
    notes = _Notes()
    for host in hosts:
        here = [line for line in active if not never(line.says, {HOST: host}, Certificate.NONE)]
        locks = [line for line in here if _asks_for_certificates(line)]
        if locks and host not in _locked_by_us(state):
            _note_shut(notes, host, locks, [line for line in here if line.lets_past])
    return notes.shut()


def opens_something(state: RuleState, off: Iterable[str], hosts: Sequence[str], paths: Iterable[HandMadePath]) -> bool:
    """Whether it cannot be ruled out that switching off the rules ``off`` lets in what they turn away now.

    Ours locks ``hosts`` but for ``paths`` by then.
    """
    active = lines_of(rule for rule in state.foreign if rule.enabled)
    ids = set(off)
    locks = [line for line in active if line.rule.rule_id in ids and not line.skips]
    played = [line for line in active if line.skips or line in locks]
    return not all(_is_replaced(line, hosts) for line in locks) or not all(
        _passes(played, settled_by(one)) for one in paths
    )


class _Notes:
    """Gathers what has to be named, each thing once."""

    def __init__(self) -> None:
        self.addresses: dict[str, None] = {}
        self.rules: dict[ForeignRule, None] = {}

    def shut(self) -> Shut:
        return Shut(tuple(self.addresses), tuple(_named(rule) for rule in self.rules))


class _TakeOver:
    """Finds what a take-over of a zone's rules would be."""

    def __init__(self, state: RuleState, zone: str, names: ZoneNames) -> None:
        self._zone = zone
        # Whether a name goes through Cloudflare does not matter: what is locked stays locked.
        self._names = ZoneNames(full=names.full)
        self._ours = _locked_by_us(state)
        self._open = read_rule(state.ours.expression).exceptions if state.ours is not None and self._ours else ()
        self._active = lines_of(rule for rule in state.foreign if rule.enabled)
        wholly = {line: _wholly_locked(line) for line in self._active}
        found = [host for hosts in wholly.values() for host in hosts if self._takes(host)]
        self._hosts = tuple(dict.fromkeys(found))
        self._locks = [line for line, hosts in wholly.items() if set(hosts) & set(self._hosts)]
        self._off = [line for line in self._locks if _is_replaced(line, self._hosts)]
        self._played = [line for line in self._active if line.lets_past or line in self._locks]
        self._all = [line for line in self._active if line.lets_past or line.rule.action == "block"]
        self._notes = _Notes()
        self._concerned: set[ForeignRule] = set()
        self._heeds_revocation = self._heeds_maker = True

    def found(self) -> HandMade:
        paths = self._carried()
        for host in self._reached():
            opened = [settled_by(path) for path in paths if path.host == host]
            for one in classes(self._played, {HOST: host}):
                if not any(covers(opening, one.settled) for opening in opened):
                    self._note(one)
        return HandMade(
            rules=tuple(_named(line.rule) for line in [*self._off, *self._skips_off()]),
            hosts=self._hosts,
            paths=paths,
            ordered=self._ordered(),
            heeds_revocation=self._heeds_revocation,
            heeds_maker=self._heeds_maker,
            shut=self._notes.shut(),
            kept=tuple(self._kept(line) for line in self._locks if line not in self._off),
            unread=tuple(_named(line.rule) for line in self._active if self._is_unread(line)),
        )

    def _takes(self, host: str) -> bool:
        try:
            return host_below(host, self._zone, self._names) == host
        except InvalidHost:
            return False

    def _reached(self) -> tuple[str, ...]:
        """Hosts where ours turns somebody away from now on, among those that the locks name: also ``host:8443``."""
        named = dict.fromkeys(host for line in self._locks for host in compared_texts(line.says, HOST))
        return tuple(host for host in named if _is_ours(host, self._hosts) and not _is_ours(host, self._ours))

    def _carried(self) -> tuple[HandMadePath, ...]:
        """What may be open in ours: passes whatever is shown, and can be said by an opening."""
        found: dict[HandMadePath, None] = {}
        for host in self._hosts:
            if host in self._ours:
                # Ours stands in front there already, and what is open is what it says.
                continue
            for one in classes(self._played, {HOST: host}):
                path = path_of(one.settled)
                if path is not None and _passes(self._played, settled_by(path)) and can_be_opened(path, self._zone):
                    found[path] = None
        return tuple(found)

    def _ordered(self) -> tuple[HandMadePath, ...]:
        found = (
            HandMadePath(one.host, one.path, one.method, one.query, tuple(str(network) for network in one.networks))
            for one in self._open
        )
        return tuple(one for one in found if not _passes(self._off, settled_by(one)))

    def _note(self, one: RequestClass) -> None:
        """Name what of these requests gets in now and not with ours."""
        if one.outcome(Certificate.NONE) is not Outcome.BLOCKED:
            self._concerned |= _note_without(self._notes, one)
        if address_of(one.settled) in self._notes.addresses:
            # Named, whatever is shown there.
            return
        # The other text of these rules may be one that another rule names.
        said = {key: value for key, value in one.settled.items() if value is not OTHER}
        for certificate in (Certificate.UNVERIFIED, Certificate.REVOKED):
            # A rule of its own may turn them away, one that stays.
            stopped = outcome(narrowed(self._all, said, certificate))
            if Outcome.BLOCKED not in {one.outcome(certificate), stopped}:
                self._note_shown(certificate, one)

    def _note_shown(self, certificate: Certificate, one: RequestClass) -> None:
        unsure = _undecided_skips(one.lines[certificate])
        named = {*self._notes.rules, *unsure}
        rest = [line for line in self._played if line.rule not in named]
        if outcome(narrowed(rest, one.settled, certificate)) is Outcome.BLOCKED:
            self._notes.rules |= dict.fromkeys(unsure)
            self._concerned |= set(unsure)
        elif certificate is Certificate.REVOKED:
            self._heeds_revocation = False
        else:
            self._heeds_maker = False

    def _skips_off(self) -> list[Line]:
        """Skips that nothing needs any more: what they let in is carried over, and no rule behind would stop it."""
        return [line for line in self._active if line.skips and self._is_spare(line)]

    def _is_spare(self, skip: Line) -> bool:
        behind = [line for line in self._active if line.rule.place > skip.rule.place]
        matters = any(
            line in behind and not never(both(skip, line), {HOST: host}, Certificate.NONE)
            for line in self._off
            for host in self._hosts
        )
        if not matters or skip.rule.skips_more or skip.rule in self._concerned:
            return False
        needed = [line for line in behind if line not in self._off and not (line.skips and not line.rule.skips_more)]
        return all(never(both(skip, line), {}) for line in needed)

    def _kept(self, line: Line) -> KeptLock:
        others = [one for one in _touched(line) if not _is_ours(one, self._hosts)]
        return KeptLock(_named(line.rule), tuple(others))

    def _is_unread(self, line: Line) -> bool:
        return (
            _asks_for_certificates(line)
            and line not in self._locks
            # What turns away revoked certificates alone goes well with ours as it is.
            and not never(line.says, {}, Certificate.NONE, Certificate.UNVERIFIED, Certificate.VALID)
        )


def _locked_by_us(state: RuleState) -> tuple[str, ...]:
    return read_rule(state.ours.expression).hosts if state.ours is not None and state.ours.enabled else ()


def _asks_for_certificates(line: Line) -> bool:
    return line.rule.action not in _HARMLESS_ACTIONS and ABOUT_CERTIFICATES in line.rule.text


def _wholly_locked(line: Line) -> tuple[str, ...]:
    """The hosts at which a rule turns away whoever shows nothing; none for a rule that does anything else as well."""
    if line.rule.action != "block" or not _does_nothing_else(line):
        return ()
    return tuple(
        host
        for host in compared_texts(line.says, HOST)
        if always(line.says, {HOST: host, PATH: OTHER}, Certificate.NONE)
    )


def _does_nothing_else(line: Line) -> bool:
    return never(line.says, {HOST: OTHER}) and never(line.says, {}, Certificate.VALID)


def _touched(line: Line) -> tuple[str, ...]:
    return tuple(host for host in compared_texts(line.says, HOST) if not never(line.says, {HOST: host}))


def _is_ours(host: str, hosts: Sequence[str]) -> bool:
    """Whether ours, which compares the beginning in small letters, locks a host among others."""
    return host.lower().startswith(tuple(hosts))


def _is_replaced(line: Line, hosts: Sequence[str]) -> bool:
    """Whether ours with these hosts turns away all that this lock does, but for what is open in ours."""
    return _does_nothing_else(line) and all(_is_ours(host, hosts) for host in _touched(line))


def _passes(lines: Sequence[Line], settled: Settled) -> bool:
    """Whether nobody is turned away, whatever they show."""
    return all(outcome(narrowed(lines, settled, one)) is Outcome.PASSES for one in Certificate)


def _note_without(notes: _Notes, one: RequestClass) -> set[ForeignRule]:
    """Name what lets these requests in without a certificate; answers the skips that have to do with it."""
    lines = one.lines[Certificate.NONE]
    skips = [line.rule for line in lines if line.lets_past]
    if not isinstance(one.settled.get(PATH), str):
        notes.rules |= dict.fromkeys(skips)
        if not skips:
            notes.addresses[address_of(one.settled)] = None
    elif one.outcome(Certificate.NONE) is Outcome.PASSES:
        notes.addresses[address_of(one.settled)] = None
    else:
        notes.rules |= dict.fromkeys(_undecided_skips(lines))
        if any(not line.lets_past and not line.decides for line in lines):
            notes.addresses[address_of(one.settled)] = None
    return set(skips)


def _undecided_skips(lines: Sequence[Line]) -> list[ForeignRule]:
    return [line.rule for line in lines if line.lets_past and not line.decides]


def _note_shut(notes: _Notes, host: str, locks: Sequence[Line], skips: Sequence[Line]) -> None:
    blocks = [line for line in locks if line.rule.action == "block"]
    if not any(always(line.says, {HOST: host, PATH: OTHER}, Certificate.NONE) for line in blocks):
        # None of them locks the host as a whole: what they leave open is told by their text alone.
        notes.rules |= {line.rule: None for line in [*locks, *skips]}
        return
    played = sorted([*blocks, *skips], key=lambda line: line.rule.place)
    for one in classes(played, {HOST: host}):
        if one.outcome(Certificate.NONE) is not Outcome.BLOCKED:
            _note_without(notes, one)


def _named(rule: ForeignRule) -> HandMadeRule:
    return HandMadeRule(rule.rule_id, rule.text, rule.description)
