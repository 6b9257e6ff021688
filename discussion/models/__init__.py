from discussion.models.comments import STANDING, Decision, Edit, PageComment, Reason, State
from discussion.models.flags import Fingerprint, Flag, RuleSetting
from discussion.models.mail import NoMail, OutgoingMail, Subscription
from discussion.models.moderation import (
    AlertPreference,
    BulkDecision,
    CannedReply,
    FormerPlace,
    LogEntry,
    ModeratedSection,
    ModerationMode,
    Note,
    Treatment,
)
from discussion.models.reports import Report
from discussion.models.rules import Discussion, DiscussionSettings, Quota
from discussion.models.search import CommentWords

__all__ = [
    "STANDING",
    "AlertPreference",
    "BulkDecision",
    "CannedReply",
    "CommentWords",
    "Decision",
    "Discussion",
    "DiscussionSettings",
    "Edit",
    "Fingerprint",
    "Flag",
    "FormerPlace",
    "LogEntry",
    "ModeratedSection",
    "ModerationMode",
    "NoMail",
    "Note",
    "OutgoingMail",
    "PageComment",
    "Quota",
    "Reason",
    "Report",
    "RuleSetting",
    "State",
    "Subscription",
    "Treatment",
]
