"""The sitemap: an index of parts, each with the pages whose keys lie in one stretch of a thousand.

A part is one range of the primary key, so that the hundredth costs what the first costs, and a page never changes its part.
"""

from django.db.models import F, Max
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Site

from pages.feeds import plain
from pages.models import ContentPage, VideoPage
from pages.navigation import any_pages

STRETCH = 1_000
XML = "application/xml; charset=utf-8"
MOST = 2**62
FILM_TITLE, FILM_SECONDS = 100, 28_800  # letters and length, as the schema of films in sitemaps has them


def listed(site: Site):
    """The pages of ``site`` that everybody may read and that are no second address of another."""
    return any_pages().visible().descendant_of(site.root_page, inclusive=True).filter(alias_of__isnull=True)


def _site(request) -> Site:
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


@require_safe
def index(request):
    """The parts that have pages, with the time of the newest change in each."""
    pages = listed(_site(request)).order_by().annotate(part=F("pk") / STRETCH)
    parts = pages.values("part").annotate(changed=Max("last_published_at")).order_by("part")
    found = [
        {"address": request.build_absolute_uri(reverse("sitemap_part", args=[row["part"]])), "changed": row["changed"]}
        for row in parts
    ]
    return render(request, "metadata/sitemap_index.xml", {"parts": found}, content_type=XML)


@require_safe
def part(request, number):
    """The pages of one stretch, each with its picture, and films with what search engines ask of them."""
    if number > MOST // STRETCH:
        raise Http404
    stretch = {"pk__gte": number * STRETCH, "pk__lt": (number + 1) * STRETCH}
    pages = list(listed(_site(request)).filter(**stretch).order_by("pk"))
    if not pages:
        raise Http404
    keys = [page.pk for page in pages]
    contents = {page.pk: page for page in ContentPage.objects.filter(pk__in=keys).select_related("image").defer("body")}
    films = {page.pk: page for page in VideoPage.objects.filter(pk__in=keys).select_related("film").defer("body", "transcript")}
    rows = [_row(request, page, contents.get(page.pk), films.get(page.pk)) for page in pages]
    return render(request, "metadata/sitemap_part.xml", {"rows": [row for row in rows if row["address"]]}, content_type=XML)


def _row(request, page, content, film) -> dict:
    image = content.image if content else None
    return {
        "address": page.get_full_url(request),
        "changed": page.last_published_at,
        "image": request.build_absolute_uri(image.file.url) if image else "",
        "film": film and _film(request, film, content),
    }


def _film(request, film, content) -> dict:
    """What a search engine wants to know of a film, within its bounds; nothing where it could not be played."""
    if not (film.film or film.player):
        return None
    picture = content.image.file.url if content.image else reverse("share_picture", args=[film.pk])
    return {
        "picture": request.build_absolute_uri(picture),
        "title": plain(film.title)[:FILM_TITLE],
        "summary": plain(film.summary),
        "seconds": film.seconds if film.seconds and film.seconds <= FILM_SECONDS else None,
        "file": request.build_absolute_uri(film.film.url) if film.film else "",
        "player": film.player.player_url if film.player else "",
        "published": film.first_published_at,
    }
