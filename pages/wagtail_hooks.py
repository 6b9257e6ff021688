"""Registrations of the content in the Wagtail admin."""

from wagtail import hooks

from pages.rich_text import VisiblePageLinkHandler


# After Wagtail's own registration, which it replaces.
@hooks.register("register_rich_text_features", order=100)
def register_visible_page_links(features):
    features.register_link_type(VisiblePageLinkHandler)
