"""What an editor is shown of a page's links: what points at it, to be arranged, and what readers do not see yet.

Knows no models, since pages are made of this: rows are reached from the page at hand.
"""

from dataclasses import dataclass
from operator import attrgetter

from django import forms
from django.db.models import Case, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import Panel
from wagtail.models import Page

from pages.choices import is_key
from pages.sight import Named, Sight
from people.visibility import seen_through

SHOWN = 50
FIELD = "incoming"


class ArrangeForm(forms.Form):
    """What a page makes of one link that names it."""

    place = forms.IntegerField(label=gettext_lazy("Place"), required=False, min_value=1, max_value=9_999)
    hidden = forms.BooleanField(label=gettext_lazy("Hide"), required=False)
    wording = forms.CharField(label=gettext_lazy("Other words for it here"), required=False, max_length=200)


@dataclass
class IncomingRow:
    """A link that names the page at hand, and the form that arranges it."""

    key: str  # as it stands in the form: "17:interview-for"
    source_id: int
    kind: str
    kind_name: str
    named: Named
    form: ArrangeForm


class Arranging:
    """The links that name a page, with their forms; for ``ContentPageForm``.

    A link is known by its source and kind and not by the key of a row, so that a form may be sent again and again, as
    autosave does, and still makes one row. Of very many links ``SHOWN`` have a form: those of which something is said or
    was sent, then those that readers see. The others keep what was said of them.
    """

    def __init__(self, page, data=None, user=None):
        self.page, self.user = page, user
        sent = data.getlist(FIELD) if data is not None and hasattr(data, "getlist") else []
        self.data, self.sent = data, set(sent)

    @property
    def total(self) -> int:
        return self._links().count()

    def _links(self):
        if not self.page.pk:
            return self.page.links.model.objects.none()
        named = self.page.links.model.objects.filter(target_id=self.page.pk, source__alias_of__isnull=True)
        return named.exclude(source_id=self.page.pk)

    def _shown(self, said: set[int]) -> list:
        """The links for which the panel has room, in their order; ``said``: sources of which the page says something."""
        sent = {int(key) for key in (key.partition(":")[0] for key in self.sent) if is_key(key)}
        room = Case(When(source_id__in=said | sent, then=0), When(seen_through("source__"), then=1), default=2)
        order = self.page.links.model.SEEN_FROM_TARGET
        links = self._links().select_related("source").defer("source__body").order_by(room, *order)[:SHOWN]
        return sorted(links, key=attrgetter(*order))

    @cached_property
    def rows(self) -> list[IncomingRow]:
        kinds, known, rows = self.kinds, self.by_key(), []
        links = self._shown({source for source, _kind in known})
        sight = Sight([link.source for link in links], self.user)
        for link in links:
            key = f"{link.source_id}:{link.kind}"
            if any(row.key == key for row in rows):
                continue
            row, kind = known.get((link.source_id, link.kind)), kinds.get(link.kind)
            values = {"place": row.place, "hidden": row.hidden, "wording": row.wording} if row else {}
            data = self.data if key in self.sent else None
            form = ArrangeForm(data, prefix=f"{FIELD}-{key}", initial=values, auto_id="id_%s")
            named = sight.named(link.source)
            rows.append(IncomingRow(key, link.source_id, link.kind, kind.own_name if kind else link.kind, named, form))
        rows.sort(key=lambda row: row.form.initial.get("place") or 10_000)
        return rows

    @cached_property
    def kinds(self) -> dict:
        return self.page.links.model.kinds_by_code()

    def by_key(self) -> dict:
        """The rows that the page carries, by source and kind as it is today; of two for one link the first."""
        rows = reversed(list(self.page.incoming.all()))
        return {row.key_today(self.kinds): row for row in rows}

    @property
    def bound(self) -> list[IncomingRow]:
        return [row for row in self.rows if row.form.is_bound] if self.sent else []

    def is_valid(self) -> bool:
        wrong = [row for row in self.bound if not row.form.is_valid()]
        return not wrong

    def has_changed(self) -> bool:
        return any(row.form.has_changed() for row in self.bound)

    def apply(self) -> None:
        """Put what was sent into the page at hand, unsaved: what says nothing is no row."""
        if not self.has_changed():
            return
        known = self.by_key()
        for row in self.bound:
            said = {name: row.form.cleaned_data[name] for name in ("place", "hidden", "wording")}
            made = known.pop((row.source_id, row.kind), None)
            if any(said.values()):
                made = made or self.page.incoming.model(source_id=row.source_id, kind=row.kind)
                for name, value in said.items():
                    setattr(made, name, value)
                known[row.source_id, row.kind] = made
        self.page.incoming = list(known.values())


class IncomingPanel(Panel):
    """What points at the page, where it can be put in order, hidden and re-worded."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/incoming.html"

        def is_shown(self):
            return bool(self.instance.pk)

        def get_context_data(self, parent_context=None):
            arranging = self.form.arranging
            return super().get_context_data(parent_context) | {
                "rows": arranging.rows,
                "beyond": arranging.total - len(arranging.rows) if len(arranging.rows) >= SHOWN else 0,
                "listing": reverse("linked", args=[self.instance.pk]) if self.instance.live else "",
            }


class UnseenLinksPanel(Panel):
    """The page's own links that readers do not see yet, with the reason: they may be stated, and show by themselves later."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/unseen_links.html"

        @cached_property
        def unseen(self) -> list[Named]:
            targets = Page.objects.in_bulk([link.target_id for link in self.instance.links.all() if link.target_id])
            sight = Sight(targets.values(), self.request.user if self.request else None)
            return [named for named in map(sight.named, targets.values()) if named.unseen]

        def is_shown(self):
            return bool(self.unseen)

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"unseen": self.unseen}


class ProposalsPanel(Panel):
    """What may be missing, looked up once the panel comes into sight, and again when the draft was saved."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/proposals.html"

        def get_context_data(self, parent_context=None):
            # A new page has its key once the browser has saved it.
            return super().get_context_data(parent_context) | {"address": reverse("page_proposals", args=[self.instance.pk or 0])}
