"""Links, topics and people for very many pages, in bulk: what makes a hub of them."""

from itertools import cycle, islice

from wagtail.models import Page

from hub.measuring import rows, words
from pages.models import ContentLink, Contribution, PageTopic, Role, TopicPage
from people.models import PeopleIndexPage, PersonPage

# Kinds that make lines; those of the head stand elsewhere.
KINDS = ["related-to", "responds-to", "article-about", "talk-about", "interview-for"]
MOST, FEW = 1_000, 10
TOPICS, PEOPLE = 5, 100
FEW_PIECES = 20  # of the topic and of the person that have few
LINKS_AT_ONCE = 20_000
PEOPLE_SLUG = "scale-people"


def weave(pages, section, links: int, say) -> None:
    """``links`` links between ``pages``, five topics that share them, and a hundred people who wrote and edited them.

    The second page is named by a thousand others, or as many as there are; the third by ten. All others name those that
    follow them. One topic more and one person more have twenty pieces each, old ones and new ones.
    """
    _join(pages, links, say)
    topics, people = _topics(section), _people(section)
    say("  topics and people")
    for start in range(0, len(pages), LINKS_AT_ONCE):
        part = list(enumerate(pages))[start : start + LINKS_AT_ONCE]
        PageTopic.objects.bulk_create(
            [PageTopic(page_id=page.pk, topic_id=topics[place % TOPICS].pk, sort_order=0) for place, page in part],
            batch_size=rows.BATCH,
        )
        Contribution.objects.bulk_create(
            [credit for place, page in part for credit in _credits(page, place, people)], batch_size=rows.BATCH
        )
    apart = max(1, len(pages) // FEW_PIECES - 1) | 1  # odd, so that these are of every kind where kinds take turns
    for place, page in enumerate(pages[::apart][:FEW_PIECES]):
        PageTopic.objects.create(page_id=page.pk, topic_id=topics[-1].pk, sort_order=1)
        role = (Role.AUTHOR, Role.EDITOR)[place % 2]
        Contribution.objects.create(page_id=page.pk, person_id=people[-1].pk, role=role, name=people[-1].title, sort_order=2)


def _join(pages, links: int, say) -> None:
    made = islice(_links(pages), links)
    done = 0
    while batch := list(islice(made, LINKS_AT_ONCE)):
        ContentLink.objects.bulk_create(batch, batch_size=2 * rows.BATCH)
        done += len(batch)
        say(f"  links {done}/{links}")


def _links(pages):
    """Links for ever: first those to the two pages that are measured, then from each page to the next, the next but one …"""
    kinds = cycle(KINDS)
    most, few, *others = pages[1:] if len(pages) > 3 else [None, None]
    for target, count in ((most, MOST), (few, FEW)):
        for source in others[:count]:
            yield ContentLink(source_id=source.pk, target_id=target.pk, kind=next(kinds), sort_order=0)
    for step in range(1, len(others)):
        for place, source in enumerate(others):
            target = others[(place + step) % len(others)]
            yield ContentLink(source_id=source.pk, target_id=target.pk, kind=next(kinds), sort_order=step)


def _credits(page, place: int, people) -> list[Contribution]:
    """An author, and an editor who is somebody else with each hundred pages."""
    pair = [(Role.AUTHOR, people[place % PEOPLE]), (Role.EDITOR, people[(place + place // PEOPLE + 1) % PEOPLE])]
    return [
        Contribution(page_id=page.pk, person_id=person.pk, role=role, name=person.title, sort_order=order)
        for order, (role, person) in enumerate(pair)
    ]


def _topics(section) -> list[TopicPage]:
    """Those that share all pages, and one more."""
    made = []
    for number in range(1, TOPICS + 2):
        topic = TopicPage(title=f"Topic {number}", slug=f"scale-topic-{number}", summary="What is here by the thousand.")
        Page.objects.get(pk=section.pk).add_child(instance=topic)
        made.append(topic)
    return made


def _people(section) -> list[PersonPage]:
    """Those who wrote and edited all pages, and one more."""
    index = section.get_parent().add_child(instance=PeopleIndexPage(title="People of scale", slug=PEOPLE_SLUG))
    names = [name for name, _email in words.people()[: PEOPLE + 1]]
    return [index.add_child(instance=PersonPage(title=name, slug=f"person-{place}")) for place, name in enumerate(names)]


def remove_people(home) -> None:
    """Delete the people that ``weave`` made beneath ``home``."""
    for index in PeopleIndexPage.objects.child_of(home).filter(slug=PEOPLE_SLUG):
        index.delete()
