"""The demo's made pictures, charts, films and documents."""

import struct
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops, ImageStat

from hub.demo import charts, films, papers, pictures

KINDS = ("river", "estuary", "town", "bridge", "rain", "field", "meeting", "map", "boat", "kitchen", "lamp", "dike")
CAST = (
    "ines-marlowe",
    "tobias-renn",
    "adaeze-okoro-lind",
    "priya-vanterpool",
    "callum-strand",
    "lena-szymborn",
    "idris-hallam",
    "mercy-tannadice",
    "joost-verkade",
    "hannah-quill",
)
SMALL = (320, 200)


def difference(one, other):
    """How far two pictures are apart: the mean of their channels' differences, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


# Pictures


@pytest.mark.parametrize("kind", KINDS)
def test_the_nine_variants_of_a_kind_differ_visibly(kind):
    prints = [pictures.illustration(kind, variant, SMALL) for variant in range(1, 10)]
    assert {(print_.size, print_.mode) for print_ in prints} == {(SMALL, "RGB")}
    apart = [difference(one, other) for index, one in enumerate(prints) for other in prints[:index]]
    assert min(apart) > 15


def test_a_picture_is_the_same_each_time_it_is_made():
    assert pictures.illustration("bridge", 4, SMALL).tobytes() == pictures.illustration("bridge", 4, SMALL).tobytes()
    assert pictures.portrait("hannah-quill", (90, 90)).tobytes() == pictures.portrait("hannah-quill", (90, 90)).tobytes()


def test_a_picture_in_full_size_makes_a_file_fit_for_the_web():
    picture = pictures.illustration("rain", 3)
    assert picture.size == (1600, 1000)
    assert 50_000 < len(pictures.jpeg(picture)) < 350_000


@pytest.mark.parametrize("size", [(300, 300), (400, 150), (120, 200)])
def test_a_picture_fills_whatever_shape_is_asked_for(size):
    assert pictures.illustration("field", 8, size).size == size


@pytest.mark.parametrize(("kind", "variant"), [("volcano", 1), ("river", 0), ("river", 10)])
def test_a_picture_nobody_drew_is_refused(kind, variant):
    with pytest.raises(ValueError, match=f"{kind}:{variant}"):
        pictures.illustration(kind, variant)


def test_the_ten_portraits_are_ten_people():
    heads = [pictures.portrait(slug, (180, 180)) for slug in CAST]
    assert min(difference(one, other) for index, one in enumerate(heads) for other in heads[:index]) > 12
    assert pictures.portrait("a-stranger", (180, 180)).size == (180, 180)


# Charts


@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_a_chart_shows_its_figures(kind):
    labels = ["Upper Oake", "Stellbridge", "Tern Quay"]
    one = charts.chart(kind, "Depth", "metres", labels, [("Then", [1, 2, 3]), ("Now", [2, 4, -1])], (800, 500))
    other = charts.chart(kind, "Depth", "metres", labels, [("Then", [1, 2, 3]), ("Now", [2, 4, 5])], (800, 500))
    assert one.size == (800, 500)
    assert difference(one, other) > 0.5


@pytest.mark.parametrize(("kind", "values"), [("pie", [1, 2]), ("bars", [1]), ("lines", [1, 2, 3])])
def test_a_chart_that_makes_no_sense_is_refused(kind, values):
    with pytest.raises(ValueError, match="chart of the kind|one value for each label"):
        charts.chart(kind, "Depth", "", ["Then", "Now"], [("Row", values)], (160, 100))


@pytest.mark.parametrize("values", [[0, 0], [5, 5], [-3, -1], [0.02, 0.05], [12_000, 9]])
@pytest.mark.parametrize("kind", ["bars", "lines"])
def test_a_chart_bears_awkward_figures(kind, values):
    assert charts.chart(kind, "Depth", "", ["Then", "Now"], [("Row", values)], (160, 100)).size == (160, 100)


def test_ticks_are_round_and_span_the_values():
    assert charts.ticks(6, 61) == [0, 20, 40, 60, 80]
    assert charts.ticks(-3, 4) == [-4, -2, 0, 2, 4]
    assert charts.ticks(96, 101)[0] > 90


def test_words_are_put_into_the_letters_of_the_typeface():
    assert (
        charts.printable("Café \N{EN DASH} £4 \N{RIGHT SINGLE QUOTATION MARK}s")
        == "Cafe - GBP 4 \N{RIGHT SINGLE QUOTATION MARK}s"
    )


# Films


def elements(data):
    """The EBML elements that lie side by side in the data: their names, places and contents."""
    place = 0
    while place < len(data):
        start, width = place, 9 - data[place].bit_length()
        name, place = data[place : place + width].hex(), place + width
        width = 9 - data[place].bit_length()
        length = int.from_bytes(data[place : place + width]) & ((1 << 7 * width) - 1)
        place += width
        yield name, start, data[place : place + length]
        place += length
    assert place == len(data)


def child(data, name):
    return next(content for found, _, content in elements(data) if found == name)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "film.webm"
    scenes = [(Image.new("RGB", (400, 250), colour), ["First line", "Second"]) for colour in ("teal", "orange", "navy")]
    films.film(path, scenes, 9, size=(160, 90))
    return path.read_bytes()


def test_a_film_says_how_long_and_large_it_is(film):
    (header, _, kind), (segment, _, content) = elements(film)
    assert (header, segment) == ("1a45dfa3", "18538067")
    assert child(kind, "4282") == b"webm"
    assert struct.unpack(">d", child(child(content, "1549a966"), "4489")) == (9000,)
    track = child(child(content, "1654ae6b"), "ae")
    picture = child(track, "e0")
    assert child(track, "86") == b"V_VP8"
    assert (child(picture, "b0"), child(picture, "ba")) == (bytes([160]), bytes([90]))


def test_every_frame_of_a_film_is_a_key_frame_at_its_time(film):
    content = child(film, "18538067")
    times = []
    for name, _, cluster in elements(content):
        if name == "1f43b675":
            start = int.from_bytes(child(cluster, "e7"))
            for block, _, data in elements(cluster):
                if block == "a3":
                    track, offset, flags = struct.unpack(">BhB", data[:4])
                    assert (track, flags) == (0x81, 0x80)
                    assert data[7:10] == b"\x9d\x01\x2a"  # VP8's mark of a key frame
                    times.append(start + offset)
    assert times == [500 * index for index in range(18)]


def test_the_cues_of_a_film_point_at_its_clusters(film):
    content = child(film, "18538067")
    clusters = {start: int.from_bytes(child(data, "e7")) for name, start, data in elements(content) if name == "1f43b675"}
    cues = {}
    for _, _, cue in elements(child(content, "1c53bb6b")):
        cues[int.from_bytes(child(child(cue, "b7"), "f1"))] = int.from_bytes(child(cue, "b3"))
    assert cues == clusters
    places = {start: name for name, start, _ in elements(content)}
    for _, _, seek in elements(child(content, "114d9b74")):
        assert places[int.from_bytes(child(seek, "53ac"))] == child(seek, "53ab").hex()


def test_a_film_of_prints_keeps_to_its_budget(tmp_path):
    scenes = [(pictures.illustration(kind, 2, (960, 600)), ["A caption"]) for kind in ("rain", "town")]
    films.film(tmp_path / "film.webm", scenes, 4)
    assert (tmp_path / "film.webm").stat().st_size < 4 / 40 * 1_500_000


def test_a_film_needs_a_scene(tmp_path):
    with pytest.raises(ValueError, match="scene"):
        films.film(tmp_path / "none.webm", [], 3)


# Documents


def test_a_pdf_has_its_pages_its_title_and_its_tags():
    text = "The river does not know the parish boundary; it never did. " * 30
    data = papers.pdf("Who holds the map? \N{EN DASH} a draft", ["## One", *[text] * 4, "Short (with brackets) and £4."])
    assert data.startswith(b"%PDF-1.7")
    assert data.endswith(b"%%EOF\n")
    assert data.count(b"/Type /Page ") == 4
    assert data.count(b"/S /P ") == 5
    assert data.count(b"/S /H2 ") == 1
    assert b"/Marked true" in data
    assert ("/Title <" + "\ufeffWho".encode("utf-16-be").hex()).encode() in data
    assert f"/Lang <{b'en-GB'.hex()}>".encode() in data
    assert data == papers.pdf("Who holds the map? \N{EN DASH} a draft", ["## One", *[text] * 4, "Short (with brackets) and £4."])


def test_a_pdfs_table_leads_to_its_objects():
    data = papers.pdf("Paper boats", ["A line."])
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    rows = data[start:].split(b"\n")[3:]
    places = [int(row[:10]) for row in rows if row.endswith(b" n ")]
    assert len(places) > 10
    for number, place in enumerate(places, 1):
        assert data[place:].startswith(f"{number} 0 obj".encode())


def test_an_epub_is_a_book_whose_every_page_is_xml():
    chapters = [("Rivers & roads", "<p>Fast<br>and <b>slow <i>water</b></p><img src=a alt>"), ("Two", "<h1>Two</h1><p>End")]
    data = papers.epub("Paper boats", "en-GB", chapters)
    assert data == papers.epub("Paper boats", "en-GB", chapters)
    with zipfile.ZipFile(BytesIO(data)) as book:
        first = book.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert book.read("mimetype") == b"application/epub+zip"
        pages = [name for name in book.namelist() if name.endswith(("xml", "opf", "html"))]
        trees = {name: ElementTree.fromstring(book.read(name)) for name in pages}  # noqa: S314  our own file
    package = trees["EPUB/package.opf"]
    hrefs = {item.get("href") for item in package.iter("{http://www.idpf.org/2007/opf}item")}
    assert hrefs == {"nav.xhtml", "style.css", "chapter-1.xhtml", "chapter-2.xhtml"}
    assert package.findtext(".//{http://purl.org/dc/elements/1.1/}language") == "en-GB"
    links = trees["EPUB/nav.xhtml"].iter("{http://www.w3.org/1999/xhtml}a")
    assert [link.text for link in links] == ["Rivers & roads", "Two"]
    headings = [len(list(trees[f"EPUB/chapter-{n}.xhtml"].iter("{http://www.w3.org/1999/xhtml}h1"))) for n in (1, 2)]
    assert headings == [1, 1]
