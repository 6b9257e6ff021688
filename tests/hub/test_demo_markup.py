"""The markup of the demo content, piece by piece and over every body we ship."""

import tomllib
from pathlib import Path

import pytest

from hub.demo.markup import Block, parse

CONTENT = Path(__file__).parents[2] / "hub" / "demo" / "content"
BODIES = ("body", "biography", "transcript")


def test_an_empty_text_has_no_blocks():
    assert parse("\n  \n") == []


def test_headings_keep_their_level():
    assert parse("## The first six hours\n\n### Before dawn") == [
        Block("heading", {"text": "The first six hours", "level": 2}),
        Block("heading", {"text": "Before dawn", "level": 3}),
    ]


def test_a_paragraph_joins_its_lines_and_escapes_all_but_its_markup():
    assert parse('She said "no" <twice>\n& *meant* it: **not *once* more**, 2 * 3.') == [
        Block(
            "paragraph",
            {"html": '<p>She said "no" &lt;twice&gt; &amp; <i>meant</i> it: <b>not <i>once</i> more</b>, 2 * 3.</p>'},
        )
    ]


def test_links_lead_to_addresses_and_keep_the_names_of_pages():
    assert parse("See [the *map*](page:who-holds-the-map), [a log](https://log.example/?a=1&b=2).") == [
        Block(
            "paragraph",
            {
                "html": '<p>See <a href="page:who-holds-the-map">the <i>map</i></a>, '
                '<a href="https://log.example/?a=1&amp;b=2">a log</a>.</p>'
            },
        )
    ]


def test_lists_are_paragraphs_of_their_own():
    assert parse("- wet\n- **dry**\n\n1. first\n2. second") == [
        Block("paragraph", {"html": "<ul><li>wet</li><li><b>dry</b></li></ul>"}),
        Block("paragraph", {"html": "<ol><li>first</li><li>second</li></ol>"}),
    ]


def test_a_quotation_names_its_source_if_it_has_one():
    assert parse("> I had forty-three.\n> Not the mill.\n> -- Mercy Tannadice, clerk, Low Harling") == [
        Block(
            "quote",
            {
                "text": "I had forty-three. Not the mill.",
                "attribution": "Mercy Tannadice",
                "role": "clerk, Low Harling",
            },
        )
    ]
    assert parse("> Nobody rang.") == [Block("quote", {"text": "Nobody rang.", "attribution": "", "role": ""})]


def test_an_image_and_a_chart_may_leave_out_caption_and_credit():
    assert parse("!image river:2 | A river | In flood | Saltmarsh\n\n!chart calls | Calls fall") == [
        Block(
            "image",
            {"picture": "river:2", "alt": "A river", "caption": "In flood", "credit": "Saltmarsh"},
        ),
        Block("chart", {"name": "calls", "alt": "Calls fall", "caption": "", "credit": ""}),
    ]


def test_the_first_row_of_a_table_is_its_header():
    assert parse("!table Who knew\n| Room | Time |\n| Fire | 03:20 |\n| County | |") == [
        Block(
            "table",
            {
                "caption": "Who knew",
                "header": ["Room", "Time"],
                "rows": [["Fire", "03:20"], ["County", ""]],
            },
        )
    ]


def test_a_callout_holds_one_paragraph():
    assert parse("!callout On trust\nIt is *slow*\nto earn.") == [
        Block("callout", {"title": "On trust", "html": "<p>It is <i>slow</i> to earn.</p>"})
    ]


def test_key_points_actions_and_documents_are_plain_text():
    assert parse(
        "!key-points\n- One & all\n- Two\n\n"
        "!action Read it | page:paper-boats | Forty pages.\n\n"
        "!document coding.pdf | How we coded"
    ) == [
        Block("key_points", {"points": ["One & all", "Two"]}),
        Block("action", {"text": "Read it", "target": "page:paper-boats", "sentence": "Forty pages."}),
        Block("document", {"name": "coding.pdf", "title": "How we coded"}),
    ]


def test_an_answer_goes_on_until_the_next_speaker():
    assert parse("T.R.: Who rang?\nA.O.-L.: Nobody.\n\n+ We *waited*.\n\n+ And then?") == [
        Block("exchange", {"label": "T.R.", "html": "<p>Who rang?</p>"}),
        Block(
            "exchange",
            {
                "label": "A.O.-L.",
                "html": "<p>Nobody.</p><p>We <i>waited</i>.</p><p>And then?</p>",
            },
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# A title",
        "##Joined",
        "## A heading\nwith a tail",
        "A paragraph\n- and no blank line",
        "- an item\nand no mark",
        "2. a list that begins late",
        "1. one\n3. three",
        "> said\nand unsaid",
        "> -- Nobody, said nothing",
        "!picture river:2 | unknown block",
        "!image river:2",
        "!image volcano:1 | no such kind",
        "!image river:10 | no such variant",
        "!document a.pdf | A | one field too many",
        "!table\n| a |\n| b |",
        "!table Only a header\n| a |",
        "!table Ragged\n| a | b |\n| c |",
        "!table Open\n| a | b\n| c | d |",
        "!callout No words below",
        "!key-points\nno dash",
        "!action Go | nowhere | at all",
        "+ an answer to nothing",
        "**never closed",
        "[a link](nowhere)",
        "[a link](javascript:alert)",
        "> **loud**",
    ],
)
def test_malformed_text_is_refused_with_the_number_of_its_line(text):
    with pytest.raises(ValueError, match=r"^line [3-5]: "):
        parse(f"Before.\n\n{text}")


@pytest.mark.parametrize("path", sorted(CONTENT.rglob("*.toml")), ids=lambda path: path.stem)
def test_every_body_of_the_content_parses_and_names_charts_of_its_file(path):
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    blocks = [block for body in _found(content, BODIES, str) for block in parse(body)]
    shown = {block.value["name"] for block in blocks if block.kind == "chart"}
    declared = {c["name"] for charts in _found(content, ("chart",), list) for c in charts}
    assert shown - declared == set()


def _found(value, names, kind):
    """Yield the values of one kind under any of the names, at any depth."""
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        if key in names and isinstance(child, kind):
            yield child
        elif isinstance(child, dict | list):
            yield from _found(child, names, kind)
