"""The end of what a moderator decides for a while."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST = timedelta(days=3653)


def checked_until(until):
    """``until``, a moment to come or None. Raises ``ValidationError`` for one that has passed, and for one far away."""
    now = timezone.now()
    if until and until <= now:
        raise ValidationError(_("This time has passed. Give one that is still to come, or none."))
    if until and until > now + LONGEST:
        raise ValidationError(_("Give a time within the next ten years, or none."))
    return until
