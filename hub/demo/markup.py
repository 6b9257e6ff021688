"""The small markup in which the bodies of the demo content are written."""

import re
from html import escape
from typing import NamedTuple, NoReturn

PICTURE = re.compile(r"(river|estuary|town|bridge|rain|field|meeting|map|boat|kitchen|lamp|dike):[1-9]")
ADDRESS = re.compile(r"page:[a-z0-9-]+|https?://[^\s\"<>]+")
SPEAKER = re.compile(r"((?:[A-Z]\.-?)+): +(.+)")
OPENING = re.compile(r"#|!|>|- |\||\+ |\d{1,2}\. ")  # what may only begin a block
INLINE = re.compile(
    r"\[(?P<text>[^\[\]]+)\]\((?P<href>[^()\s]+)\)"
    r"|\*\*(?P<b>\S(?:.*?\S)?)\*\*"
    r"|\*(?P<i>[^\s*](?:[^*]*[^\s*])?)\*"
)
FIELDS = {
    "image": ("picture", "alt", "caption", "credit"),
    "chart": ("name", "alt", "caption", "credit"),
    "action": ("text", "target", "sentence"),
    "document": ("name", "title"),
}


class Block(NamedTuple):
    """One piece of a body: what it is, and its fields by name."""

    kind: str
    value: dict


class Line(NamedTuple):
    """A line of the source and its number, counted from 1."""

    number: int
    text: str


def parse(text: str) -> list[Block]:
    """Return the blocks of a body in order; raise ValueError naming a malformed line.

    ========== ==========================================================
    heading    text, level (2 or 3)
    paragraph  html: one `<p>`, or a list as `<ul>` or `<ol>`
    quote      text, attribution, role
    image      picture ("river:2"), alt, caption, credit
    chart      name, alt, caption, credit
    table      caption, header (list of str), rows (list of lists of str)
    callout    title, html: one `<p>`
    key_points points (list of str)
    action     text, target ("page:slug" or a web address), sentence
    document   name (of the file), title
    exchange   label ("C.S."), html: one `<p>` for each paragraph spoken
    ========== ==========================================================

    A value is plain text, empty where the author left it out. Only `html` is
    escaped, with no tags but p, ul, ol, li, b, i and a; an href may be `page:slug`.
    """
    blocks: list[Block] = []
    for lines in _chunks(text):
        first = lines[0]
        if first.text.startswith("+ "):
            if not blocks or blocks[-1].kind != "exchange":
                _fail(first, "'+ ' continues an answer, and none comes before it")
            last = blocks.pop().value
            html = last["html"] + _paragraph([_cut(first, "+ "), *lines[1:]])
            blocks.append(Block("exchange", {**last, "html": html}))
        elif match := SPEAKER.fullmatch(first.text):
            html = _paragraph([Line(first.number, match[2]), *lines[1:]])
            blocks.append(Block("exchange", {"label": match[1], "html": html}))
        elif first.text.startswith("!"):
            blocks.append(_directive(*lines))
        elif first.text.startswith("#"):
            blocks.append(_heading(*lines))
        elif first.text.startswith(">"):
            blocks.append(_quote(lines))
        else:
            blocks.append(Block("paragraph", {"html": _prose(lines)}))
    return blocks


def _chunks(text: str) -> list[list[Line]]:
    """Return the runs of lines that a blank line or a new speaker ends."""
    chunks: list[list[Line]] = [[]]
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or SPEAKER.match(line.strip()):
            chunks.append([])
        if line.strip():
            chunks[-1].append(Line(number, line.strip()))
    return [chunk for chunk in chunks if chunk]


def _heading(first: Line, *rest: Line) -> Block:
    marks, _, text = first.text.partition(" ")
    if marks not in ("##", "###") or not text or rest:
        _fail(first, "a heading is ## or ###, a text and a blank line")
    return Block("heading", {"text": _plain(text, first), "level": len(marks)})


def _quote(lines: list[Line]) -> Block:
    said = [_plain(line.text, line) for line in _unmarked(lines, "> ")]
    source = said.pop().removeprefix("-- ") if said[-1].startswith("-- ") else ""
    if not said:
        _fail(lines[0], "a quotation needs words before its source")
    attribution, _, role = source.partition(", ")
    return Block("quote", {"text": " ".join(said), "attribution": attribution, "role": role})


def _directive(first: Line, *rest: Line) -> Block:
    name, _, argument = first.text[1:].partition(" ")
    if name in FIELDS and not rest:
        return Block(name, _fields(name, argument, first))
    if name == "table" and argument and len(rest) > 1:
        header, *rows = [_cells(line) for line in rest]
        for line, row in zip(rest[1:], rows, strict=True):
            if len(row) != len(header):
                _fail(line, f"{len(row)} cells under a header of {len(header)}")
        return Block("table", {"caption": _plain(argument, first), "header": header, "rows": rows})
    if name == "callout" and argument and rest:
        html = _paragraph(list(rest))
        return Block("callout", {"title": _plain(argument, first), "html": html})
    if name == "key-points" and not argument and rest:
        points = [_plain(line.text, line) for line in _unmarked([*rest], "- ")]
        return Block("key_points", {"points": points})
    _fail(first, "unknown block, or one with too little or too much to it")


def _fields(name: str, argument: str, line: Line) -> dict:
    """Return the fields between bars; the first two must be filled in."""
    values = [_plain(value.strip(), line) for value in argument.split("|")]
    missing = len(FIELDS[name]) - len(values)
    if missing < 0 or len(values) < 2 or not all(values[:2]):
        _fail(line, f"!{name} takes {' | '.join(FIELDS[name])}")
    if name == "image" and not PICTURE.fullmatch(values[0]):
        _fail(line, "no such picture")
    if name == "action" and not ADDRESS.fullmatch(values[1]):
        _fail(line, "a target is page:slug or a web address")
    return dict(zip(FIELDS[name], values + [""] * missing, strict=True))


def _cells(line: Line) -> list[str]:
    if not re.fullmatch(r"\|.*\|", line.text):
        _fail(line, "a row of a table begins and ends with a bar")
    return [_plain(cell.strip(), line) for cell in line.text[1:-1].split("|")]


def _prose(lines: list[Line]) -> str:
    """Return a list, if the first line begins one, or else a paragraph."""
    for mark, start, tag in (("- ", "- ", "ul"), ("{}. ", "1. ", "ol")):
        if lines[0].text.startswith(start):
            items = (_inline(line.text, line) for line in _unmarked(lines, mark))
            return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"
    return _paragraph(lines)


def _paragraph(lines: list[Line]) -> str:
    for line in lines:
        if OPENING.match(line.text):
            _fail(line, "leave a blank line before a new block")
    return f"<p>{_inline(' '.join(line.text for line in lines), lines[0])}</p>"


def _inline(text: str, line: Line) -> str:
    """Return one run of prose as HTML, its markup turned to b, i and a."""
    html, end = "", 0
    for match in INLINE.finditer(text):
        html += escape(_plain(text[end : match.start()], line), quote=False)
        end = match.end()
        if match["href"]:
            if not ADDRESS.fullmatch(match["href"]):
                _fail(line, f"a link leads to page:slug or a web address, not {match['href']}")
            html += f'<a href="{escape(match["href"])}">{_inline(match["text"], line)}</a>'
        else:
            tag = "b" if match["b"] else "i"
            html += f"<{tag}>{_inline(match[tag], line)}</{tag}>"
    return html + escape(_plain(text[end:], line), quote=False)


def _unmarked(lines: list[Line], mark: str) -> list[Line]:
    """Return the lines without the mark that must begin each ({}: its number)."""
    return [_cut(line, mark.format(count)) for count, line in enumerate(lines, start=1)]


def _cut(line: Line, mark: str) -> Line:
    if not line.text.startswith(mark):
        _fail(line, f"this line should begin with '{mark}'")
    return Line(line.number, line.text.removeprefix(mark).strip())


def _plain(text: str, line: Line) -> str:
    """Return the text unchanged; it must hold no markup."""
    if "**" in text or "](" in text:
        _fail(line, "markup that is not closed, or where only plain text can stand")
    return text


def _fail(line: Line, problem: str) -> NoReturn:
    raise ValueError(f"line {line.number}: {problem}: {line.text}")
