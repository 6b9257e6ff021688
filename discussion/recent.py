"""What was said last beneath many pages, for screens that gather them."""

from discussion.addresses import address_of
from discussion.models import PageComment
from discussion.openness import shown_of
from people.visibility import seen_through

# However many comments there are, no more are looked through: what is older is not recent. And so many are read for each
# that is shown, since one lively page may have said all that is newest.
LOOKED_THROUGH, READ_FOR_EACH = 500, 10


def recent_on(page_keys, number: int) -> list[dict]:
    """``[{"comment", "page", "url"}]`` for ``pages.providers.recent_comments``: the newest comment of each page, newest first.

    ``page_keys`` is a queryset of keys. Only comments on pages that everybody may see, where the discussion is shown. One
    query where nothing was said; else two at most.
    """
    newest = PageComment.objects.published().newest_first().values("pk")[:LOOKED_THROUGH]
    comments = PageComment.objects.filter(seen_through("page__"), pk__in=newest, page_id__in=page_keys).newest_first()
    of_page = {}
    for comment in comments.select_related("page__discussion").defer("page__body", "body_html")[: READ_FOR_EACH * number]:
        of_page.setdefault(comment.page_id, comment)
    pages = [comment.page for comment in of_page.values()]
    shown = shown_of(page.discussion for page in pages if hasattr(page, "discussion"))
    newest = [comment for key, comment in of_page.items() if key in shown][:number]
    return [{"comment": comment, "page": comment.page, "url": address_of(comment)} for comment in newest]
