"""Reports as readers leave them, and where."""

from django.urls import reverse

from discussion.models import Report


def address(comment) -> str:
    return reverse("discussion:report", args=[comment.page_id, comment.number])


def report(comment, *, reporter="browser:somebody", **values) -> Report:
    defaults = {"reason": "abusive", "text": "", "reporter_key": reporter}
    return Report.objects.create(comment=comment, **defaults | values)
