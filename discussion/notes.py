"""Moderators' private notes on comments and people: written, and taken back by who wrote them."""

from django.db import transaction

from discussion import record
from discussion.models import LogEntry, Note


def write_note(text: str, *, by, comment=None, person: str = "", about: str = "") -> Note:
    """Note ``text`` on a comment or on a person (``persons.subject_of``). The record says that, and not what, was noted.

    ``about``: how the record calls the comment or the person.
    """
    with transaction.atomic():
        note = Note.objects.create(text=text, comment=comment, person=person, by=by, by_name=str(by)[:150])
        record.write(LogEntry.Action.NOTE, by=by, comment=comment, person=person, about=about)
    return note


def delete_note(note: Note, *, by, about: str = "") -> None:
    """Take a note back."""
    with transaction.atomic():
        record.write(LogEntry.Action.DELETE_NOTE, by=by, comment=note.comment, person=note.person, about=about)
        note.delete()


def may_delete(user, note: Note) -> bool:
    """Notes are their writers'."""
    return note.by_id is not None and note.by_id == user.pk
