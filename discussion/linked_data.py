"""The comments that a page shows, as linked data (https://schema.org/Comment). Costs no query."""

from discussion.addresses import full_address
from discussion.search import text_of
from pages.metadata.linked_data import CONTEXT

TOLD = 10
LONGEST = 500


def comments_graph(page, count: int, rows) -> dict | None:
    """The first comments on the screen ``rows``, as belonging to what stands at the address of ``page``; None for none."""
    if not count or not page.full_url:
        return None
    shown = [row.comment for row in rows if not row.is_placeholder][:TOLD]
    return {
        "@context": CONTEXT,
        "@type": "CreativeWork",
        "@id": page.full_url,
        "commentCount": count,
        "comment": [_comment(page, comment) for comment in shown],
    }


def _comment(page, comment) -> dict:
    return {
        "@type": "Comment",
        "url": full_address(page, "comment", page.pk, comment.number),
        "text": text_of(comment)[:LONGEST],
        "dateCreated": comment.published_at.isoformat(),
        "author": {"@type": "Person", "name": comment.user_name},
    }
