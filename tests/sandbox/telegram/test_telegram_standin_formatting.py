import html as markup

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import BadRequest

from sandbox.telegram import Phone
from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.formatting import formatted


async def test_every_tag_gives_its_entity(bot: Bot, anna: Phone) -> None:
    html = (
        "<b>1</b><strong>2</strong><i>3</i><em>4</em><u>5</u><ins>6</ins><s>7</s><strike>8</strike><del>9</del>"
        '<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span><code>c</code><pre>d</pre>'
        '<pre><code class="language-sh">e</code></pre><a href="https://example.com/?a=1&amp;b=2">f</a>'
        "<blockquote>g</blockquote><blockquote expandable>h</blockquote>"
        '<tg-time unix="1796083200" format="wDT">i</tg-time><tg-time unix="1">j</tg-time>'
        '<tg-emoji emoji-id="5368324170671202286">k</tg-emoji>'
    )
    sent = await bot.send_message(anna.user_id, html, parse_mode="HTML")
    assert sent.text == "123456789abcdefghijk"
    assert [entity.type for entity in sent.entities] == [
        *["bold"] * 2,
        *["italic"] * 2,
        *["underline"] * 2,
        *["strikethrough"] * 3,
        *["spoiler"] * 2,
        "code",
        "pre",
        "pre",
        "text_link",
        "blockquote",
        "expandable_blockquote",
        *["date_time"] * 2,
        "custom_emoji",
    ]
    assert [entity.offset for entity in sent.entities] == list(range(20))
    assert all(entity.length == 1 for entity in sent.entities)
    assert sent.entities[13].language == "sh"
    assert sent.entities[14].url == "https://example.com/?a=1&b=2"
    shown = anna.chat[0].entities
    assert shown[17] | {"offset": 0} == {
        "type": "date_time",
        "offset": 0,
        "length": 1,
        "unix_time": 1796083200,
        "date_time_format": "wDT",
    }
    assert "date_time_format" not in shown[18]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#39;&#x41;&#128274;", "'A🔒"),
        ("AT&T &nbsp; &copy;", "AT&T &nbsp; &copy;"),
        ("  <b> x </b>  ", "x"),
        ("<B>x</B>", "x"),
        ("a > b", "a > b"),
    ],
)
async def test_what_people_read(bot: Bot, anna: Phone, html: str, text: str) -> None:
    await bot.send_message(anna.user_id, html, parse_mode="HTML")
    assert anna.chat[0].text == text


async def test_offsets_are_utf16(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, " 🔑🔑 <b>key</b>", parse_mode="HTML")
    (entity,) = sent.entities
    assert (entity.offset, entity.length) == (5, 3)
    assert sent.parse_entity(entity) == "key"


async def test_nested_entities(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "<blockquote><b>a<i>b</i></b></blockquote>", parse_mode="HTML")
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        ("bold", 0, 2),
        ("blockquote", 0, 2),
        ("italic", 1, 1),
    ]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("ü<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", "Can't find end tag corresponding to start tag b"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a"'),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<tg-spoiler><code>x</code></tg-spoiler>", "Spoiler can't be combined"),
        ("<pre><tg-spoiler>x</tg-spoiler></pre>", "Spoiler can't be combined"),
        ("<blockquote>a<blockquote expandable>b</blockquote></blockquote>", "Blockquotes can't be nested"),
        ('<tg-time unix="soon">x</tg-time>', "Invalid Unix time"),
        ('<tg-time unix="1" format="rT">x</tg-time>', "Invalid date-time format"),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier"),
        ("<b>x</b>" * 101, "more than 100 entities"),
    ],
)
async def test_html_that_does_not_parse(bot: Bot, anna: Phone, html: str, words: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(anna.user_id, html, parse_mode="HTML")
    # The library writes all but the first letter small.
    assert refused.value.message.startswith(f"Can't parse entities: {words.lower()}")
    assert anna.chat == []


async def test_only_html_is_served(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match=r"^Unsupported parse_mode"):
        await bot.send_message(anna.user_id, "*x*", parse_mode="MarkdownV2")
    await bot.send_message(anna.user_id, "<b>x & y")
    assert anna.chat[0].text == "<b>x & y"
    assert anna.chat[0].html == "&lt;b&gt;x &amp; y"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_reads_as_it_was(text: str) -> None:
    read = formatted(f"<b>{markup.escape(text)}</b>", "HTML")
    assert read.text == text.strip()
    assert len(read.entities) == bool(text.strip())


@given(st.text("<>/&;#\"'=b a-spoilertcode1", max_size=40))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        read = formatted(text, "HTML")
    except BadRequestError:
        return
    length = len(read.text.encode("utf-16-le")) // 2
    assert all(0 <= each["offset"] < each["offset"] + each["length"] <= length for each in read.entities)
