from datetime import timedelta

import pytest

from sandbox.transcript import TranscriptError, actions, dashboard, environment, keys, parse
from sandbox.transcript.actions import Action
from sandbox.world import Person

PEOPLE = "people: Anna admin, Tom\n"


def only_action(line: str) -> Action:
    (step,) = parse(f"{PEOPLE}{line}\n").steps
    assert step.text == line
    return step.action


def test_headers() -> None:
    told = parse("# a day\n\nzone: dashboard ha.home.net, nas.home.net\npeople: Anna admin, Kim member trusted, Tom\n")
    assert told.preset == "dashboard"
    assert told.hosts == ("ha.home.net", "nas.home.net")
    assert told.people == (
        Person("Anna", frozenset({"admin"})),
        Person("Kim", frozenset({"member", "trusted"})),
        Person("Tom"),
    )


def test_without_headers_the_zone_is_as_documented() -> None:
    told = parse("nobody opens https://ha.example.com/ -> 403")
    assert (told.preset, told.hosts, told.people) == (
        "documented",
        ("ha.example.com", "photos.example.com"),
        (),
    )
    assert parse("zone: empty").preset == "empty"


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("Anna: /newcert pixel8: mine", actions.Says("Anna", "/newcert pixel8: mine")),
        ("Anna forwards: /newcert x", actions.Says("Anna", "/newcert x", "forwards")),
        ("Anna via @gif: /newcert x", actions.Says("Anna", "/newcert x", via="gif")),
        ("Anna replies: pixel8", actions.Says("Anna", "pixel8", "replies")),
        ('Anna edits: "a b" -> /newcert x', actions.EditsOwn("Anna", "a b", "/newcert x")),
        ("Anna taps [Let in]", actions.Taps((actions.OneTap("Anna", "Let in"),))),
        ("Anna taps [Undo] twice", actions.Taps((actions.OneTap("Anna", "Undo", times=2),))),
        (
            'Anna taps [A and B] under "pixel8" twice and Tom taps [Deny]',
            actions.Taps((actions.OneTap("Anna", "A and B", "pixel8", 2), actions.OneTap("Tom", "Deny"))),
        ),
        ('Anna presses "1:revoke:{id}:"', actions.Forges("Anna", "1:revoke:{id}:")),
        ('Anna presses "x" on an inaccessible message', actions.Forges("Anna", "x", inaccessible=True)),
        ("Tom forges Anna's [Revoke]", actions.Forges("Tom", owner="Anna", button="Revoke")),
        ("Anna sends laptop.csr", actions.SendsFile("Anna", "laptop.csr")),
        ('Anna sends laptop.csr with "for me"', actions.SendsFile("Anna", "laptop.csr", "for me")),
        ("Anna runs {command}", actions.RunsCommand("Anna", "{command}")),
        ("Anna picks Tom under [Pick somebody]", keys.Picks("Anna", "Tom", "Pick somebody")),
        ('Anna picks 77 "Aunt Zoe" under [Pick]', keys.Picks("Anna", "Aunt Zoe", "Pick", 77)),
        ("Anna uses [Yes]", keys.UsesKey("Anna", "Yes")),
        ("Anna blocks the bot", actions.Blocks("Anna", blocked=True)),
        ("Anna unblocks the bot", actions.Blocks("Anna", blocked=False)),
        ("Anna in the group: /whoami", actions.SaysElsewhere("Anna", "/whoami")),
        ("the channel posts: /whoami", actions.SaysElsewhere("channel", "/whoami")),
        (
            "Anna installs pixel8.p12 with {password} on pixel8",
            environment.Installs("Anna", "pixel8.p12", "pixel8", password="{password}"),
        ),
        (
            'Anna installs pixel8.p12 with "no such" on pixel8 fails',
            environment.Installs("Anna", "pixel8.p12", "pixel8", password="no such", fails=True),
        ),
        (
            "Anna installs laptop.pem with laptop.key on laptop",
            environment.Installs("Anna", "laptop.pem", "laptop", key_file="laptop.key"),
        ),
        (
            'pixel8 opens https://ha.example.com/ -> 200 "Home"',
            environment.Opens("pixel8", "GET", "https://ha.example.com/", 200, "Home"),
        ),
        (
            "nobody opens POST https://ha.example.com/x?y=1 -> 403",
            environment.Opens("nobody", "POST", "https://ha.example.com/x?y=1", 403),
        ),
        (
            "nobody opens https://ha.example.com/ -> refused",
            environment.Opens("nobody", "GET", "https://ha.example.com/", None),
        ),
        ("clock + 2m", environment.MovesClock(timedelta(minutes=2))),
        ("clock + 1y 2d 3h", environment.MovesClock(timedelta(days=367, hours=3))),
        ("bot is killed", environment.MovesBot("is killed")),
        ("bot starts", environment.MovesBot("starts")),
        ("trouble ends", environment.EndsTrouble()),
        ('rule: (http.host eq "a")', environment.SetsRule('(http.host eq "a")')),
        ("rule: none", environment.SetsRule("")),
        ('access rule: allow ip 192.0.2.1 "the office"', dashboard.Allows("ip", "192.0.2.1", "the office")),
        ("access rule: allow asn AS64496 for the account", dashboard.Allows("asn", "AS64496", account=True)),
        ("access rule gone: AS64496", dashboard.Disallows("AS64496")),
        (
            'rewrite: "old app" http.host eq "a" -> /new',
            dashboard.RewritesPath('http.host eq "a"', "/new", "old app"),
        ),
        ("name: *.example.com like ha.example.com", dashboard.AddsName("*.example.com", "ha.example.com")),
        ("token lacks: dns:read", dashboard.TokenLacks("dns:read")),
        ("token has: dns:read", dashboard.TokenLacks("dns:read", back=True)),
        (
            "nobody opens https://a.example.com/ from 127.0.0.2 -> 200",
            environment.Opens("nobody", "GET", "https://a.example.com/", 200, source="127.0.0.2"),
        ),
        ("hosts: a.example.com, b.example.com", environment.SetsHosts(("a.example.com", "b.example.com"))),
        ("hosts: none", environment.SetsHosts(())),
        ("note: The first day", environment.Notes("The first day")),
    ],
)
def test_actions(line: str, action: Action) -> None:
    assert only_action(line) == action


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        (
            "cloudflare POST */client_certificates -> 500 after, once",
            {"call": "POST */client_certificates", "status": 500, "when": "after", "times": 1},
        ),
        ("telegram sendMessage -> 429, retry after 30", {"call": "sendMessage", "status": 429, "retry_after": 30}),
        ("telegram * -> drop, always", {"call": "*", "drop": True, "times": 0}),
        ("edge GET * -> hold, before, 3 times", {"call": "GET *", "hold": True, "when": "before", "times": 3}),
        ("cloudflare * -> slow 3s, always", {"call": "*", "delay_ms": 3000, "times": 0}),
        ("cloudflare * -> 500 after always", {"call": "*", "status": 500, "when": "after", "times": 0}),
    ],
)
def test_trouble(order: str, fault: dict[str, object]) -> None:
    ordered = only_action(f"trouble: {order}")
    assert isinstance(ordered, environment.OrdersTrouble)
    assert ordered.standin == order.split(maxsplit=1)[0]
    assert ordered.fault == fault


def test_replies() -> None:
    told = parse(
        PEOPLE
        + """
Anna taps [Revoke]
  < first line \\
    goes on
    1. {word}
    [not a button] at the end
  [A] [B]
  ~ <file: pixel8.p12>
    caption
    [A]
    [B]
  Tom< hello
  Tom x bye
  ! "pop"
  ! Tom "up \\" here"
  copies {password}
  Tom goes to https://x.example/
"""
    )
    (step,) = told.steps
    assert [(each.who, each.kind, each.text, each.rows) for each in step.expected] == [
        ("Anna", "new", "first line goes on\n1. {word}\n[not a button] at the end", (("A", "B"),)),
        ("Anna", "edit", "<file: pixel8.p12>\ncaption", (("A",), ("B",))),
        ("Tom", "new", "hello", ()),
        ("Tom", "gone", "bye", ()),
        ("Anna", "notice", "pop", ()),
        ("Tom", "notice", 'up \\" here', ()),
        ("Anna", "copied", "{password}", ()),
        ("Tom", "link", "https://x.example/", ()),
    ]
    assert [each.line for each in step.expected[:3]] == [4, 9, 13]


def test_a_reply_without_a_name_is_the_only_persons() -> None:
    (step,) = parse("people: Anna\nclock + 1h\n  x old\n").steps
    assert step.expected[0].who == "Anna"


def test_nothing_is_nothing() -> None:
    assert parse("people: Anna\nAnna: hi\n  (nothing)\n").steps[0].expected == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("people: Anna\n\nAnna jumps", 3, "no action"),
        ("people: Anna\nTom: hi", 2, "no Tom among the people: Anna"),
        ("people: Anna\nAnna: hi\n  Tom< hi", 3, "no Tom"),
        ("people: Anna\nAnna picks Tom under [Pick]", 2, "no Tom"),
        ("people: Anna\nAnna: hi\n  hello", 3, "nothing to expect"),
        ("people: Anna\nAnna: hi\n  (nothing)\n  < hello", 3, "nothing to expect"),
        ("people: Anna\nAnna: hi\n  < hello\n  [A]\n    more", 5, "ends with its buttons"),
        ("people: Anna, Tom\nclock + 1h\n  < hello", 3, "no such person"),
        ("people: Anna, Anna\n", 1, "each name once"),
        ("people: Anna, bot\n", 1, "none of"),
        ("people: Anna boss\n", 1, "a person is a name"),
        ("people: Anna\nAnna: hi\nzone: a.example.com", 3, "before all actions"),
        ("people: Anna\npeople: Tom", 2, "stands once"),
        ("zone: a.example.com, b.example.org", 1, "not of one zone"),
        ("  people: Anna", 1, "indented"),
        ("clock + soon", 1, "no time like"),
        ("trouble: edge * -> 500, sometimes", 1, "is none of"),
    ],
)
def test_what_cannot_be_read_names_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(TranscriptError) as wrong:
        parse(text, "day.txt")
    assert wrong.value.line == line
    assert str(wrong.value).startswith(f"day.txt:{line}: ")
    assert reason in str(wrong.value)
