"""The administrators' screens for the kinds of links, and what becomes of links whose kind goes."""

from django import forms
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from pages.bulk_deletion import PermittedDeleteBulkAction
from pages.models import ContentLink, IncomingLink, LinkKind

MERGED = "pages.merge_link_kind"


def links_of(kind: LinkKind) -> int:
    """How many links are of ``kind``, those of drafts that were never published included."""
    return ContentLink.objects.filter(kind=kind.slug).count()


def is_needed(kind: LinkKind) -> bool:
    """Whether ``kind`` cannot just go: links are of it, or it is the one that links are of when nothing is said."""
    return kind.slug == LinkKind.RELATED_TO or ContentLink.objects.filter(kind=kind.slug).exists()


@transaction.atomic
def merge(kind: LinkKind, into: LinkKind, by=None) -> int:
    """Make every link of ``kind`` one of ``into``, and say how many there were.

    ``kind`` stays as an old name: drafts that use it come to ``into`` when they are published.
    """
    count = ContentLink.objects.filter(kind=kind.slug).update(kind=into.slug)
    IncomingLink.objects.filter(kind=kind.slug).update(kind=into.slug)
    LinkKind.objects.filter(merged_into=kind).update(merged_into=into)
    kind.merged_into = into
    kind.save(update_fields=["merged_into"])
    log(kind, MERGED, user=by, data={"into": into.slug, "links": count})
    return count


class LinkKindPermissionPolicy(ModelPermissionPolicy):
    """As Wagtail has it, but that a kind which is needed is not among those to be deleted by the dozen."""

    def user_has_permission_for_instance(self, user, action, instance):
        allowed = super().user_has_permission_for_instance(user, action, instance)
        return allowed and not (action == "delete" and is_needed(instance))


class MergeForm(forms.Form):
    """Into which kind the links go."""

    into = forms.ModelChoiceField(
        LinkKind.objects.none(),
        to_field_name="slug",
        label=gettext_lazy("Make them"),
        empty_label=gettext_lazy("Choose a kind"),
        error_messages={"required": gettext_lazy("Choose what these links become: a kind that is in use cannot just go.")},
    )

    def __init__(self, kind, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = LinkKind.objects.current().exclude(pk=kind.pk).in_order()


class LinkKindDeleteView(DeleteView):
    """Deletes a kind that nobody uses; one that is in use is merged into another, in words chosen by the administrator."""

    def get_form(self, form_class=None):
        self.needed, self.count = is_needed(self.object), links_of(self.object)
        if not self.count:
            return super().get_form(form_class)
        return MergeForm(self.object, self.request.POST if self.request.method == "POST" else None)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"needed": self.needed, "count": self.count, "is_default": self.object.slug == LinkKind.RELATED_TO}

    def form_valid(self, form):
        if self.object.slug == LinkKind.RELATED_TO:
            messages.error(self.request, _("This kind is the one that new links are of. It stays."))
            return HttpResponseRedirect(self.get_success_url())
        if not self.count:
            return super().form_valid(form)
        into = form.cleaned_data["into"]
        count = merge(self.object, into, by=self.request.user)
        said = ngettext("One link is now “%(kind)s”.", "%(count)d links are now “%(kind)s”.", count)
        messages.success(self.request, said % {"count": count, "kind": into.own_name})
        return HttpResponseRedirect(self.get_success_url())


class DeleteLinkKindsBulkAction(PermittedDeleteBulkAction):
    models = [LinkKind]


class LinkKindViewSet(SnippetViewSet):
    model = LinkKind
    icon = "link"
    menu_label = gettext_lazy("Link kinds")
    add_to_settings_menu = True
    copy_view_enabled = False
    delete_view_class = LinkKindDeleteView
    delete_template_name = "pages/admin/delete_link_kind.html"
    ordering = ["order", "pk"]
    list_display = [
        "__str__",
        Column("own_inverse_name", label=gettext_lazy("Seen from the other page")),
        Column("slug", label=gettext_lazy("Code")),
        BooleanColumn("at_the_head", label=gettext_lazy("At the head")),
        Column("order", label=gettext_lazy("Order"), sort_key="order"),
    ]
    list_per_page = 50

    def get_queryset(self, request):
        return LinkKind.objects.current()

    def register_chooser_viewset(self):
        """None: a link's form offers the kinds in a list."""
