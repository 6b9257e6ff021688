"""Registrations of the content in the Wagtail admin."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks

from pages.rich_text import VisiblePageLinkHandler


# After Wagtail's own registration, which it replaces.
@hooks.register("register_rich_text_features", order=100)
def register_visible_page_links(features):
    features.register_link_type(VisiblePageLinkHandler)


@hooks.register("insert_editor_js")
def wait_for_autosave():
    return format_html('<script src="{}" defer></script>', static("hub/js/editor.js"))
