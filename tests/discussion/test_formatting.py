"""What commenters may do with their text, and what they may not."""

import pytest

from discussion import formatting
from discussion.formatting import render

LINK = '<a href="{}" rel="nofollow ugc noopener">{}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
        ("One line\nand another", "<p>One line<br>\nand another</p>\n"),
        ("*soft* and **loud**", "<p><em>soft</em> and <strong>loud</strong></p>\n"),
        ("> They said so.", "<blockquote>\n<p>They said so.</p>\n</blockquote>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("1. one\n2. two", "<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"),
        ("2. two\n3. three", '<ol start="2">\n<li>two</li>\n<li>three</li>\n</ol>\n'),
        ("2. yes\n\n5. no", '<ol start="2">\n<li>\n<p>yes</p>\n</li>\n</ol>\n<ol start="5">\n<li>\n<p>no</p>\n</li>\n</ol>\n'),
        ("2. two\n1. one", '<ol start="2">\n<li>two</li>\n</ol>\n<ol>\n<li>one</li>\n</ol>\n'),
        ("1. one\n1. two\n1. three\n4. four", "<ol>\n<li>one</li>\n<li>two</li>\n<li>three</li>\n<li>four</li>\n</ol>\n"),
        (
            "1. one\n   1. inner\n   3. inner\n2. two",
            '<ol>\n<li>one\n<ol>\n<li>inner</li>\n</ol>\n<ol start="3">\n<li>inner</li>\n</ol>\n</li>\n<li>two</li>\n</ol>\n',
        ),
        ("1968. That was the year", '<ol start="1968">\n<li>That was the year</li>\n</ol>\n'),
        ("1. one\n   - inner\n2. two", "<ol>\n<li>one\n<ul>\n<li>inner</li>\n</ul>\n</li>\n<li>two</li>\n</ol>\n"),
        (r"2 \* 3 \* 4", "<p>2 * 3 * 4</p>\n"),
        ("", ""),
        ("   \n  ", ""),
    ],
)
def test_light_formatting(text, html):
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>\n"),
        ("&#60;img src=x onerror=alert(1)&#62;", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("# Heading", "<p># Heading</p>\n"),
        ("Heading\n=======", "<p>Heading<br>\n=======</p>\n"),
        ("---", "<p>---</p>\n"),
        ("`code`", "<p>`code`</p>\n"),
        ("    four spaces", "<p>four spaces</p>\n"),
        ("| a | b |\n|---|---|", "<p>| a | b |<br>\n|---|---|</p>\n"),
        ("<!-- hidden -->", "<p>&lt;!-- hidden --&gt;</p>\n"),
    ],
)
def test_everything_else_stays_text(text, html):
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "address", "words", "host"),
    [
        ("[here](https://x.example/a?b=1&c=2#d)", "https://x.example/a?b=1&amp;c=2#d", "here", " (x.example)"),
        ("[here](http://x.example)", "http://x.example", "here", " (x.example)"),
        ("[here](HTTPS://x.example:8000/)", "HTTPS://x.example:8000/", "here", " (x.example:8000)"),
        ("<https://x.example/>", "https://x.example/", "https://x.example/", ""),
        ("https://x.example/a_(b)?c=1", "https://x.example/a_(b)?c=1", "https://x.example/a_(b)?c=1", ""),
        ("[write](mailto:a.reader@x.example)", "mailto:a.reader@x.example", "write", " (a.reader@x.example)"),
        ("<a.reader@x.example>", "mailto:a.reader@x.example", "a.reader@x.example", ""),
        ("[here](http://bücher.example)", "http://xn--bcher-kva.example", "here", " (xn--bcher-kva.example)"),
        ("http://bücher.example", "http://xn--bcher-kva.example", "http://bücher.example", " (xn--bcher-kva.example)"),
        ("http://xn--bcher-kva.example", "http://xn--bcher-kva.example", "http://xn--bcher-kva.example", ""),
        ("[here](https://x.example/ü)", "https://x.example/%C3%BC", "here", " (x.example)"),
        (
            "[https://bank.example](https://x.example/bank.example)",
            "https://x.example/bank.example",
            "https://bank.example",
            " (x.example)",
        ),
    ],
)
def test_links_are_marked_as_readers_own_and_say_where_they_lead(text, address, words, host):
    assert render(text) == f"<p>{LINK.format(address, words)}{host}</p>\n"


@pytest.mark.parametrize(
    "text", ["x.example", "www.x.example", "a.reader@x.example", "http:/x.example", "//x.example", "192.0.2.1"]
)
def test_only_whole_addresses_become_links_by_themselves(text):
    assert render(text) == f"<p>{text}</p>\n"


def test_marks_that_pile_up_are_thinned_out_and_natural_ones_stay():
    assert render("Z" + "\u0301" * 400 + "algo") == "<p>Z" + "\u0301" * 6 + "algo</p>\n"
    between = "\u0301" * 6 + "\u200d"
    assert render("Z" + between * 50 + "algo") == "<p>Z" + between + "\u200d" * 49 + "algo</p>\n"
    for word in ("Việt", "שָׁלוֹם", "كِتَابٌ", "ที่นี่", "क्‍ष", "👩‍❤️‍👩"):
        assert render(word) == f"<p>{word}</p>\n"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  A.\n Reader ", "A. Reader"),
        ("\u202eredaeR .A", "redaeR .A"),
        ("\u2067x\u2069", "x"),
        ("e" + "\u0301" * 30, "e" + "\u0301" * 6),
    ],
)
def test_names_disturb_nothing_beside_them(typed, shown):
    assert formatting.plain_line(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\u202ehttps://x.example/moc.knab//:sptth", LINK.format(*["https://x.example/moc.knab//:sptth"] * 2)),
        ("[bank\u202e](https://x.example/) no", f"{LINK.format('https://x.example/', 'bank')} (x.example) no"),
        (
            "\u2067a *b\u202e* [c\u2066](https://x.example)\u2069",
            f"a <em>b</em> {LINK.format('https://x.example', 'c')} (x.example)",
        ),
        ("&#x202e;<https://x.example/>", LINK.format(*["https://x.example/"] * 2)),
    ],
)
def test_nothing_turns_the_direction_of_a_link_and_of_where_it_leads(typed, shown):
    assert render(typed) == f"<p>{shown}</p>\n"


def test_title_of_a_link_is_dropped():
    assert render('[here](https://x.example "A title")') == f"<p>{LINK.format('https://x.example', 'here')} (x.example)</p>\n"


@pytest.mark.parametrize(
    "address",
    [
        "http:/x.example",
        "http:x.example",
        "https:///x.example",
        "https://",
        "https:\\\\x.example",
        "//x.example/",
        "/admin/",
        "?next=1",
        "#comment-1",
        "x.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java&#10;script:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://x.example/",
        "tel:123",
        "mailto:",
        "mailto:nobody",
        "https://bank.example@evil.example/",
        "https://user:word@x.example/",
        "http://[::1",
        "http://a\u202e.example",
        "http://x.example%2f@evil.example",
        "http://1.1.1.1.1/",
        "http://x.example:99999/",
        "http://xn--a/",
    ],
)
def test_any_other_address_makes_no_link(address):
    for text in (f"[here]({address})", f"<{address}>"):
        assert "<a" not in render(text)


def test_malformed_address_stays_as_it_was_typed():
    assert render("[here](http:/x.example)") == "<p>[here](http:/x.example)</p>\n"
    assert render("<http:/x.example>") == "<p>&lt;http:/x.example&gt;</p>\n"
    assert render("http:/x.example") == "<p>http:/x.example</p>\n"


def test_picture_becomes_a_link_at_most():
    assert (
        render("![cat](https://x.example/cat.png)") == f"<p>!{LINK.format('https://x.example/cat.png', 'cat')} (x.example)</p>\n"
    )


@pytest.mark.parametrize(
    "made",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="/admin/">x</a>',
        '<a href="https://x.example" onclick="x" style="x" target="_blank" class="x" id="x">x</a>',
        "<h1>x</h1>",
        "<style>x</style>",
        "<iframe src=x></iframe>",
        "<form action=x><input name=x></form>",
        "<svg><script>x</script></svg>",
        "<math><mi//xlink:href='data:x,<script>x</script>'>",
        "<p style='color:red' dir='rtl'>x</p>",
        '<ol start="2" type="A"><li value="3">x</li></ol>',
    ],
)
def test_what_the_renderer_lets_through_is_sanitised_once_more(made, monkeypatch):
    monkeypatch.setattr(formatting._markdown, "render", lambda text: made)
    html = formatting.render("x").lower()
    for forbidden in (
        "script", "onerror", "onclick", "style", "target", "class", "id=", "<h1", "iframe", "form", "svg", "math",
        "admin", "dir=", "type", "value", "<img",
    ):  # fmt: skip
        assert forbidden not in html


NASTY = {
    "right to left override": "safe \u202etxet desrever\u202c end",
    "isolates left open": "\u2067\u2066\u2068 open",
    "combining": "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 20,
    "zero width": "in\u200bvis\u200d\u200c\u2060ible\ufeff",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇬🇧",
    "astral and private": "\U0001f4a9 \U000e0041 \ue000",
    "line separators": "a\u2028b\u2029c\x85d",
    "lone angle": "a < b > c & d \" ' `",
    "attribute end": '"><img src=x onerror=alert(1)>',
    "template": "{{ 7 * 7 }} {% now 'Y' %} ${7}",
    "sql": "'; DROP TABLE discussion_pagecomment; --",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nasty_text_comes_through_as_text(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert render(text) == f"<p>{escaped}</p>\n".replace("\xa0", "&nbsp;")


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "*",
        "> ",
        "- ",
        "1. ",
        "*a ",
        "**a ",
        "[a](",
        "![[",
        "<",
        "&",
        "\\",
        "a\u0301",
        "_a*",
        "](",
        "\n",
        "> a\n",
        "- a\n",
        "`",
        "\t",
        "[a](<",
    ],
)
def test_ten_thousand_characters_of_anything_are_rendered(unit):
    html = render((unit * 10_000)[:10_000])
    assert len(html) < 60_000
    assert "<a" not in html
