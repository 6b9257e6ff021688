"""The admin's screen for what is held of one person: looked up, handed out, erased. The address is in no URL, nor so in a log."""

import json

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from discussion import privacy
from discussion.permissions import may_see_personal_data

LISTED = 50


class PersonForm(forms.Form):
    use_required_attribute = False

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Comments, reports, subscriptions and mails are found by it, written in capitals or not."),
        error_messages={"required": gettext_lazy("Give the person’s e-mail address.")},
    )


class PersonView(WagtailAdminTemplateMixin, View):
    """What all three addresses share: who may, and the screen."""

    template_name = "discussion/admin/person.html"
    page_title = gettext_lazy("Personal data")
    header_icon = "user"
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": gettext_lazy("Personal data")}]
    http_method_names = ["post"]

    def dispatch(self, request, *args, **kwargs):
        if not may_see_personal_data(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request):
        form = PersonForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        return self.act(form, privacy.find_person(form.cleaned_data["email"]))

    def act(self, form, person):
        """Do what the address is for, once the person is found."""
        raise NotImplementedError


class LookUp(PersonView):
    http_method_names = ["get", "head", "post"]

    def get(self, request):
        return self.render_to_response(self.get_context_data(form=PersonForm()))

    def act(self, form, person):
        comments = privacy.comments_of(person).for_queue().newest_first()
        held = privacy.held(person)
        context = {"form": form, "person": person, "held": held, "anything": any(held.values()), "comments": comments[:LISTED]}
        return self.render_to_response(self.get_context_data(**context))


class Download(PersonView):
    def act(self, form, person):
        log(self.request.user, "discussion.export_person", user=self.request.user)
        text = json.dumps(privacy.export(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        disposition = {"Content-Disposition": 'attachment; filename="personal-data.json"'}
        return HttpResponse(text, content_type="application/json; charset=utf-8", headers=disposition)


class Erase(PersonView):
    """Asks first; with ``confirmed`` it is done."""

    def act(self, form, person):
        if "confirmed" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, person=person, held=privacy.held(person), asks=True))
        had_treatment = privacy.treatments_of(person).exists()
        counts = privacy.erase(person)
        log(self.request.user, "discussion.erase_person", user=self.request.user, data={"count": sum(counts.values())})
        messages.success(self.request, _("Erased. %(what)s.") % {"what": said(counts)})
        if had_treatment:
            ended = _("Moderators’ ban, hold or trust for them has ended with it: they may comment as anybody may.")
            messages.warning(self.request, ended)
        if person.accounts:
            left = ngettext(
                "One account has this address. It was not deleted.",
                "%(count)d accounts have this address. They were not deleted.",
                len(person.accounts),
            )
            messages.warning(self.request, left % {"count": len(person.accounts)})
        return redirect("discussion_personal_data")


def said(counts: dict[str, int]) -> str:
    """``counts`` as a list for reading; nothing is said of what there was none of."""
    return ", ".join(f"{kind}: {count}" for kind, count in counts.items() if count) or _("nothing was held")
