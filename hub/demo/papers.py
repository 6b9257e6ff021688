"""The demo's documents: PDF and EPUB files written by hand from plain text and simple HTML."""

import zipfile
import zlib
from html import escape
from html.parser import HTMLParser
from io import BytesIO
from textwrap import dedent
from uuid import NAMESPACE_URL, uuid5

MODIFIED = "2025-01-06T09:00:00Z"  # one date for all, so that the same text gives the same file

# PDF

PAGE = (595, 842)  # A4, in points
MARGIN = 72
COVER = "0.965 0.941 0.894 rg 0 0 595 842 re f "
HILLS = (  # colour, then a curve across the foot of the cover
    ("0.90 0.69 0.36", "0 330 m 160 420 260 240 595 350 c"),
    ("0.26 0.51 0.57", "0 230 m 200 320 380 190 595 260 c"),
    ("0.10 0.17 0.27", "0 120 m 180 60 420 220 595 130 c"),
)
STYLES = {  # font, size, leading, space above
    "Title": ("Bold", 34, 40, 0),
    "H2": ("Bold", 16, 21, 18),
    "P": ("Plain", 11.5, 17, 8),
}
WIDTHS = [  # of Helvetica's characters, from the space to the tilde, in thousandths of the size
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *[556] * 10,
    *(278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667),
    *(778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556),
    *(556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
]


def pdf(title: str, lines: list[str], language: str = "en-GB") -> bytes:
    """Return a tagged PDF: a cover with the title, then each line as a paragraph.

    A line that begins with "## " is a heading.
    """
    document = Pdf(title, language)
    document.cover()
    for line in lines:
        if line.startswith("## "):
            document.write("H2", line[3:])
        elif line.strip():
            document.write("P", line)
    return document.file()


class Pdf:
    """A PDF in the making: pages of content, and the tree that tells what each piece is."""

    def __init__(self, title: str, language: str):
        self.title, self.language = title, language
        self.pages: list[list[str]] = []
        self.marks: list[list[int]] = []  # for each page, the part that each marked piece belongs to
        self.parts: list[tuple[str, list[tuple[int, int]]]] = []  # kind, and (page, mark) of its pieces
        self.y = 0.0

    def turn(self) -> None:
        """Begin a page."""
        self.pages.append([])
        self.marks.append([])
        self.y = PAGE[1] - MARGIN

    def cover(self) -> None:
        self.turn()
        hills = "".join(f"{colour} rg {curve} 595 0 l 0 0 l h f " for colour, curve in HILLS)
        self.pages[0].append(f"/Artifact BMC {COVER}{hills}EMC")
        self.y = PAGE[1] - 190
        self.write("Title", self.title)
        self.y = 0

    def write(self, kind: str, text: str) -> None:
        """Set a paragraph, over as many pages as it takes."""
        font, size, leading, above = STYLES[kind]
        self.y -= above
        self.parts.append((kind, []))
        piece: list[str] = []
        for line in wrapped(text, size * (1.07 if font == "Bold" else 1)):
            if self.y - leading < MARGIN:
                self._mark(kind, piece)
                self.turn()
                piece = []
            self.y -= leading
            piece.append(f"BT /{font} {size} Tf 0.10 0.15 0.22 rg {MARGIN} {self.y:.1f} Td {literal(line + ' ')} Tj ET")
        self._mark(kind, piece)

    def _mark(self, kind: str, piece: list[str]) -> None:
        if piece:
            page, mark = len(self.pages) - 1, len(self.marks[-1])
            self.parts[-1][1].append((page, mark))
            self.marks[-1].append(len(self.parts) - 1)
            body = "\n".join(piece)
            self.pages[-1].append(f"/{kind} <</MCID {mark}>> BDC\n{body}\nEMC")

    def file(self) -> bytes:
        """Number the objects and lay them out: the catalogue and its kin, the pages, the parts."""
        first_part = 8 + 2 * len(self.pages)
        objects = [
            f"<</Type /Catalog /Pages 2 0 R /Lang {literal(self.language)} /MarkInfo <</Marked true>> /StructTreeRoot 6 0 R"
            " /ViewerPreferences <</DisplayDocTitle true>> /Metadata 5 0 R>>",
            f"<</Type /Pages /Count {len(self.pages)} /Kids [{self._references(8, len(self.pages), 2)}]>>",
            "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>",
            "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding>>",
            stream(self._metadata(), "/Type /Metadata /Subtype /XML", packed=False),
            f"<</Type /StructTreeRoot /K 7 0 R /ParentTree <</Nums [{self._parents(first_part)}]>> /RoleMap <</Title /H1>>>>",
            f"<</Type /StructElem /S /Document /P 6 0 R /K [{self._references(first_part, len(self.parts))}]>>",
        ]
        for number, content in enumerate(self.pages):
            objects += self._page(number, content)
        for kind, pieces in self.parts:
            kids = " ".join(f"<</Type /MCR /Pg {8 + 2 * page} 0 R /MCID {mark}>>" for page, mark in pieces)
            objects.append(f"<</Type /StructElem /S /{kind} /P 7 0 R /K [{kids}]>>")
        objects.append(f"<</Title {literal(self.title, wide=True)}>>")
        return bound(objects)

    @staticmethod
    def _references(first: int, count: int, step: int = 1) -> str:
        return " ".join(f"{first + step * index} 0 R" for index in range(count))

    def _parents(self, first_part: int) -> str:
        """For each page, the part to which each of its marked pieces belongs."""
        rows = (" ".join(f"{first_part + part} 0 R" for part in marks) for marks in self.marks)
        return " ".join(f"{page} [{row}]" for page, row in enumerate(rows))

    def _page(self, number: int, content: list[str]) -> tuple[str, bytes]:
        if number:
            folio = f"BT /Plain 9 Tf 0.36 0.38 0.41 rg {MARGIN} 40 Td {literal(f'{self.title}   {number + 1}')} Tj ET"
            content = [*content, f"/Artifact <</Type /Pagination>> BDC\n{folio}\nEMC"]
        fonts = "/Resources <</Font <</Plain 3 0 R /Bold 4 0 R>>>>"
        page = (
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] {fonts}"
            f" /Contents {9 + 2 * number} 0 R /StructParents {number} /Tabs /S>>"
        )
        return page, stream("\n".join(content).encode("latin-1"))

    def _metadata(self) -> bytes:
        return dedent(f"""\
            <?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(self.title)}</rdf:li></rdf:Alt></dc:title>
            <dc:language><rdf:Bag><rdf:li>{self.language}</rdf:li></rdf:Bag></dc:language>
            </rdf:Description></rdf:RDF></x:xmpmeta>
            <?xpacket end="r"?>""").encode()


def wrapped(text: str, size: float) -> list[str]:
    """The lines of a text between the margins."""
    lines, room = [""], (PAGE[0] - 2 * MARGIN) * 1000 / size
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        width = sum(WIDTHS[ord(c) - 32] if " " <= c <= "~" else 556 for c in longer)
        if width <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def literal(text: str, wide: bool = False) -> str:
    """A text as PDF writes it: in Windows' Latin for a page, in UTF-16 for a property."""
    data = ("\ufeff" + text).encode("utf-16-be") if wide else text.encode("cp1252", "replace")
    return f"<{data.hex()}>"


def stream(data: bytes, entries: str = "", packed: bool = True) -> bytes:
    if packed:
        data, entries = zlib.compress(data), f"{entries} /Filter /FlateDecode"
    return f"<<{entries} /Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def bound(objects: list[str | bytes]) -> bytes:
    """The objects, numbered from 1, with the table of where each begins; the last is the information."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        data = body if isinstance(body, bytes) else body.encode("latin-1")
        out += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    start, count = len(out), len(objects)
    out += f"xref\n0 {count + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    ident = uuid5(NAMESPACE_URL, objects[-1]).hex
    trailer = f"<</Size {count + 1} /Root 1 0 R /Info {count} 0 R /ID [<{ident}> <{ident}>]>>"
    return bytes(out) + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()


# EPUB

VOID = {"br", "hr", "img", "wbr"}
STYLE = """\
body { font-family: serif; line-height: 1.5; margin: 5%; }
h1, h2, h3, nav { font-family: sans-serif; line-height: 1.2; }
blockquote { border-left: 0.2em solid; margin-left: 0; padding-left: 1em; }
"""
CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


def epub(title: str, language: str, chapters: list[tuple[str, str]]) -> bytes:
    """Return an EPUB 3 whose chapters are given as titles and HTML."""
    names = [f"chapter-{number}.xhtml" for number in range(1, len(chapters) + 1)]
    texts = [(name, heading) for name, (heading, _) in zip(names, chapters, strict=True)]
    files = {
        "META-INF/container.xml": CONTAINER,
        "EPUB/package.opf": _package(title, language, names),
        "EPUB/nav.xhtml": _leaf(title, language, _contents(texts)),
        "EPUB/style.css": STYLE,
    }
    for name, (heading, html) in zip(names, chapters, strict=True):
        body = xhtml(html)
        opening = "" if body.lstrip().startswith("<h1") else f"<h1>{escape(heading)}</h1>\n"
        files[f"EPUB/{name}"] = _leaf(heading, language, f"<section>\n{opening}{body}\n</section>")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip", zipfile.ZIP_STORED)
        for name, text in files.items():
            book.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _package(title: str, language: str, names: list[str]) -> str:
    items = "\n".join(f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{escape(language)}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{uuid5(NAMESPACE_URL, title)}</dc:identifier>
<dc:title>{escape(title)}</dc:title>
<dc:language>{escape(language)}</dc:language>
<meta property="dcterms:modified">{MODIFIED}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
{items}
</manifest>
<spine><itemref idref="nav"/>{spine}</spine>
</package>
"""


def _contents(texts: list[tuple[str, str]]) -> str:
    items = "\n".join(f'<li><a href="{name}">{escape(heading)}</a></li>' for name, heading in texts)
    return f'<nav epub:type="toc" id="toc">\n<h1>Contents</h1>\n<ol>\n{items}\n</ol>\n</nav>'


def _leaf(title: str, language: str, body: str) -> str:
    tongue = escape(language)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{tongue}" xml:lang="{tongue}">
<head><title>{escape(title)}</title><link rel="stylesheet" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""


def xhtml(html: str) -> str:
    """HTML as XML wants it: everything closed and escaped."""
    tidier = _Tidier()
    tidier.feed(html)
    tidier.close()
    return "".join(tidier.out + [f"</{tag}>" for tag in reversed(tidier.open)])


class _Tidier(HTMLParser):
    def __init__(self):
        super().__init__()
        self.out: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        written = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.out.append(f"<{tag}{written}/>" if tag in VOID else f"<{tag}{written}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while tag in self.open:
            last = self.open.pop()
            self.out.append(f"</{last}>")
            if last == tag:
                break

    def handle_data(self, data):
        self.out.append(escape(data, quote=False))
