"""Addresses by cache policy: private ones never cached, public ones, and Wagtail's pages last."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from discussion.views import search as comment_search
from hub import media
from pages import feeds, views
from pages.metadata import sharing, sitemaps, well_known
from pages.search import views as search_views

private_urls = [
    path("admin/", include(wagtailadmin_urls)),
    path("discussion/", include("discussion.urls")),
]
public_urls = [
    path("documents/", include(wagtaildocs_urls)),
    path("search/", search_views.search, name="search"),
    path("search/suggestions/", search_views.suggestions, name="search_suggestions"),
    path("search/comments/", comment_search.comments, name="search_comments"),
    path("feed/", feeds.NewestFeed(), name="feed"),
    path("feed/<int:page_id>/", feeds.PlaceFeed(), name="place_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap/<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("share/<int:page_id>.png", sharing.picture, name="share_picture"),
    path("robots.txt", well_known.robots, name="robots"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("linked/<int:page_id>/", views.linked, name="linked"),
    path("linked/<int:page_id>/<slug:kind>/", views.linked, name="linked"),
]
if settings.MEDIA_URL.startswith("/"):
    public_urls.append(re_path(rf"^{settings.MEDIA_URL.strip('/')}/(?P<name>.+)$", media.serve, name="media"))

urlpatterns = [
    *decorate_urlpatterns(private_urls, never_cache),
    *public_urls,
    path("", include(wagtail_urls)),
]
