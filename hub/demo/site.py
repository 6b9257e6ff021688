"""Builds the demo hub out of ``content/``: once, and again without harm."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from discussion.models import DiscussionSettings
from hub.demo import library
from hub.demo.stream import Streams
from pages.captions import clock
from pages.models import (
    ArticlePage,
    CaptionTrack,
    ChapterPage,
    ContentLink,
    ContentPage,
    Contribution,
    Format,
    HomePage,
    HomePageFeature,
    InterviewPage,
    PageTopic,
    PathPage,
    PathStep,
    PublicationPage,
    SectionPage,
    SeriesItem,
    SeriesPage,
    StandardPage,
    TopicPage,
    TopicPick,
    VideoChapter,
    VideoPage,
)
from people.models import PeopleIndexPage, PersonPage

CONTENT = Path(__file__).parent / "content"
LISTS = {
    "publications": "publication",
    "interviews": "interview",
    "videos": "video",
    "articles": "article",
    "topics": "topic",
    "series": "series",
}
COLOURS = {"working-across-boundaries": "rust", "flood-ready-places": "teal"}
FILM_SCENES = {
    "filmed-lena-szymborn": ["kitchen:2", "meeting:3", "map:4"],
    "filmed-idris-hallam": ["rain:2", "lamp:3", "boat:5"],
    "learning-from-the-last-flood": ["estuary:3", "town:4", "lamp:2", "boat:2"],
}


def read(name: str) -> dict:
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


class DemoSite:
    """``pages`` maps slugs to pages as they are made; ``say`` is told what is going on."""

    def __init__(self, say):
        self.say = say
        self.pages: dict[str, Page] = {}
        self.sources: dict[str, dict] = {}

    def build(self):
        self.site_and_sections()
        self.people()
        self.tree()
        streams = Streams(self.pages)
        for number, (slug, source) in enumerate(self.sources.items(), start=1):
            self.say(f"  pages {number}/{len(self.sources)}: {source['title']}")
            self.fill(self.pages[slug], source, streams)
        self.front()

    # The frame

    def site_and_sections(self):
        content = read("pages")
        home_text = content["home"]
        self.home = HomePage.objects.order_by("path").first()
        self.home.title = self.home.draft_title = home_text["title"]
        self.home.strapline, self.home.introduction = home_text["strapline"], home_text["intro"]
        self.home.save()
        self.featured = home_text["featured"]
        site = Site.objects.get(is_default_site=True)
        site.site_name, site.root_page = home_text["title"], self.home
        site.save()
        for section in content["section"]:
            texts = {
                "title": section["title"],
                "slug": section["slug"],
                "introduction": section["summary"],
                "show_in_menus": True,
            }
            if section["slug"] == "people":
                self.add(self.home, PeopleIndexPage(**texts))
            else:
                self.add(self.home, SectionPage(**texts, lists=LISTS[section["slug"]]))
        for plain in content["standard"]:
            self.sources[plain["slug"]] = plain
            shown = plain["slug"] == "about"
            self.add(
                self.home,
                StandardPage(title=plain["title"], slug=plain["slug"], introduction=plain["summary"], show_in_menus=shown),
            )
        rules = DiscussionSettings.for_site(site)
        rules.house_rules, rules.privacy = self.pages["house-rules"], self.pages["privacy"]
        rules.save()

    def add(self, parent: Page, page: Page) -> Page:
        """``page`` beneath ``parent``, or the one that already has its slug there."""
        found = parent.get_children().filter(slug=page.slug).first()
        if found is None:
            parent.refresh_from_db()
            found = parent.add_child(instance=page)
            found.save_revision().publish()
        self.pages[page.slug] = found.specific
        return self.pages[page.slug]

    def people(self):
        users = get_user_model()
        for person in read("people")["person"]:
            self.say(f"  people: {person['name']}")
            given, _, family = person["name"].removeprefix("Dr ").partition(" ")
            user, made = users.objects.get_or_create(
                username=person["slug"],
                defaults={"first_name": given, "last_name": family, "email": f"{given.lower()}@saltmarsh.example"},
            )
            if made:
                user.is_staff = person["affiliation"] == "Saltmarsh Institute"
                user.set_unusable_password()
                user.save()
            image = library.portrait(person["slug"], person["name"]) if person["portrait"] else None
            profile = PersonPage(
                title=person["name"],
                slug=person["slug"],
                sort_name=person["sort_name"],
                job_title=person["job_title"],
                affiliation=person["affiliation"],
                summary=person["summary"],
                biography="".join(block["value"] for block in Streams({}).body({**person, "body": person["biography"]})),
                website=person.get("website", ""),
                portrait=image,
                user=user,
            )
            self.add(self.pages["people"], profile)

    # The tree: every page first, so that texts can link to any of them

    def tree(self):
        topics = read("topics")
        for source in topics["topic"]:
            self.content(self.pages["topics"], TopicPage(colour=COLOURS[source["slug"]], phrase=source["title"].lower()), source)
        for path in sorted((CONTENT / "publications").glob("*.toml")):
            source = read(f"publications/{path.stem}")
            page = PublicationPage(
                subtitle=source.get("subtitle", ""),
                publication_type=source["publication_type"],
                isbn=source.get("isbn", ""),
                doi=source.get("doi", ""),
            )
            publication = self.content(self.pages["publications"], page, source)
            for chapter in source.get("chapter", []):
                inherited = {key: source[key] for key in ("days_ago", "topics", "chart") if key in source}
                self.content(publication, ChapterPage(), inherited | chapter)
        for name, model, list_name in (
            ("interview", InterviewPage, "interviews"),
            ("video", VideoPage, "videos"),
            ("article", ArticlePage, "articles"),
        ):
            for source in read(list_name)[name]:
                self.content(self.pages[list_name], model(), source)
        for source in topics["series"]:
            self.content(self.pages["series"], SeriesPage(), source)
        for source in topics["path"]:
            self.content(self.home, PathPage(), source)

    def content(self, parent: Page, page: ContentPage, source: dict) -> ContentPage:
        page.title, page.slug, page.summary = source["title"], source["slug"], source["summary"]
        page.live = False
        self.sources[page.slug] = source
        found = parent.get_children().filter(slug=page.slug).first()
        if found is None:
            parent.refresh_from_db()
            found = parent.add_child(instance=page)
        self.pages[page.slug] = found.specific
        return self.pages[page.slug]

    # The contents

    def fill(self, page: Page, source: dict, streams: Streams):
        if page.latest_revision_id and isinstance(page, ContentPage):
            return
        if isinstance(page, ContentPage):
            self.fill_content(page, source, streams)
        page.body = streams.body(source)
        self.publish(page, source)

    def fill_content(self, page: ContentPage, source: dict, streams: Streams):
        page.display_date = timezone.localdate() - timedelta(days=source.get("days_ago", 200))
        page.discussion_prompt = source.get("discussion_prompt", "")
        page.discussion_host = self.pages.get(source.get("discussion_host"))
        page.discussion_reply_time = source.get("discussion_reply_time", "")
        page.discussion_mode = source.get("discussion", "inherit")
        if source.get("image"):
            page.image = library.picture(source["image"])
        page.page_topics = [PageTopic(topic=self.pages[slug]) for slug in source.get("topics", [])]
        page.contributions = [self.contribution(row) for row in source.get("contributors", [])]
        page.links = [self.link(row) for row in source.get("links", [])]
        if isinstance(page, PublicationPage):
            page.formats = [self.format(source, row) for row in source.get("format", [])]
        if isinstance(page, VideoPage):
            self.fill_video(page, source, streams)
        if isinstance(page, SeriesPage):
            page.items = [SeriesItem(page=self.pages[slug]) for slug in source["members"]]
        if isinstance(page, TopicPage):
            page.picks = [TopicPick(page=self.pages[slug]) for slug in source["picks"]]
        if isinstance(page, PathPage):
            page.steps = [self.step(row) for row in source["step"]]

    def contribution(self, row: dict) -> Contribution:
        person = self.pages.get(row.get("person"))
        made = Contribution(
            person=person,
            role=row["role"],
            name=row.get("name", ""),
            affiliation=row.get("affiliation", ""),
            label=row.get("label", ""),
        )
        made.fill_from_person()
        return made

    def link(self, row: dict) -> ContentLink:
        return ContentLink(
            kind=row["kind"],
            target=self.pages[row["target"]].page_ptr if "target" in row else None,
            address=row.get("url", ""),
            title=row.get("title", ""),
            publisher=row.get("source", ""),
            wording=row.get("wording", ""),
            note=row.get("note", ""),
        )

    def step(self, row: dict) -> PathStep:
        page = self.pages[row["page"]].page_ptr if "page" in row else None
        return PathStep(page=page, address=row.get("url", ""), title=row.get("title", ""), note=row["note"])

    def format(self, source: dict, row: dict) -> Format:
        document = None
        if row.get("document"):
            chapters = [("Introduction", source["body"])]
            chapters += [(chapter["title"], chapter["body"]) for chapter in source.get("chapter", [])]
            document = library.paper(row["document"], source["title"], chapters)
        return Format(
            kind=row["kind"],
            document=document,
            address="" if document else row.get("url", ""),
            vendor=row.get("vendor", ""),
            price_note=row.get("price_note", ""),
            isbn=row.get("isbn", ""),
            how_to_read=row.get("how_to_read", ""),
            feedback_request=row.get("feedback", ""),
        )

    def fill_video(self, page: VideoPage, source: dict, streams: Streams):
        page.film = library.film(source["file"], f"Film: {page.title}", source["seconds"], FILM_SCENES[page.slug])
        page.transcript = streams.transcript(source)
        page.chapters = [VideoChapter(time=clock(row["start"]), title=row["title"]) for row in source["chapters"]]
        page.caption_tracks = [CaptionTrack(document=library.captions(page.slug, source["captions"]))]

    def publish(self, page: Page, source: dict):
        """Publish ``page`` as of its date, or leave it in the state that its source asks for."""
        state, now = source.get("state", "live"), timezone.now()
        moment = timezone.make_aware(
            datetime.combine(timezone.localdate() - timedelta(days=source.get("days_ago", 200)), time(9))
        )
        if state == "scheduled":
            page.go_live_at = moment
        revision = page.save_revision(changed=True)
        if state == "draft":
            return
        revision.publish(log_action=False)
        if state == "private":
            PageViewRestriction.objects.get_or_create(
                page=page.page_ptr, defaults={"restriction_type": PageViewRestriction.LOGIN}
            )
        if state != "scheduled":
            Page.objects.filter(pk=page.pk).update(first_published_at=min(moment, now), last_published_at=min(moment, now))
        if state == "expired":
            Page.objects.filter(pk=page.pk).update(expire_at=now - timedelta(days=1), expired=True, live=False)

    def front(self):
        home = HomePage.objects.get(pk=self.home.pk)
        home.features = [HomePageFeature(page=self.pages[slug]) for slug in self.featured]
        home.save_revision().publish()
