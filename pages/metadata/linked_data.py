"""Linked data (JSON-LD, https://schema.org) of a page: what it is, who made it, where it stands.

Only what readers may see is told, and only what the page itself shows.
"""

from django.urls import reverse
from django.utils.translation import get_language

from pages import navigation
from pages.metadata import sharing
from pages.models import (
    ChapterPage,
    ContentPage,
    HomePage,
    InterviewPage,
    PathPage,
    PublicationPage,
    Role,
    SectionPage,
    SeriesPage,
    StandardPage,
    TopicPage,
    VideoPage,
)
from pages.search.gathering import passages
from people.models import PeopleIndexPage, PersonPage

CONTEXT = "https://schema.org"
# Schema.org has no interview; Wikidata's item says which kind of article it is.
INTERVIEW = "http://www.wikidata.org/entity/Q178651"
ROLES = {
    Role.AUTHOR: "author",
    Role.EDITOR: "editor",
    Role.TRANSLATOR: "translator",
}
FORMATS = {"pdf": "application/pdf", "epub": "application/epub+zip"}


def graph(page, site, request) -> dict | None:
    """The linked data of ``page`` as JSON; None for what has no address yet."""
    address = page.get_full_url(request) if page.pk else None
    if not address:
        return None
    nodes = [_organisation(site), _thing(page, site, request, navigation.canonical_url(page) or address)]
    if crumbs := _crumbs(page, site, address, request):
        nodes.append(crumbs)
    return {"@context": CONTEXT, "@graph": [without_empty(node) for node in nodes]}


def _organisation(site) -> dict:
    root = site.root_url
    return {"@type": "Organization", "@id": f"{root}/#organisation", "name": site.site_name or site.hostname, "url": f"{root}/"}


def _thing(page, site, request, address) -> dict:
    if isinstance(page, ContentPage):
        return _content(page, site, request, address)
    if isinstance(page, PersonPage):
        return {"@type": "ProfilePage", "@id": address, "url": address, "mainEntity": _profile(page, address, request)}
    if isinstance(page, HomePage):
        return _website(page, site, address)
    types = {SectionPage: "CollectionPage", PeopleIndexPage: "CollectionPage", StandardPage: "WebPage"}
    kind = types.get(type(page), "WebPage")
    return {
        "@type": kind,
        "@id": address,
        "url": address,
        "name": page.title,
        "description": getattr(page, "introduction", ""),
        "inLanguage": get_language(),
    }


def _website(page, site, address) -> dict:
    search = f"{site.root_url}{reverse('search')}?q={{words}}"
    return {
        "@type": "WebSite",
        "@id": address,
        "url": address,
        "name": site.site_name or page.title,
        "description": page.introduction,
        "publisher": {"@id": f"{site.root_url}/#organisation"},
        "potentialAction": {"@type": "SearchAction", "target": search, "query-input": "required name=words"},
    }


def _content(page, site, request, address) -> dict:
    node = _work(page, site, request, address)
    more = next((extend for model, extend in EXTRA.items() if isinstance(page, model)), None)
    return node | (more(page, request) if more else {})


def _work(page, site, request, address) -> dict:
    changed = page.last_published_at
    node = {
        "@type": "Article",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "name": page.title,
        "headline": page.title[:110],
        "abstract": page.summary,
        "inLanguage": get_language(),
        "datePublished": page.dated_at.isoformat(),
        "dateModified": changed.isoformat() if changed else None,
        "publisher": {"@id": f"{site.root_url}/#organisation"},
        "image": picture(page, request),
        "keywords": [topic.title for topic in navigation.topics_of(page)],
        "isAccessibleForFree": True,
    }
    for row in navigation.credits_of(page):
        name = ROLES.get(row.role, "contributor")
        node.setdefault(name, []).append(_person(row, request))
    return node


def _person(row, request) -> dict:
    """Somebody who had a part in a page, with the profile where readers may see one."""
    address = row.profile.get_full_url(request) if row.profile else None
    return without_empty({"@type": "Person", "name": row.name, "url": address, "jobTitle": row.affiliation})


def _profile(page, address, request) -> dict:
    portrait = page.portrait
    return {
        "@type": "Person",
        "@id": f"{address}#person",
        "name": page.title,
        "jobTitle": page.job_title,
        "affiliation": {"@type": "Organization", "name": page.affiliation} if page.affiliation else None,
        "description": page.summary,
        "image": request.build_absolute_uri(portrait.file.url) if portrait else None,
        "sameAs": page.website,
        "url": address,
    }


def picture(page, request) -> str:
    """The full address of what is shown beside a link to ``page``: its own picture, else the drawn one."""
    if page.image:
        return request.build_absolute_uri(page.image.file.url)
    return request.build_absolute_uri(sharing.address(page))


def _publication(page, request) -> dict:
    doi = f"https://doi.org/{page.doi}" if page.doi else None
    chapters = [{"@type": "Chapter", "name": chapter.title, "url": chapter.get_full_url(request)} for chapter in page.chapters()]
    return {
        "@type": ["Report", "Article"],
        "alternativeHeadline": page.subtitle,
        "identifier": {"@type": "PropertyValue", "propertyID": "DOI", "value": page.doi} if page.doi else None,
        "sameAs": doi,
        "hasPart": [chapter | {"position": place} for place, chapter in enumerate(chapters, start=1)],
        "encoding": [_format(row, request) for row in page.formats.all() if row.document_id],
    }


def _format(row, request) -> dict:
    return {
        "@type": "MediaObject",
        "name": str(row),
        "encodingFormat": FORMATS.get(row.kind, ""),
        "contentUrl": request.build_absolute_uri(row.document.url),
    }


def _chapter(page, request) -> dict:
    publication, _before, _after = page.neighbours()
    whole = {"@type": "Report", "name": publication.title, "url": publication.get_full_url(request)} if publication else None
    return {"@type": ["Chapter", "Article"], "isPartOf": whole}


def _interview(page, request) -> dict:
    asked = [row for row in navigation.credits_of(page) if row.role == Role.INTERVIEWEE]
    return {"additionalType": INTERVIEW, "about": [_person(row, request) for row in asked]}


def _video(page, request) -> dict:
    address = page.get_full_url(request)
    marks = sorted(page.chapters.all(), key=lambda mark: mark.start)
    ends = [mark.start for mark in marks[1:]] + [page.seconds]
    return {
        "@type": "VideoObject",
        "description": page.summary,
        "thumbnailUrl": picture(page, request),
        "uploadDate": page.dated_at.isoformat(),
        "duration": f"PT{page.seconds}S" if page.seconds else None,
        "contentUrl": request.build_absolute_uri(page.film.url) if page.film else None,
        "embedUrl": page.player.player_url if page.player else None,
        "transcript": " ".join(passage.text for passage in passages(page.transcript) if passage.text),
        "hasPart": [
            {
                "@type": "Clip",
                "name": mark.title,
                "startOffset": mark.start,
                "endOffset": end or None,
                "url": f"{address}#t={mark.start}",
            }
            for mark, end in zip(marks, ends, strict=False)
        ],
    }


def _topic(page, request) -> dict:
    return {"@type": "CollectionPage", "about": {"@type": "Thing", "name": page.in_a_sentence}}


def _series(page, request) -> dict:
    parts = [{"@type": "CreativeWork", "name": part.title, "url": part.get_full_url(request)} for part in page.parts()]
    return {"@type": "CreativeWorkSeries", "hasPart": [part | {"position": at} for at, part in enumerate(parts, start=1)]}


def _path(page, request) -> dict:
    return {"@type": "CollectionPage"}


EXTRA = {
    PublicationPage: _publication,
    ChapterPage: _chapter,
    InterviewPage: _interview,
    VideoPage: _video,
    TopicPage: _topic,
    SeriesPage: _series,
    PathPage: _path,
}


def _crumbs(page, site, address, request) -> dict | None:
    above = navigation.breadcrumbs(page, site.root_page)
    if not above:
        return None
    places = [(each.title, each.get_full_url(request)) for each in above] + [(page.title, address)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url} for place, (name, url) in enumerate(places, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def without_empty(node: dict) -> dict:
    """``node`` and all within it without what says nothing."""
    kept = {}
    for name, value in node.items():
        if isinstance(value, dict):
            value = without_empty(value)
        elif isinstance(value, list):
            value = [without_empty(each) if isinstance(each, dict) else each for each in value]
        if value not in (None, "", [], {}):
            kept[name] = value
    return kept
