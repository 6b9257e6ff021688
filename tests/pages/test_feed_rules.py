"""Every feed held against RFC 4287, and read as the programs of readers do."""

from collections import Counter
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest

from tests import factories

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, 4.1.1 and 4.1.2: how often an element may stand in a feed and in an entry.
ONCE = {"feed": {"id", "title", "updated"}, "entry": {"id", "title", "updated"}}
AT_MOST_ONCE = {
    "feed": {"generator", "icon", "logo", "rights", "subtitle"},
    "entry": {"content", "published", "rights", "source", "summary"},
}
ANY_NUMBER = {"author", "category", "contributor", "link"}
DATES = {"updated", "published"}


def faults(root: ElementTree.Element) -> list[str]:
    """What in a feed RFC 4287 does not allow."""
    entries = root.findall(f"{ATOM}entry")
    found = of_element(root, "feed") + [fault for entry in entries for fault in of_element(entry, "entry")]
    if root.find(f"{ATOM}author") is None and any(entry.find(f"{ATOM}author") is None for entry in entries):
        found.append("an entry has no author, nor has the feed")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    return found + [f"{key} stands twice" for key, number in Counter(ids).items() if number > 1]


def of_element(element: ElementTree.Element, name: str) -> list[str]:
    numbers = Counter(child.tag.removeprefix(ATOM) for child in element)
    found = [f"{name}: {numbers[key]} of {key}" for key in ONCE[name] if numbers[key] != 1]
    found += [f"{name}: {numbers[key]} of {key}" for key in AT_MOST_ONCE[name] if numbers[key] > 1]
    found += [f"{name}: no element {key}" for key in numbers if key not in allowed(name)]
    for child in element:
        found += of_child(child, f"{name}: {child.tag.removeprefix(ATOM)}")
    relations = Counter((link.get("rel"), link.get("type"), link.get("hreflang")) for link in element.findall(f"{ATOM}link"))
    found += [f"{name}: two alternates" for (rel, *_), number in relations.items() if rel == "alternate" and number > 1]
    return found


def allowed(name: str) -> set[str]:
    return ONCE[name] | AT_MOST_ONCE[name] | ANY_NUMBER | ({"entry"} if name == "feed" else set())


def of_child(child: ElementTree.Element, place: str) -> list[str]:
    name = child.tag.removeprefix(ATOM)
    if name in DATES and datetime.fromisoformat(child.text).tzinfo is None:
        return [f"{place} without a zone"]
    if name == "id" and not urlsplit(child.text).scheme:
        return [f"{place} is no IRI"]
    if name == "link" and not urlsplit(child.get("href", "")).scheme:
        return [f"{place} has no full address"]
    if name == "author" and not child.findtext(f"{ATOM}name"):
        return [f"{place} has no name"]
    if name == "category" and not child.get("term"):
        return [f"{place} has no term"]
    return []


@pytest.fixture
def addresses(home, section, person):
    """Every feed there is, with content of every kind in it; one page has nobody's name."""
    topic = factories.TopicPageFactory(parent=section, title="Streets")
    series = factories.SeriesPageFactory(parent=section, title="A series")
    for kind in ("Publication", "Interview", "Video", "Article"):
        page = getattr(factories, f"{kind}PageFactory")(parent=section, title=f"{kind} & <b>")
        factories.PageTopicFactory(page=page, topic=topic)
        factories.SeriesItemFactory(series=series, page=page)
        if kind != "Article":
            factories.ContributionFactory(page=page, person=person)
    factories.comment(page)
    places = [f"/feed/{place.pk}/" for place in (section, topic, series, person)]
    return ["/feed/", *places, f"/discussion/{page.pk}/feed/"]


def test_every_feed_keeps_the_rules_of_atom(client, addresses):
    told = {address: faults(ElementTree.fromstring(client.get(address).content)) for address in addresses}  # noqa: S314
    assert told == dict.fromkeys(addresses, [])


def test_every_feed_is_read_by_a_program_for_feeds(client, addresses):
    for address in addresses:
        read = feedparser.parse(client.get(address).content)
        assert (read.bozo, read.version) == (False, "atom10"), address
        assert read.feed.title
        assert all(entry.id and entry.title and entry.link and entry.updated_parsed for entry in read.entries)
        assert len(read.entries) == (1 if "discussion" in address else 3 if address == addresses[4] else 4)
