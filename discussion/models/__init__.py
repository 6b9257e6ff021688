from discussion.models.comments import STANDING, Decision, Edit, PageComment, State
from discussion.models.mail import OutgoingMail, Subscription
from discussion.models.reports import Report
from discussion.models.rules import Discussion, DiscussionSettings, Quota

__all__ = [
    "STANDING",
    "Decision",
    "Discussion",
    "DiscussionSettings",
    "Edit",
    "OutgoingMail",
    "PageComment",
    "Quota",
    "Report",
    "State",
    "Subscription",
]
