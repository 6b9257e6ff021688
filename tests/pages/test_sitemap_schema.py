"""The sitemap held against the schema of the sitemaps protocol.

Run by ``make check-html``, which fetches the schema within the npm package ``sitemap``. Pictures and films are of namespaces
that it does not know: they are taken out before, and ``test_metadata`` looks at them.
"""

import os
from pathlib import Path

import pytest
from lxml import etree

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.schema]

OWN = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_sitemap_of_every_type_of_page_fits_its_schema(client, section, person, article):
    schema = etree.XMLSchema(etree.fromstring(Path(os.environ["HUB_SITEMAP_XSD"]).read_bytes()))
    for kind in ("Publication", "Interview", "Video", "Topic", "Series"):
        getattr(factories, f"{kind}PageFactory")(parent=section, title=f"{kind} & <b>", image=factories.ImageFactory())
    index = etree.fromstring(client.get("/sitemap.xml").content)
    parts = [etree.fromstring(client.get(place.text).content) for place in index.iter(f"{OWN}loc")]
    assert parts
    for part in parts:
        foreign = [element for element in part.iter("{*}*") if not element.tag.startswith(OWN)]
        assert foreign
        for element in foreign:
            if element.getparent() is not None:
                element.getparent().remove(element)
        schema.assertValid(part)
