"""Pages whose texts are alike, as the worker found them: no part of a page, since readers' screens only look them up."""

from django.db import models

from pages.models.base import ContentPage


class SimilarPage(models.Model):
    """Two pages whose texts are alike, the most similar first. Found from one of them, and read from either."""

    page = models.ForeignKey(ContentPage, on_delete=models.CASCADE, related_name="similar")
    other = models.ForeignKey(ContentPage, on_delete=models.CASCADE, related_name="similar_to")
    place = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "similar page"
        constraints = [models.UniqueConstraint(fields=["page", "other"], name="similar_once")]
        indexes = [
            models.Index(fields=["page", "place"], name="most_similar_first"),
            models.Index(fields=["other", "place"], name="most_similar_to_first"),
        ]

    def __str__(self):
        return f"{self.page_id} ~ {self.other_id}"


class SimilarSearch(models.Model):
    """When similar pages were last looked for."""

    page = models.OneToOneField(ContentPage, primary_key=True, on_delete=models.CASCADE, related_name="similar_search")
    done_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "search for similar pages"

    def __str__(self):
        return f"{self.page_id} {self.done_at}"
