"""The moderators' screen on which rules are set and tried. Only those who moderate everything come here."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from discussion.models import Flag, LogEntry
from discussion.permissions import moderates_everything
from discussion.rules.catalogue import BY_NAME
from discussion.rules.configuration import configuration_of
from discussion.rules.marking import marked
from discussion.rules.setting import RulesForm, set_rules
from discussion.rules.trying import LAST, TrialForm, in_words, of_site, run_on_last
from discussion.views.common import number_in

LATELY = timedelta(days=30)
CHANGES_SHOWN = 10


class RulesView(WagtailAdminTemplateMixin, View):
    """One form: ``save`` lets the rules stand as typed, ``try`` and ``run`` show what they would do and save nothing."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "discussion/admin/rules.html"
    page_title = gettext_lazy("Rules")
    header_icon = "clipboard-list"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": gettext_lazy("Rules")}]

    def dispatch(self, request, *args, **kwargs):
        if not moderates_everything(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def sites(self) -> list[Site]:
        return list(Site.objects.select_related("root_page").order_by("-is_default_site", "pk"))

    @cached_property
    def site(self) -> Site:
        """The site named in the address, else the first."""
        if "site" not in self.request.GET:
            if self.sites:
                return self.sites[0]
            raise Http404
        found = next((site for site in self.sites if site.pk == number_in(self.request.GET["site"])), None)
        if found is None:
            raise Http404
        return found

    def get(self, request):
        return self.answer(RulesForm(configuration=configuration_of(self.site.pk)), TrialForm(site=self.site))

    def post(self, request):
        form = RulesForm(request.POST, configuration=configuration_of(self.site.pk))
        trial = TrialForm(request.POST if "try" in request.POST else None, site=self.site)
        if "try" not in request.POST:  # what was typed there stays, without complaints about it
            trial.initial = {name: request.POST.get(trial.add_prefix(name), "") for name in trial.fields}
        if not form.is_valid():
            messages.error(request, _("Nothing was changed. Put right what is marked below."))
            return self.answer(form, trial)
        if "save" in request.POST:
            return self.save(request, form)
        configuration = form.configuration()
        if "run" in request.POST:
            return self.answer(form, trial, run=run_on_last(configuration, self.site))
        if not trial.is_valid():
            return self.answer(form, trial)
        verdict, text = trial.verdict(configuration), trial.cleaned_data["text"].replace("\r\n", "\n")
        tried = {"verdict": verdict, "findings": in_words(verdict.findings), "marked": marked(text, verdict.findings)}
        return self.answer(form, trial, tried=tried | {"hold_at": configuration.hold_at})

    def save(self, request, form):
        if changed := set_rules(self.site, form.configuration(), by=request.user):
            messages.success(request, _("Changed: %(rules)s.") % {"rules": _(", ").join(changed)})
        else:
            messages.success(request, _("Everything stands as it stood."))
        return HttpResponseRedirect(f"{reverse('discussion_rules')}?site={self.site.pk}")

    def answer(self, form, trial, **shown):
        context = {
            "form": form,
            "rows": form.rows(fired_lately(self.site, alone=len(self.sites) == 1)),
            "trial": trial,
            "site": self.site,
            "sites": self.sites,
            "last": LAST,
            "changes": LogEntry.objects.filter(action=LogEntry.Action.RULE)[:CHANGES_SHOWN],
            **shown,
        }
        return self.render_to_response(self.get_context_data(**context))


def fired_lately(site: Site, *, alone: bool) -> dict[str, int]:
    """How many comments of ``site`` each rule fired on in thirty days; ``alone``: there is no other site. One query."""
    flags = Flag.objects.filter(rule__in=list(BY_NAME), raised_at__gt=timezone.now() - LATELY)
    if not alone:
        flags = flags.filter(of_site(site, "comment__page__"))
    return dict(flags.order_by().values_list("rule").annotate(Count("pk")))


class RulesMenuItem(MenuItem):
    """The way to the rules, for those who may set them."""

    def is_shown(self, request):
        return moderates_everything(request.user)


def menu_item() -> MenuItem:
    """To be registered in the admin's settings."""
    url = reverse("discussion_rules")
    return RulesMenuItem(gettext_lazy("Rules for comments"), url, name="discussion-rules", icon_name="clipboard-list", order=640)


def urls() -> list:
    """To be registered in the admin."""
    return [path("discussion/rules/", RulesView.as_view(), name="discussion_rules")]
