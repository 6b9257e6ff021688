"""One address of each kind of page in the demo hub."""

PUBLIC = {
    "home": "/",
    "section": "/publications/",
    "section, filtered": "/publications/?type=publication&year=2001",
    "topics": "/topics/",
    "publication": "/publications/who-holds-the-map/",
    "publication, small": "/publications/paper-boats/",
    "chapter": "/publications/who-holds-the-map/what-the-log-books-say/",
    "interview": "/interviews/callum-strand-on-the-first-six-hours/",
    "video": "/videos/learning-from-the-last-flood/",
    "article": "/articles/ego-is-a-leak/",
    "topic": "/topics/flood-ready-places/",
    "topic, one kind": "/topics/flood-ready-places/?type=interview",
    "series": "/series/conversations-at-the-waters-edge/",
    "people": "/people/",
    "person": "/people/tobias-renn/",
    "plain page": "/house-rules/",
    "search": "/search/",
    "search, found": "/search/?q=river",
    "search, nothing": "/search/?q=xyzzyplugh",
    "missing": "/nowhere-at-all/",
}
