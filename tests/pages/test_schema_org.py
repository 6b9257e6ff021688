"""Linked data held against schema.org's own tables of types and properties.

Run by ``make check-html``, which fetches them as the npm package ``schema-dts``: TypeScript that is generated from them.
"""

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from wagtail.models import Site

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.schema]

WORDS = {"Text", "URL", "Date", "DateTime", "Time", "Number", "Integer", "Float", "Boolean", "Duration", "CssSelectorType"}
INTERFACE = re.compile(r"^(?:export )?interface (\w+?)Base extends ([^{]+)\{(.*?)^\}", re.DOTALL | re.MULTILINE)
LEAF = re.compile(r'interface (\w+?)Leaf extends (\w+?)Base \{\s*"@type": "(\w+)"', re.DOTALL)
PROPERTY = re.compile(r'^\s*"([\w-]+)"\?: SchemaValue<(.*?), "\1">;', re.MULTILINE)
OWN = {"@type", "@id", "@context"}


@cache
def tables() -> tuple[dict, dict]:
    """``({type: its super-types}, {type: {property: what it may hold}})``"""
    text = Path(os.environ["HUB_SCHEMA_ORG"]).read_text()
    above, properties = {}, {}
    for name, parents, body in INTERFACE.findall(text):
        above[name] = re.findall(r"(\w+?)Base\b", parents)
        properties[name] = {key: set(re.findall(r"\w+", values)) for key, values in PROPERTY.findall(body)}
    for name, base, _type in LEAF.findall(text):
        above.setdefault(name, [base])
    return above, properties


def lineage(name: str) -> set[str]:
    above, _properties = tables()
    found, todo = set(), [name]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += above.get(one, [])
    return found


def types_of(node: dict) -> list[str]:
    return [node["@type"]] if isinstance(node["@type"], str) else node["@type"]


def faults(node: dict, place: str = "") -> list[str]:
    """What in ``node`` schema.org does not know, or has no place for there."""
    above, properties = tables()
    types, found = types_of(node), []
    place = place or "/".join(types)
    found += [f"{place}: no type {name}" for name in types if name not in above]
    allowed = {}
    for name in set().union(*(lineage(name) for name in types)):
        for key, holds in properties.get(name, {}).items():
            allowed.setdefault(key, set()).update(holds)
    for key, value in node.items():
        if key in OWN or key == "query-input":  # an annotation of Google's, not of schema.org
            continue
        if key not in allowed:
            found.append(f"{place}: no property {key}")
            continue
        for one in value if isinstance(value, list) else [value]:
            found += _faults_of_value(one, allowed[key], f"{place}.{key}")
    return found


def _faults_of_value(value, holds: set[str], place: str) -> list[str]:
    if not isinstance(value, dict):
        # An address may stand for the thing that is there (https://schema.org/docs/gs.html#schemaorg_expected).
        is_address = isinstance(value, str) and value.startswith(("http://", "https://")) and "IdReference" in holds
        words = holds & WORDS or is_address
        return [] if words else [f"{place}: {value!r} where {sorted(holds)} belong"]
    if "@type" not in value:
        return [] if set(value) == {"@id"} else [f"{place}: a node without a type"]
    fits = any(lineage(name) & holds for name in types_of(value))
    return faults(value, place) + ([] if fits else [f"{place}: {value['@type']} where {sorted(holds)} belong"])


def everything(home, section, people, person) -> list:
    """A page of every type with everything set that is told."""
    Site.objects.update(site_name="Saltmarsh", hostname="testserver")
    topic = factories.TopicPageFactory(parent=section, title="Streets", slug="streets")
    report = factories.PublicationPageFactory(
        parent=section, subtitle="A report", doi="10.1234/abc", image=factories.ImageFactory()
    )
    factories.FormatFactory(page=report, kind="pdf", document=factories.DocumentFactory())
    chapter = factories.ChapterPageFactory(parent=report)
    interview, article = factories.InterviewPageFactory(parent=section), factories.ArticlePageFactory(parent=section)
    said = [("speech", {"label": "", "time": "0:10", "text": "<p>It begins.</p>"})]
    film = factories.VideoPageFactory(parent=section, duration="3:00", transcript=said)
    film.chapters.model.objects.create(page=film, time="0:10", title="Begin")
    series = factories.SeriesPageFactory(parent=section)
    factories.SeriesItemFactory(series=series, page=article)
    path = factories.PathPageFactory(parent=section)
    person.job_title, person.affiliation, person.website = "Head of research", "Saltmarsh", "https://ada.example/"
    person.portrait = factories.ImageFactory()
    person.save()
    contents = [topic, report, chapter, interview, article, film, series, path]
    for page in contents[1:]:
        factories.PageTopicFactory(page=page, topic=topic)
        for role in ("author", "editor", "interviewer", "interviewee", "translator", "illustrator"):
            factories.ContributionFactory(page=page, person=person, role=role, name="Ada Person", affiliation="Head")
        factories.comment(page)
    return [home, section, people, person, factories.StandardPageFactory(parent=home), *contents]


def test_every_type_of_page_tells_what_schema_org_knows(client, home, section, people, person):
    told = {}
    for page in everything(home, section, people, person):
        page = type(page).objects.get(pk=page.pk)
        soup = BeautifulSoup(client.get(page.url).content, "html.parser")
        graphs = [json.loads(script.string) for script in soup.find_all("script", type="application/ld+json")]
        nodes = [node for graph in graphs for node in graph.get("@graph", [graph])]
        told[type(page).__name__] = len(nodes)
        assert [fault for node in nodes for fault in faults(node)] == [], type(page).__name__
    assert min(told.values()) >= 2


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Interview"}, "no type Interview"),
        ({"@type": "Article", "isbn": "1"}, "no property isbn"),
        ({"@type": "Article", "author": {"@type": "Clip", "name": "x"}}, "Clip where"),
        ({"@type": "VideoObject", "hasPart": [{"@type": "Clip", "startOffset": 1, "autor": "x"}]}, "no property autor"),
    ],
)
def test_what_schema_org_does_not_know_is_caught(node, fault):
    assert any(fault in found for found in faults(node))
