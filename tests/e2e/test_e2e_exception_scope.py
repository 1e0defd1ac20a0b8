"""What the bot says is true, and nobody gets more than was given: the corners of Undo and Make it again."""

from tests.household import Household


async def test_undo_gives_nothing_back_beside_a_new_certificate(home: Household) -> None:
    old = await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    data = home.callback("Anna", "Undo")
    await home.say("Anna", "/newcert pixel8")
    await home.press("Anna", data)
    assert len(home.live()) == 1
    assert await home.opens(old) == 403


async def test_undo_keeps_to_the_limit(home: Household) -> None:
    await home.device("Anna", "first")
    for number in range(4):
        await home.say("Anna", f"/newcert device{number}")
    await home.say("Anna", "/revoke first")
    data = home.callback("Anna", "Undo")
    await home.say("Anna", "/newcert sixth")
    await home.press("Anna", data)
    assert len(home.live()) == 5


async def test_an_admins_revoke_ends_the_owners_undo(home: Household) -> None:
    key = await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    await home.say("Ben", "/revoke Anna/pixel8")
    await home.press("Anna", home.callback("Anna", "Undo"))
    assert await home.opens(key) == 403


async def test_a_revoke_that_cloudflare_refuses_is_never_called_revoked(home: Household) -> None:
    key = await home.device("Anna", "pixel8")
    home.world.cloudflare.permissions.discard("ssl:edit")
    await home.say("Anna", "/revoke pixel8")
    assert "not revoked" in home.newest("Anna").text
    said = await home.say("Anna", "/revoke pixel8")
    assert any("still being revoked" in event.text for event in said)
    assert not any("is revoked already" in text for text in home.texts("Anna"))
    assert await home.opens(key) == 200
    home.world.cloudflare.permissions.add("ssl:edit")
    await home.say("Anna", "/revoke pixel8")
    assert await home.opens(key) == 403


async def test_a_quiet_revoke_that_is_stuck_reaches_the_admins_once(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    home.world.cloudflare.permissions.discard("ssl:edit")
    await home.clock(hours=25)
    for _ in range(5):
        await home.clock(minutes=11)
    assert sum("is not revoked" in text for text in home.texts("Ben")) == 1


async def test_one_permission_makes_one_certificate(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.restart()
    data = home.callback("Anna", "Make it again")
    await home.press("Anna", data)
    await home.press("Anna", data)
    assert home.live() == ["pixel8"]


async def test_the_owner_hears_of_another_ones_revoke_when_it_is_true(home: Household) -> None:
    await home.device("Anna", "pixel8")
    home.world.cloudflare.fault(call="DELETE *", status=500, times=2)
    await home.say("Ben", "/revoke Anna/pixel8")
    assert not any("Ben revoked" in text for text in home.texts("Anna"))
    for _ in range(3):
        await home.clock(seconds=10)
    assert any("Ben revoked your device pixel8" in text for text in home.texts("Anna"))


async def test_works_needs_a_password_that_was_seen(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    seen = await home.tap("Anna", "It works")
    assert [event.text for event in seen] == ["Tap Password first: without it nobody can have opened the file."]
    assert home.newest("Anna").document


async def test_a_file_that_arrived_unheard_can_still_be_opened(home: Household) -> None:
    hold = home.world.cloudflare.fault(call="POST */client_certificates", hold=True)
    home.phone("Anna").send("/newcert pixel8")
    await hold.reached.wait()
    home.phone("Anna").delete(home.newest("Anna").message_id)
    home.world.telegram.fault(call="sendDocument", when="after", drop=True)
    home.world.cloudflare.release()
    await home.settle()
    await home.tap("Anna", "Password")
    message = home.with_button("Anna", "Copy")
    password = next(b.value for row in message.rows for b in row if b.text == "Copy")
    assert await home.opens((home.file("Anna")[1], password)) == 200
    await home.clock(minutes=58)
    assert home.live() == ["pixel8"]


async def test_many_hosts_fit_the_caption(home: Household) -> None:
    hosts = [f"a-rather-long-service-name-{number:02}.example.com" for number in range(40)]
    home.world.cloudflare.associate_by_hand(*hosts)
    quoted = " ".join(f'"{host}"' for host in hosts)
    rule = home.world.cloudflare.rules[0]
    home.world.cloudflare.edit_rule_by_hand(
        rule["id"], expression=f"(http.host in {{{quoted}}} and not cf.tls_client_auth.cert_verified)"
    )
    await home.say("Anna", "/newcert pixel8")
    assert "and 34 more" in home.newest("Anna").text or "and 36 more" in home.newest("Anna").text
    await home.say("Anna", "/revoke pixel8")
    assert "still gets in" in home.newest("Anna").text


async def test_a_long_name_with_its_own_key(home: Household) -> None:
    await home.say("Anna", "/newcert 客厅里的旧平板电脑客厅里的旧 csr")
    for place, line in (
        ("Mac or Linux", "openssl req"),
        ("Windows", "certreq -new"),
        ("Another tool", "certtool --gen"),
    ):
        await home.tap("Anna", place)
        assert line in home.with_button("Anna", "Another computer").text
        await home.tap("Anna", "Another computer")


async def test_another_order_gives_the_waiting_one_up(home: Household) -> None:
    await home.say("Anna", "/newcert laptop csr")
    await home.say("Anna", "/newcert pixel8")
    await home.say("Anna", "/newcert laptop")
    assert sorted(home.live()) == ["laptop", "pixel8"]


async def test_deletions_outlive_an_outage(home: Household) -> None:
    await home.device("Anna", "pixel8")
    outage = home.world.telegram.fault(call="deleteMessage", status=502, times=0)
    for _ in range(30):
        await home.clock(minutes=5)
    assert any(m.document for m in home.phone("Anna").chat)
    home.world.telegram.faults.remove(outage)
    await home.clock(minutes=11)
    assert not any(m.document for m in home.phone("Anna").chat)
    assert not any("tap it to copy" in text for text in home.texts("Anna"))
