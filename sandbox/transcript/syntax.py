"""How actions are written: one regular expression for each form."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from sandbox.transcript import actions, dashboard, environment, keys
from sandbox.transcript.actions import Action

NAME: Final = r"[^\W\d_][\w'-]*"
RESERVED: Final = frozenset(
    {"bot", "channel", "clock", "group", "hosts", "name", "nobody", "note"}
    | {"people", "rewrite", "rule", "the", "trouble", "x", "zone"}
)

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "y": 365 * 86_400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdy])")
_TAP = re.compile(rf"(?P<person>{NAME}) taps \[(?P<button>[^\]]+)\](?: under \"(?P<under>[^\"]*)\")?(?P<twice> twice)?")
_OPTION = re.compile(r"(before|after|instead)|(once|always)|(\d+) times|retry after (\d+)")

Groups = dict[str, str]


def read_action(text: str) -> Action:
    """The action of a line.

    Raises:
        ValueError: the line has none of the forms.
    """
    for pattern, build in _FORMS:
        found = pattern.fullmatch(text)
        if found:
            return build({name: value or "" for name, value in found.groupdict().items()})
    raise ValueError(f"this is no action: {text}")


def duration(text: str) -> timedelta:
    """``90s``, ``2m``, ``1h 30m``, ``3d``, ``1y`` (365 days); raises ``ValueError``."""
    parts = _DURATION.findall(text)
    if not parts or _DURATION.sub("", text).strip():
        raise ValueError(f"{text!r} is no time like 90s, 2m, 1h 30m, 3d or 1y")
    return timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))


def listed(text: str) -> tuple[str, ...]:
    """The parts between commas."""
    return tuple(part for part in (each.strip() for each in text.split(",")) if part)


def _taps(groups: Groups) -> Action:
    taps = [
        actions.OneTap(found["person"], found["button"], found["under"] or "", 2 if found["twice"] else 1)
        for found in _TAP.finditer(groups["taps"])
    ]
    return actions.Taps(tuple(taps))


def _says(groups: Groups) -> Action:
    return actions.Says(groups["person"], groups["text"], groups.get("how") or "writes", groups.get("via") or "")


def _installs(groups: Groups) -> Action:
    return environment.Installs(
        person=groups["person"],
        file=groups["file"],
        device=groups["device"],
        password=groups["quoted"] or groups["caught"],
        key_file=groups["key"],
        fails=bool(groups["fails"]),
    )


def _opens(groups: Groups) -> Action:
    status = int(groups["status"]) if groups["status"] else None
    method, source = groups["method"] or "GET", groups["source"] or "127.0.0.1"
    return environment.Opens(groups["device"], method, groups["url"], status, groups["body"], source)


def _allows(groups: Groups) -> Action:
    return dashboard.Allows(groups["target"], groups["value"], groups["notes"], account=bool(groups["account"]))


def _trouble(groups: Groups) -> Action:
    fault: dict[str, Any] = {"call": groups["call"].strip()}
    answer = groups["answer"]
    if answer in ("drop", "hold"):
        fault[answer] = True
    elif answer.startswith("slow"):
        fault["delay_ms"] = int(duration(answer.removeprefix("slow")).total_seconds() * 1000)
    else:
        fault["status"] = int(answer)
    for option in listed(groups["options"].replace(" once", ", once").replace(" always", ", always")):
        fault |= _trouble_option(option)
    return environment.OrdersTrouble(groups["standin"], fault)


def _trouble_option(text: str) -> dict[str, Any]:
    found = _OPTION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is none of: before, after, instead, once, always, N times, retry after N")
    when, often, times, retry_after = found.groups()
    if when:
        return {"when": when}
    if often:
        return {"times": 1 if often == "once" else 0}
    return {"times": int(times)} if times else {"retry_after": int(retry_after)}


def _none_or(text: str) -> str:
    return "" if text == "none" else text


def _form(pattern: str, build: Callable[[Groups], Action]) -> tuple[re.Pattern[str], Callable[[Groups], Action]]:
    return re.compile(pattern), build


_PERSON = rf"(?P<person>{NAME})"
_ONE_TAP = re.sub(r"\?P<\w+>", "?:", _TAP.pattern)

_FORMS: Final = (
    _form(r"note: (?P<text>.+)", lambda g: environment.Notes(g["text"])),
    _form(r"rule: (?P<text>.+)", lambda g: environment.SetsRule(_none_or(g["text"]))),
    _form(r"hosts: (?P<text>.+)", lambda g: environment.SetsHosts(listed(_none_or(g["text"])))),
    _form(r"certificate: (?P<name>.+)", lambda g: environment.IssuesByHand(g["name"])),
    _form(r"certificate gone: (?P<name>.+)", lambda g: environment.RevokesByHand(g["name"])),
    _form(r"setting: (?P<name>\S+) (?P<value>on|off)", lambda g: environment.SetsSetting(g["name"], g["value"])),
    _form(
        r"access rule: allow (?P<target>ip|ip6|ip_range|asn|country) (?P<value>\S+)(?: \"(?P<notes>.*)\")?"
        r"(?P<account> for the account)?",
        _allows,
    ),
    _form(r"access rule gone: (?P<value>\S+)", lambda g: dashboard.Disallows(g["value"])),
    _form(
        r"rewrite: \"(?P<name>[^\"]+)\" (?P<expression>.+) -> (?P<path>/\S*)",
        lambda g: dashboard.RewritesPath(g["expression"], g["path"], g["name"]),
    ),
    _form(r"name: (?P<name>\S+) like (?P<like>\S+)", lambda g: dashboard.AddsName(g["name"], g["like"])),
    _form(r"token lacks: (?P<right>\S+)", lambda g: dashboard.TokenLacks(g["right"])),
    _form(r"token has: (?P<right>\S+)", lambda g: dashboard.TokenLacks(g["right"], back=True)),
    _form(
        r"trouble: (?P<standin>telegram|cloudflare|edge) (?P<call>.+?) -> "
        r"(?P<answer>\d{3}|drop|hold|slow \S+?)(?P<options>(?:[ ,].*)?)",
        _trouble,
    ),
    _form(r"trouble ends", lambda _: environment.EndsTrouble()),
    _form(r"clock \+ ?(?P<by>.+)", lambda g: environment.MovesClock(duration(g["by"]))),
    _form(
        r"clock to (?P<hour>\d\d):(?P<minute>\d\d)", lambda g: environment.SetsTime(int(g["hour"]), int(g["minute"]))
    ),
    _form(r"bot (?P<how>starts|stops|is killed)", lambda g: environment.MovesBot(g["how"])),
    _form(
        r"(?P<device>\S+) opens (?:(?P<method>[A-Z]+) )?(?P<url>https://\S+)(?: from (?P<source>[\d.]+))? -> "
        r"(?:(?P<status>\d{3})|refused)(?: \"(?P<body>.*)\")?",
        _opens,
    ),
    _form(r"the channel posts: (?P<text>.+)", lambda g: actions.SaysElsewhere("channel", g["text"])),
    _form(rf"{_PERSON} in the group: (?P<text>.+)", lambda g: actions.SaysElsewhere(g["person"], g["text"])),
    _form(rf"{_PERSON} (?P<how>forwards|replies): (?P<text>.+)", _says),
    _form(rf"{_PERSON} via @(?P<via>\w+): (?P<text>.+)", _says),
    _form(
        rf"{_PERSON} edits: \"(?P<old>.+?)\" -> (?P<new>.+)",
        lambda g: actions.EditsOwn(g["person"], g["old"], g["new"]),
    ),
    _form(rf"{_PERSON}: (?P<text>.+)", _says),
    _form(rf"(?P<taps>{_ONE_TAP}(?: and {_ONE_TAP})*)", _taps),
    _form(
        rf"{_PERSON} picks (?:(?P<number>\d+) \"(?P<name>[^\"]+)\"|(?P<contact>{NAME})) under \[(?P<button>[^\]]+)\]",
        lambda g: keys.Picks(g["person"], g["contact"] or g["name"], g["button"], int(g["number"] or 0)),
    ),
    _form(rf"{_PERSON} uses \[(?P<button>[^\]]+)\]", lambda g: keys.UsesKey(g["person"], g["button"])),
    _form(
        rf"{_PERSON} presses \"(?P<data>.*)\"(?P<inaccessible> on an inaccessible message)?",
        lambda g: actions.Forges(g["person"], g["data"], inaccessible=bool(g["inaccessible"])),
    ),
    _form(
        rf"{_PERSON} forges (?P<owner>{NAME})'s \[(?P<button>[^\]]+)\]",
        lambda g: actions.Forges(g["person"], owner=g["owner"], button=g["button"]),
    ),
    _form(
        rf"{_PERSON} sends (?P<file>\S+)(?: with \"(?P<caption>.*)\")?",
        lambda g: actions.SendsFile(g["person"], g["file"], g["caption"]),
    ),
    _form(
        rf"{_PERSON} installs (?P<file>\S+) with (?:\"(?P<quoted>[^\"]*)\"|(?P<caught>\{{\S+\}})|(?P<key>\S+)) "
        r"on (?P<device>\S+)(?P<fails> fails)?",
        _installs,
    ),
    _form(rf"{_PERSON} runs (?P<command>.+)", lambda g: actions.RunsCommand(g["person"], g["command"])),
    _form(
        rf"{_PERSON} (?P<un>un)?blocks the bot",
        lambda g: actions.Blocks(g["person"], blocked=not g["un"]),
    ),
)
