from django.utils.translation import gettext_lazy as _

from pages.models.base import ContentPage, Kind


class ArticlePage(ContentPage):
    """A comment piece, a blog post, an analysis: one argument by named people."""

    parent_page_types = ["pages.SectionPage", "pages.PublicationPage"]
    subpage_types = []
    KIND = Kind.ARTICLE

    class Meta:
        verbose_name = _("article")
