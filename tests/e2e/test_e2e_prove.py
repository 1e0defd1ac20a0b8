"""/prove against the real TLS of the sandbox's edge: each way the lock may fail, and each way it holds."""

from pathlib import Path

from tests.household import Household
from tests.locked_household import household, locked, our_rule, protect

PATH = "/api/webhook/4f8a2"


async def proven(home: Household, who: str = "Anna") -> str:
    """What /prove says in the end."""
    await home.say(who, "/prove")
    return await outcome(home, who)


async def outcome(home: Household, who: str = "Anna") -> str:
    """What the message says when nothing more is to come."""
    for _ in range(20):
        if "I am trying" not in home.newest(who).text:
            break
        await home.clock(seconds=2)
    return home.newest(who).text


async def open_a_path(home: Household, how: str = "") -> None:
    """Open one on ``ha`` for an hour."""
    await home.say("Anna", f"/openpath https://ha.example.com{PATH} 1h {how}")
    await home.clock(seconds=10)


async def test_locked(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        said = await proven(home)
        assert said.startswith("🟢 Locked. Tried at ")
        assert "🟢 ha.example.com, photos.example.com: turned away without a certificate" in said
        assert said.endswith("tell you when somebody gets in.")


async def test_it_waits_for_its_certificates_and_turns_one_message(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        seen = await home.say("Anna", "/prove")
        assert [event.kind for event in seen if event.kind == "new"] == ["new"]
        assert (await outcome(home)).startswith("🟢 Locked.")


async def test_no_rule(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        home.world.cloudflare.delete_ruleset_by_hand()
        said = await proven(home)
        assert said.startswith("🔴 Not locked.")
        assert "Without a certificate I got in: the service answered (200). So does everybody." in said
        assert "/protect" in said
        assert "my revoked certificate I got in" not in said


async def test_a_rule_that_forgets_revocation(tmp_path: Path) -> None:
    async with household(tmp_path, preset="dashboard") as home:
        await proven(home)
        await home.clock(minutes=6)
        said = await proven(home)
        assert said.startswith("🔴 Not locked.")
        assert "With my revoked certificate I got in: the service answered (200). A lost phone does too." in said


async def test_a_revoke_that_has_not_reached_the_edge_yet_is_not_counted_against_the_lock(tmp_path: Path) -> None:
    async with household(tmp_path, preset="dashboard") as home:
        said = await proven(home)
        assert said.startswith("🟡 Not sure.")
        assert "revoked only minutes ago. Please try again in five minutes" in said


async def test_a_foreign_skip_above(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        home.world.cloudflare.add_rule(
            'http.host eq "ha.example.com"', action="skip", action_parameters={"ruleset": "current"}, first=True
        )
        said = await proven(home)
        assert said.startswith("🔴 Not locked.")
        assert "🔴 ha.example.com\n• Without a certificate I got in" in said
        assert "🟢 photos.example.com: turned away" in said
        assert [b.text for row in home.newest("Anna").rows for b in row] == ["Put back", "Try again"]
        await home.tap("Anna", "Put back")
        assert (await proven(home)).startswith("🟢 Locked.")


async def test_a_host_that_is_not_associated_is_unclear_and_never_locked(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        home.world.cloudflare.dissociate_by_hand("ha.example.com")
        said = await proven(home)
        assert said.startswith("🟡 Not sure.")
        assert "turned away with a valid certificate and without one, so this proves nothing" in said
        assert "🟢 photos.example.com: turned away" in said


async def test_a_service_that_is_down_proves_nothing(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await home.clock(seconds=5)
        home.world.edge.fault(call="GET ha.example.com/", status=502, times=0)
        said = await proven(home)
        assert said.startswith("🟡 Not sure.")
        assert "the service is down or unwell (502)" in said


async def test_an_open_path_and_one_that_has_closed(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await open_a_path(home)
        said = await proven(home)
        assert said.startswith("🟢 Locked.")
        assert "🟢 Open as ordered, and closed beside it: ha.example.com/api/webhook…." in said
        assert PATH not in said
        await home.clock(hours=1, minutes=1)
        assert "Open as ordered" not in await proven(home)


async def test_an_open_path_that_is_open_beside_it_too(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await open_a_path(home)
        home.world.cloudflare.add_rule(
            'starts_with(http.request.uri.path, "/api/")',
            action="skip",
            action_parameters={"ruleset": "current"},
            first=True,
        )
        said = await proven(home)
        assert said.startswith("🔴 Not locked.")
        assert "One letter beside the open path I got in without a certificate" in said


async def test_an_open_path_that_the_edge_has_not(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await open_a_path(home)
        rule = our_rule(home)
        before, _, _ = rule["expression"].partition(" and not (")
        home.world.cloudflare.edit_rule_by_hand(rule["id"], expression=before.removeprefix("(") + "")
        said = await proven(home)
        assert said.startswith("🟡 Not sure.")
        assert "The open path without a certificate: Cloudflare turned me away. Callers may not get through." in said


async def test_a_path_for_posts_is_not_set_off(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await open_a_path(home, "POST")
        assert (await proven(home)).startswith("🟢 Locked.")
        assert not [call for call in home.world.edge.calls if call.label == f"POST ha.example.com{PATH}"]
        assert [call for call in home.world.edge.calls if call.label.startswith("POST ha.example.com/api")]


async def test_a_path_for_other_addresses_cannot_be_tried_from_here(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await open_a_path(home, "198.51.100.0/24")
        assert (await proven(home)).startswith("🟢 Locked.")


async def test_every_day_in_the_unusual_ways_and_red_is_told_once(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await home.clock(seconds=5)
        # A rule made by hand that compares the name as it comes.
        rule = our_rule(home)
        home.world.cloudflare.edit_rule_by_hand(
            rule["id"],
            expression='http.host eq "ha.example.com" and (not cf.tls_client_auth.cert_verified '
            "or cf.tls_client_auth.cert_revoked)",
        )
        await home.clock(days=1, minutes=1)
        for who in ("Anna", "Ben"):
            told = [text for text in home.texts(who) if "got in where nobody should" in text]
            assert len(told) == 1
            assert "with the name in capitals, I got in" in told[0]
            assert "with a dot after the name, I got in" in told[0]
            assert "at port 2053, 2083, 2087, 2096, 8443, I got in" in told[0]
        await home.clock(days=1, minutes=1)
        assert len([text for text in home.texts("Ben") if "got in where nobody should" in text]) == 1


async def test_our_own_rule_holds_in_the_unusual_ways(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(days=1, minutes=1)
        async with home.bot.app.parts.store.read() as tx:
            proofs = await tx.proofs.all()
        assert {one.colour for one in proofs} == {"green"}
        assert all(len(one.tried) == 10 for one in proofs)


async def test_whoever_asked_reads_it_and_the_others_are_told(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        home.world.cloudflare.delete_ruleset_by_hand()
        await proven(home)
        assert "got in where nobody should" in home.newest("Ben").text
        assert not [text for text in home.texts("Anna") if "got in where nobody should" in text]
        before = len(home.texts("Ben"))
        await proven(home)
        assert len(home.texts("Ben")) == before


async def test_after_a_change_only_what_has_changed_is_proven(tmp_path: Path) -> None:
    async with locked(tmp_path, "ha.example.com") as home:
        await home.clock(minutes=6)
        home.world.edge.calls.clear()
        await protect(home, "photos.example.com")
        await home.clock(seconds=5)
        knocked = {call.label for call in home.world.edge.calls if call.label.endswith(".com/")}
        others = {"GET example.com/", "GET www.example.com/"}
        assert knocked == {"GET photos.example.com/"} | others, "what is proven by itself is not asked as another name"
        async with home.bot.app.parts.store.read() as tx:
            assert {one.subject for one in await tx.proofs.all()} == {"ha.example.com", "photos.example.com"}


async def test_restarted_in_the_middle_it_begins_anew_in_the_same_message(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        held = home.world.edge.fault(call="GET ha.example.com/", hold=True)
        home.phone("Anna").send("/prove")
        await home.until(lambda: "I am trying" in home.newest("Anna").text)
        del held
        await home.world.kill_bot()
        home.world.end_trouble()
        await home.world.start_bot()
        await home.settle()
        await home.clock(minutes=2)
        await home.clock(seconds=10)
        messages = [text for text in home.texts("Anna") if "Tried at" in text]
        assert len(messages) == 1


async def test_members_are_told_no(home: Household) -> None:
    await home.say("Kim", "/prove")
    assert "Tried" not in home.newest("Kim").text


async def test_nothing_to_prove(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        said = await proven(home)
        assert said == "Nothing is locked yet, so there is nothing to try. /protect locks a host."
