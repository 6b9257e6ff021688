"""Full addresses of the discussion, for whatever leaves the hub: mails, feeds, exports."""

from django.conf import settings
from django.urls import reverse

from discussion.models import PageComment


def full_address(page, name: str, *arguments) -> str:
    """The address ``name`` of ``discussion.urls`` on the site that ``page`` belongs to; on the hub's own when it has none."""
    _site, root, _path = page.get_url_parts() or (None, None, None)
    return f"{root or settings.BASE_URL}{reverse(f'discussion:{name}', args=arguments)}"


def address_of(comment: PageComment) -> str:
    """The permanent address of ``comment``; its page's until it has one."""
    if comment.number is None:
        return comment.page.full_url or ""
    return full_address(comment.page, "comment", comment.page_id, comment.number)
