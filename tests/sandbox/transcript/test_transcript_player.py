from pathlib import Path

import pytest

from sandbox.transcript import TranscriptError, play
from sandbox.world import World
from tests.sandbox.transcript.echo_bot import EchoBot

HEAD = "people: Anna admin, Tom\n"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "day.txt"


async def played(file: Path, text: str, **options: object) -> None:
    file.write_text(HEAD + text, encoding="utf-8")
    await play(file, EchoBot, directory=file.parent / "world", **options)  # type: ignore[arg-type]


async def refused(file: Path, text: str) -> TranscriptError:
    with pytest.raises(TranscriptError) as wrong:
        await played(file, text)
    return wrong.value


async def test_buttons_below_the_input_field(written: Path) -> None:
    await played(
        written,
        """
Anna: /pick
  < whom?
Anna picks Tom under [Pick somebody]
  < picked Tom
Anna picks 77 "Aunt Zoe" under [Pick somebody]
  < picked Aunt Zoe
Anna uses [Nobody]
  < you said:
    Nobody
  […]
""",
    )
    wrong = await refused(written, "Anna uses [Nobody]\n")
    assert "no button 'Nobody' below the input field" in str(wrong)


async def test_a_whole_day(written: Path) -> None:
    kept = written.parent / "kept"
    kept.mkdir()
    await played(
        written,
        """
note: Words
Anna: hello
  < you said:
    hello
  [Again] [Gone] [Tell]

Anna forwards: hello
  Anna< you said (forwarded):
    …
  [Again] [Gone]
  [Tell]

Tom: hi
  Tom< you said:
    hi
  […]

Anna taps [Tell] and Tom taps [Tell] twice
  ! Anna "it is Anna"
  ! Tom "it is Tom"
  ! Tom "it is {name}"

Anna: I met {name}
  < you said:
    I met Tom
  [Again] […]
Anna edits: "I met Tom" -> I met Kim
Anna taps [Again] under "(forwarded)"
  ~ again {number}
Anna taps [Gone] under "I met"
  x you said:
Anna taps [Gone]
  x you said:
    …

note: A certificate
nobody opens https://ha.example.com/ -> 403
Anna: /key pixel8
  < making…
  ~ <file: pixel8.p12>
    1. type {password}
    2. done
  [Gone]
Anna installs pixel8.p12 with "apple" on pixel9 fails
Anna installs pixel8.p12 with {password} on pixel8
pixel8 opens https://ha.example.com/ -> 200 "Home Assistant"
nobody opens POST https://photos.example.com/x -> 403
nobody opens https://ha.example.org/ -> refused
Anna sends pixel8.p12
  < got pixel8.p12
rule: (http.host eq "ha.example.com")
pixel8 opens https://ha.example.com/ -> 403
rule: none
nobody opens https://ha.example.com/ -> 200
hosts: photos.example.com
clock + 47h
Anna taps [Gone] twice
  x <file: pixel8.p12>
Tom: /quiet
  (nothing)
""",
        kept=kept,
    )
    assert [file.name for file in kept.iterdir()] == ["pixel8.p12"]


async def test_own_keys(written: Path) -> None:
    await played(
        written,
        """
Anna: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out laptop.key
  < you said:
    {command…}
  […]
Anna runs {command}
Anna sends laptop.key with "my key"
  < got laptop.key
""",
    )
    assert (written.parent / "world/people/Anna/laptop.key").read_text().startswith("-----BEGIN PRIVATE KEY")


async def test_forged_presses(written: Path) -> None:
    await played(
        written,
        """
Anna: hello
  < …
  […]
Tom presses "Again"
Tom forges Anna's [Tell]
  ! "it is Tom"
Anna presses "made up"
  < unknown: made up
Anna presses "made up" on an inaccessible message
""",
    )


async def test_the_bot_and_its_machine(written: Path) -> None:
    await played(
        written,
        """
bot stops
Anna: first
  (nothing)
bot starts
  Anna< you said:
    first
  […]
bot is killed
Anna: second
bot starts
  Anna< …
  […]
Tom blocks the bot
Tom unblocks the bot
Tom in the group: hello
  group< you said:
    hello
  […]
the channel posts: hello
""",
    )


async def test_trouble(written: Path) -> None:
    await played(
        written,
        """
trouble: cloudflare GET */zones -> hold, before, once
Anna: /poll
  (nothing)
trouble ends
  Anna< Cloudflare answered
trouble: edge GET ha.example.com/* -> 502, once
nobody opens https://ha.example.com/ -> 502
nobody opens https://ha.example.com/ -> 403
trouble: edge * -> drop, always
nobody opens https://ha.example.com/ -> refused
trouble ends
trouble: cloudflare GET */zones -> slow 0.1s, 2 times
Anna: /poll
  < Cloudflare answered
""",
    )


async def test_a_bot_killed_while_a_call_is_held_is_waited_for_afterwards(written: Path) -> None:
    await played(
        written,
        """
trouble: cloudflare GET */zones -> hold, before, once
Anna: /poll
bot is killed
trouble: cloudflare GET */zones -> slow 0.7s
bot starts
Anna: /poll
  < Cloudflare answered
""",
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Anna: hello\nTom: hi\n  < …\n  […]", 2, "nobody expected:\n  Anna< you said:"),
        ("Anna: /quiet\n  < hello", 3, "this did not come:\n  Anna< hello"),
        ("Anna: hello\n  < you said:\n    bye\n  […]", 3, "instead of this line came:\n  Anna< you said:"),
        ("Anna: hello\n  < …\n  [Again]", 3, "[Again] [Gone]\n    [Tell]"),
        ("Anna taps [Gone]", 2, "Anna sees no button [Gone], only []"),
        ("Anna: {id}", 2, "nothing was caught as {id}"),
        ('Anna installs a.p12 with "x" on a', 2, "Anna has no file a.p12"),
        ("a opens https://ha.example.com/ -> 200", 2, "nothing was installed on a"),
        ("nobody opens https://ha.example.com/ -> 200", 2, "the edge answered 403"),
        ('nobody opens https://www.example.com/ -> 200 "nowhere"', 2, "does not say 'nowhere'"),
        ("nobody opens https://ha.example.org/ -> 200", 2, "refused the line"),
        ("nobody opens https://ha.example.com/ -> refused", 2, "the edge answered 403"),
        ("bot starts", 2, "runs already"),
        ("bot stops\nbot is killed", 3, "does not run"),
        ("Anna blocks the bot\nAnna: hi", 3, "has blocked the bot"),
        ("Anna runs rm x", 2, "nothing but openssl"),
        ("Anna runs openssl nonsense", 2, "openssl failed"),
        ("rule: nonsense", 2, "Cloudflare refuses"),
        ('Anna edits: "a" -> b', 2, "nothing like 'a'"),
        ("Anna replies: yes", 2, "written nothing to Anna"),
    ],
)
async def test_what_is_not_as_told_names_its_line(written: Path, text: str, line: int, reason: str) -> None:
    wrong = await refused(written, text)
    assert (wrong.line, wrong.source) == (line, str(written))
    assert reason in str(wrong)


async def test_what_opens_against_the_word_is_an_error(written: Path) -> None:
    made = "Anna: /key a\n  < …\n  ~ <file: a.p12>\n    1. type {password}\n    …\n  [Gone]\n"
    wrong = await refused(written, f"{made}Anna installs a.p12 with {{password}} on a fails")
    assert "a.p12 opens" in str(wrong)


async def test_a_wrong_password_is_an_error(written: Path) -> None:
    made = "Anna: /key a\n  < …\n  ~ <file: a.p12>\n    …\n  [Gone]\n"
    wrong = await refused(written, f'{made}Anna installs a.p12 with "no" on a')
    assert "a.p12 does not open" in str(wrong)


async def test_the_headers_make_the_zone(tmp_path: Path) -> None:
    hosts = ("ha.home.net", "nas.home.net")
    async with World(tmp_path / "a", hosts=hosts, preset="dashboard") as world:
        assert world.cloudflare.hosts == list(hosts)
        (rule,) = world.cloudflare.rules
        listed = '{"ha.home.net" "nas.home.net"}'
        assert rule["expression"] == f"(not cf.tls_client_auth.cert_verified and http.host in {listed})"
    async with World(tmp_path / "b", hosts=hosts, preset="empty") as world:
        assert (world.cloudflare.zone.name, world.cloudflare.hosts, world.cloudflare.rules) == ("home.net", [], [])
