"""The rows that name a person or a topic, and what becomes of them when it is merged into another."""

from dataclasses import dataclass, field

from django.db import models

from pages.models import (
    ContentLink,
    ContentPage,
    Contribution,
    HomePageFeature,
    IncomingLink,
    PageTopic,
    PathStep,
    SearchPromotion,
    SeriesItem,
    TopicPick,
)


@dataclass(frozen=True)
class Reference:
    """``field`` of ``model`` names a page. Of two rows that agree in ``alike`` one is enough.

    ``owner`` is the field that leads to the page whose child the row is, and never names the page itself.
    """

    model: type[models.Model]
    field: str
    owner: str
    alike: tuple[str, ...]

    @property
    def relation(self) -> str:
        """The name that the rows have at their owner, and in its drafts."""
        return self.model._meta.get_field(self.owner).remote_field.related_name

    def belongs_to(self, model: type) -> bool:
        """Whether pages of the type ``model`` have such rows."""
        return issubclass(model, self.model._meta.get_field(self.owner).remote_field.model)


REFERENCES = [
    Reference(PageTopic, "topic", "page", ("page",)),
    Reference(Contribution, "person", "page", ("page", "role")),
    Reference(ContentLink, "target", "source", ("source", "kind")),
    Reference(SeriesItem, "page", "series", ("series",)),
    Reference(PathStep, "page", "path", ("path",)),
    Reference(TopicPick, "page", "topic", ("topic",)),
    Reference(HomePageFeature, "page", "home", ("home",)),
    Reference(IncomingLink, "source", "page", ("page", "kind")),
]
PLAIN = [(ContentPage, "discussion_host")]  # columns of pages, of which there is one only
OF_NO_PAGE = [(SearchPromotion, "page")]  # rows that belong to none


@dataclass
class Renamed:
    """The keys of the pages whose rows were renamed, by relation; and of those that lost a row which said a thing twice."""

    owners: dict[str, set[int]] = field(default_factory=dict)
    shortened: set[int] = field(default_factory=set)

    @property
    def pages(self) -> list[int]:
        return sorted(set().union(*self.owners.values()))


def rename(old: int, into: int) -> Renamed:
    """Make every stored row that names the page ``old`` name ``into``.

    A row that would say a thing twice, or of a page to itself, goes.
    """
    found = Renamed()
    for reference in REFERENCES:
        rows = reference.model.objects.filter(**{f"{reference.field}_id": old}).order_by()
        found.owners[reference.relation] = set(rows.values_list(f"{reference.owner}_id", flat=True))
        twice = rows.filter(models.Exists(_others(reference, into)) | models.Q(**{f"{reference.owner}_id": into}))
        found.shortened.update(twice.values_list(f"{reference.owner}_id", flat=True))
        twice.delete()
        rows.update(**{f"{reference.field}_id": into})
    for model, name in PLAIN:
        rows = model.objects.filter(**{f"{name}_id": old}).order_by()
        found.owners[name] = set(rows.values_list("pk", flat=True))
        rows.update(**{f"{name}_id": into})
    for model, name in OF_NO_PAGE:
        model.objects.filter(**{f"{name}_id": old}).update(**{f"{name}_id": into})
    return found


def _others(reference: Reference, into: int):
    same = {name: models.OuterRef(name) for name in reference.alike}
    return reference.model.objects.filter(**same, **{f"{reference.field}_id": into}).order_by()


def count(old: int) -> dict[str, int]:
    """How many rows name ``old``, by relation."""
    counts = {each.relation: each.model.objects.filter(**{f"{each.field}_id": old}).count() for each in REFERENCES}
    counts |= {name: model.objects.filter(**{f"{name}_id": old}).count() for model, name in PLAIN}
    of_no_page = {model._meta.model_name: model.objects.filter(**{f"{name}_id": old}).count() for model, name in OF_NO_PAGE}
    return counts | of_no_page
