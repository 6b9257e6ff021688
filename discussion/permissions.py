"""Who may do what with comments in the admin: moderators decide, nobody writes or deletes there."""

import hashlib

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q

from discussion.models import ModeratedSection
from pages.models import ContentPage

MODERATE = "discussion.moderate"
PERSONAL_DATA = "discussion.personal_data"
PAGE_PATH_LENGTH = 255


def moderates_everything(user) -> bool:
    """Whether ``user`` may see and decide about every comment, and change what holds for all of them."""
    return user.is_active and user.has_perm(MODERATE)


def may_moderate(user) -> bool:
    """Whether ``user`` moderates anything: all, or the sections of a group of theirs.

    Editing pages gives no such right, nor this any to pages.
    """
    return moderates_everything(user) or bool(_sections(user))


def may_moderate_page(user, page) -> bool:
    """Whether ``user`` may see and decide about the comments beneath ``page``."""
    return moderates_everything(user) or any(page.path.startswith(path) for path in _sections(user))


def moderated_by(user, prefix: str = "page__") -> Q:
    """The condition on comments (or, with another ``prefix``, on what else stands on pages) that ``user`` moderates them."""
    if moderates_everything(user):
        return Q()
    condition = Q(pk__in=[])
    for path in _sections(user):
        # Bounds instead of LIKE: an index range on both databases. Paths are digits and capitals, so Z ends every branch.
        condition |= Q(**{f"{prefix}path__gte": path, f"{prefix}path__lte": path.ljust(PAGE_PATH_LENGTH, "Z")})
    return condition


def moderated_scope(user) -> str:
    """What ``user`` moderates, as a word for caches: the same for all who moderate the same."""
    if moderates_everything(user):
        return "all"
    return hashlib.sha256("|".join(_sections(user)).encode()).hexdigest()[:16]


def _sections(user) -> list[str]:
    """The paths of the pages whose comments the groups of ``user`` moderate; asked once for each object of the user."""
    if not user.is_active:
        return []
    if not hasattr(user, "_moderated_paths"):
        rows = ModeratedSection.objects.filter(group__user=user).order_by("page__path")
        user._moderated_paths = list(rows.values_list("page__path", flat=True).distinct())
    return user._moderated_paths


def discussed_pages(user):
    """Pages whose discussion ``user`` may look after: those that readers can come to, and those that were discussed.

    No other drafts: a moderator has no part in the pages.
    """
    published = ContentPage.objects.published().values("pk")
    pages = ContentPage.objects.original().filter(moderated_by(user, prefix=""))
    return pages.filter(Q(pk__in=published) | Q(discussion__isnull=False)).defer("body")


def moderators():
    """The active accounts that moderate anything."""
    return _moderators(Q(groups__moderated_sections__isnull=False))


def moderators_of(page):
    """The active accounts that moderate the comments beneath ``page``."""
    above = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return _moderators(Q(groups__moderated_sections__page__path__in=above))


def _moderators(by_section: Q):
    permission = Permission.objects.filter(content_type__app_label="discussion", codename="moderate")
    everything = Q(is_superuser=True) | Q(user_permissions__in=permission) | Q(groups__permissions__in=permission)
    return get_user_model().objects.filter(everything | by_section, is_active=True).distinct()


def may_see_personal_data(user) -> bool:
    """Whether ``user`` may export and erase what is held of a person. Moderating comments gives no such right."""
    return user.is_active and user.has_perm(PERSONAL_DATA)
