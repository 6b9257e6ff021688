"""What rules found, kept with the comment; and the sketch of its text, by which repetitions of it are found."""

from django.utils.translation import gettext as _

from discussion.models import Fingerprint, Flag, PageComment
from discussion.rules.assessing import label_of
from discussion.rules.findings import REJECT, Verdict
from discussion.rules.likeness import runs_of, sketch_of


def keep(comment: PageComment, verdict: Verdict, now) -> None:
    """Write down what was found in ``comment``, which was just stored. Two queries, one where nothing was found.

    The sketch comes last of all writing: another transaction with the same words waits for it, and holds other rows.
    """
    flags = [
        Flag(
            comment=comment,
            rule=finding.rule,
            weight=finding.weight,
            effect=finding.effect,
            detail=finding.detail,
            spans=[list(span) for span in finding.spans],
            raised_at=now,
        )
        for finding in verdict.findings
    ]
    Flag.objects.bulk_create(flags)
    rows = [Fingerprint(value=value, comment=comment) for value in sketch_of(runs_of(comment.comment))]
    Fingerprint.objects.bulk_create(rows, ignore_conflicts=True)


def keep_anew(comment: PageComment, verdict: Verdict, now) -> None:
    """The same for a comment that was changed: what was found before is of a text that is no more."""
    forget([comment.pk])
    keep(comment, verdict, now)


def forget(comment_ids) -> None:
    Flag.objects.filter(comment__in=comment_ids).delete()
    Fingerprint.objects.filter(comment__in=comment_ids).delete()


def reason_of(verdict: Verdict) -> str:
    """Why the rules rejected, for the record: the names of those that did; no words of the comment."""
    labels = [label_of(finding.rule) for finding in verdict.findings if finding.effect == REJECT]
    return _("By rule: %(rules)s") % {"rules": _(", ").join(labels)}
