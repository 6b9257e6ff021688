"""The screens on which editors say what means the same, and what is recommended."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView, IndexView, SnippetViewSet, SnippetViewSetGroup

from pages.bulk_deletion import PermittedDeleteBulkAction
from pages.choices import PageField
from pages.models import ContentPage, HomePage, SearchPromotion, SearchSynonym, SectionPage, StandardPage
from pages.nameable import nameable_to
from pages.search import promotions
from pages.search.phrases import LENGTH
from pages.sight import Sight
from people.models import PeopleIndexPage, PersonPage

PROMOTED = [ContentPage, SectionPage, StandardPage, HomePage, PersonPage, PeopleIndexPage]


class FilledInView(CreateView):
    """The form of something new; the address may say what stands in the field ``filled_in`` at first."""

    filled_in = ""

    def get_initial_form_instance(self):
        text = self.request.GET.get(self.filled_in, "").replace("\x00", "")
        return self.model(**{self.filled_in: text[:LENGTH]})


class AddSynonymView(FilledInView):
    filled_in = "words"


class AddPromotionView(FilledInView):
    filled_in = "searches"


class _PlainSnippets(SnippetViewSet):
    copy_view_enabled = False
    list_per_page = 50

    def register_chooser_viewset(self):
        """None: nothing refers to them."""


class SynonymViewSet(_PlainSnippets):
    model = SearchSynonym
    icon = "list-ul"
    menu_label = gettext_lazy("Synonyms")
    add_view_class = AddSynonymView
    search_fields = ["words", "found_by"]
    list_display = [
        "__str__",
        Column("found_by_in_short", label=gettext_lazy("Also found by")),
    ]


class PromotionForm(WagtailAdminModelForm):
    """Offers, and names, only pages that the account may be told of."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known, was = nameable_to(self.for_user, aliases=True), self.fields["page"]
        self.fields["page"] = PageField(known, *PROMOTED, required=False, label=was.label, help_text=was.help_text)


class PromotionIndexView(IndexView):
    """With where each leads, whether readers see it, and how often its searches are made: for all rows at once."""

    def get_table(self, object_list):
        rows = list(object_list)
        sight = Sight([row.page for row in rows if row.page_id], self.request.user)
        times = promotions.searched_for(rows)
        for row in rows:
            row.times = times[row.pk]
            named = sight.named(row.page) if row.page_id else None
            row.leads_to = named.title if named else f"{row.title} ({row.address})"
            row.standing = standing_of(row, named.unseen if named else "")
        return super().get_table(rows)


def standing_of(promotion: SearchPromotion, unseen: str) -> str:
    """Whether readers see ``promotion`` today, in a few words; ``unseen``: why they do not see its page."""
    today = timezone.localdate()
    if promotion.until and promotion.until < today:
        return _("ended on %(day)s") % {"day": date_format(promotion.until)}
    if unseen:
        return _("not public now: hidden (%(why)s)") % {"why": unseen}
    if promotion.since and promotion.since > today:
        return _("from %(day)s") % {"day": date_format(promotion.since)}
    return _("until %(day)s") % {"day": date_format(promotion.until)} if promotion.until else _("shown")


class PromotionViewSet(_PlainSnippets):
    model = SearchPromotion
    icon = "pick"
    menu_label = gettext_lazy("Promoted results")
    add_view_class = AddPromotionView
    index_view_class = PromotionIndexView
    search_fields = ["searches", "title", "why"]
    ordering = ["order", "pk"]
    edit_handler = ObjectList(SearchPromotion.panels, base_form_class=PromotionForm)
    list_display = [
        "__str__",
        Column("leads_to", label=gettext_lazy("Leads to")),
        Column("standing", label=gettext_lazy("Readers")),
        Column("times", label=gettext_lazy("Searched in 30 days")),
        Column("order", label=gettext_lazy("Order"), sort_key="order"),
    ]

    def get_queryset(self, request):
        return SearchPromotion.objects.select_related("page")


class SearchGroup(SnippetViewSetGroup):
    items = [SynonymViewSet, PromotionViewSet]
    menu_label = gettext_lazy("Site search")
    menu_icon = "search"
    menu_name = "steer-search"
    menu_order = 260


class DeleteSynonymsBulkAction(PermittedDeleteBulkAction):
    models = [SearchSynonym]


class DeletePromotionsBulkAction(PermittedDeleteBulkAction):
    models = [SearchPromotion]
