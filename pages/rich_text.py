"""Links in running text: those to pages that readers may not see lose their address and keep their words."""

from wagtail.rich_text.pages import PageLinkHandler

from pages.navigation import any_pages


class VisiblePageLinkHandler(PageLinkHandler):
    """Wagtail's own links to drafts and private pages too, and so tells their slugs."""

    @classmethod
    def get_many(cls, attrs_list):
        keys = [str(attrs.get("id", "")) for attrs in attrs_list]
        wanted = {int(key) for key in keys if key.isascii() and key.isdigit()}
        seen = {str(page.pk): page for page in any_pages().visible().filter(pk__in=wanted)}
        return [seen.get(key) for key in keys]
