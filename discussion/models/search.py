"""The words of comments, kept apart from their rows so that reading and moderating never touch them."""

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from discussion.models.comments import PageComment


class CommentWords(models.Model):
    """The words of one comment, whatever its state: whether readers may see it is asked when it is found.

    The vector is PostgreSQL's; on SQLite the words stand in a table of FTS5's.
    """

    wagtail_reference_index_ignore = True

    comment = models.OneToOneField(PageComment, primary_key=True, on_delete=models.CASCADE, related_name="words")
    words = SearchVectorField(null=True, editable=False)

    class Meta:
        default_permissions = []

    def __str__(self):
        return str(self.comment_id)
