"""A person as moderators know them: what they said, what became of it, notes, and what holds for them from now on.

No address of these screens tells an e-mail address: they name people as ``persons.subject_of`` does.
"""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from discussion import commenters, notes, record
from discussion.models import Note, Treatment
from discussion.moderation.screen import comment_url
from discussion.moderation.until import checked_until
from discussion.permissions import may_moderate, may_moderate_page, moderates_everything
from discussion.record.sources import kinds_without_followers
from discussion.treatments import FREE_MAIL, treat

SUBJECT = r"(?P<subject>[0-9a-f]{32}|user:[1-9]\d{0,8})"
COMMENTS_SHOWN = 20
RECORD_SHOWN = 30


class TreatmentForm(WagtailAdminModelForm):
    """Ban, hold or trust, for the person or for everybody under their mail domain."""

    PERSON, DOMAIN = "person", "domain"

    whom = forms.ChoiceField(label=gettext_lazy("For whom"), widget=forms.RadioSelect, initial=PERSON)
    sure = forms.BooleanField(label="", required=False)

    field_order = ["whom", "sure"]

    class Meta:
        model = Treatment
        fields = ["kind", "until", "reason"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, domain: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.domain = domain
        self.fields["kind"].choices = Treatment.Kind.choices  # without the empty one
        everybody = _("Everybody with an address %(domain)s") % {"domain": domain}
        self.fields["whom"].choices = [(self.PERSON, _("This person")), *([(self.DOMAIN, everybody)] if domain else [])]
        if domain in FREE_MAIL:
            self.fields["sure"].label = _("Yes, everybody with an address %(domain)s") % {"domain": domain}
            self.fields["sure"].help_text = _("Anybody can have such an address: this would meet very many people.")
        else:
            del self.fields["sure"]

    def clean_until(self):
        return checked_until(self.cleaned_data["until"])

    def clean(self):
        data = super().clean()
        if data.get("whom") == self.DOMAIN and "sure" in self.fields and not data.get("sure"):
            self.add_error("sure", ValidationError(_("Tick this if you mean all of them, or choose this person.")))
        return data


class NoteForm(forms.Form):
    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For moderators. The person is given it when they ask what is held of them."),
        error_messages={"required": gettext_lazy("Write the note first.")},
    )


class PersonScreen(WagtailAdminTemplateMixin, View):
    """What the addresses of one person share: who may come, whom it is about, and the screen."""

    http_method_names = ["post", "options"]
    template_name = "discussion/admin/commenter.html"
    header_icon = "user"
    page_title = gettext_lazy("Commenter")

    def dispatch(self, request, *args, **kwargs):
        if not self.is_allowed(request.user):
            raise PermissionDenied
        self.subject = kwargs["subject"]
        self.comments = list(commenters.comments_by(self.subject, request.user).for_queue().newest_first()[:COMMENTS_SHOWN])
        self.commenter = commenters.commenter(self.subject, request.user)
        if not self.comments and not (moderates_everything(request.user) and (self.commenter.treatment or self.commenter.notes)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, user) -> bool:
        return may_moderate(user)

    @property
    def name(self) -> str:
        return self.comments[0].user_name if self.comments else _("Somebody without comments")

    def get_page_subtitle(self):
        return self.name

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": _("Commenter: %(name)s") % {"name": self.name}}]

    def answer(self, *, note_form=None, treatment_form=None, status=200):
        may_treat = moderates_everything(self.request.user)
        if may_treat and treatment_form is None:
            treatment_form = TreatmentForm(domain=self.commenter.domain, initial={"kind": Treatment.Kind.HOLD})
        for comment in self.comments:
            comment.screen_url = comment_url(comment)
        context = self.get_context_data(
            commenter=self.commenter,
            comments=self.comments,
            names=commenters.names_of(self.subject, self.request.user),
            entries=self.entries(),
            record_url=f"{reverse('discussion_record')}?{urlencode({'person': self.subject})}",
            note_form=note_form or NoteForm(),
            treatment_form=treatment_form,
            may_treat=may_treat,
            own_notes=[note.pk for note in self.commenter.notes if notes.may_delete(self.request.user, note)],
            media=treatment_form.media if treatment_form else forms.Media(),
        )
        return self.render_to_response(context, status=status)

    def entries(self) -> list[record.Entry]:
        """What was done about the person and their comments, as far as the moderator sees it."""
        asked = {"person": self.subject, "kinds": kinds_without_followers()}
        return record.entries(self.request.user, **asked, limit=RECORD_SHOWN)[0]

    def back(self):
        return HttpResponseRedirect(get_valid_next_url_from_request(self.request) or person_url(self.subject))

    def refuse(self, **forms_):
        messages.error(self.request, _("Nothing was changed. Put right what is marked below."))
        return self.answer(status=400, **forms_)


class Person(PersonScreen):
    http_method_names = ["get", "head", "options"]

    def get(self, request, subject):
        return self.answer()


class WriteNote(PersonScreen):
    def post(self, request, subject):
        form = NoteForm(request.POST)
        if not form.is_valid():
            return self.refuse(note_form=form)
        notes.write_note(form.cleaned_data["text"], by=request.user, person=subject, about=self.name)
        messages.success(request, _("The note is kept."))
        return self.back()


class Treat(PersonScreen):
    """Treatments hold on every page, and so are for those who moderate everything."""

    def is_allowed(self, user):
        return moderates_everything(user)

    def post(self, request, subject):
        form = TreatmentForm(request.POST, domain=self.commenter.domain)
        if not form.is_valid():
            return self.refuse(treatment_form=form)
        data = form.cleaned_data
        of_domain = data["whom"] == TreatmentForm.DOMAIN
        whom, about = (self.commenter.domain, self.commenter.domain) if of_domain else (subject, self.name)
        treat(whom, data["kind"], by=request.user, about=about, until=data["until"], reason=data["reason"])
        messages.success(request, _("From now on for %(whom)s: %(kind)s") % {"whom": about, "kind": _said(data["kind"])})
        return self.back()


@require_POST
def delete_note(request, pk):
    """Take back one's own note, on whatever it stands."""
    if not may_moderate(request.user):
        raise PermissionDenied
    note = get_object_or_404(Note.objects.select_related("comment__page"), pk=pk)
    if not notes.may_delete(request.user, note) or (note.comment and not may_moderate_page(request.user, note.comment.page)):
        raise PermissionDenied
    back = person_url(note.person) if note.person else comment_url(note.comment)
    notes.delete_note(note, by=request.user, about=note.comment.user_name if note.comment else "")
    messages.success(request, _("The note is deleted."))
    return HttpResponseRedirect(get_valid_next_url_from_request(request) or back)


def _said(kind) -> str:
    return Treatment.Kind(kind).label


def person_url(subject: str) -> str:
    """The screen of a person; nothing where there is none to name."""
    return reverse("discussion_person", args=[subject]) if subject else ""


def urls() -> list:
    """To be registered in the admin."""
    return [
        re_path(rf"^discussion/people/{SUBJECT}/$", Person.as_view(), name="discussion_person"),
        re_path(rf"^discussion/people/{SUBJECT}/note/$", WriteNote.as_view(), name="discussion_write_note"),
        re_path(rf"^discussion/people/{SUBJECT}/treat/$", Treat.as_view(), name="discussion_treat"),
        re_path(r"^discussion/notes/(?P<pk>\d{1,9})/delete/$", delete_note, name="discussion_delete_note"),
    ]
