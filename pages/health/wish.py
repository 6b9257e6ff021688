"""In the settings of one's account: whether an editor is told by mail, once a week, what has gone wrong with links."""

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from pages.health.selection import may_look
from pages.models import LinkDigest


class DigestForm(forms.ModelForm):
    class Meta:
        model = LinkDigest
        fields = ["wanted"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not settings.HUB_SENDS_MAIL:
            self.fields["wanted"].help_text = _("This hub has no mail server, so that nothing is sent.")
        elif not self.instance.user.email:
            self.fields["wanted"].help_text = _("Your account has no e-mail address, so that nothing is sent.")


class DigestPanel(BaseSettingsPanel):
    """Shown to those who edit pages, and to nobody else."""

    name = "link_digest"
    title = gettext_lazy("Link health")
    tab = notifications_tab
    order = 250
    form_class = DigestForm

    def is_active(self):
        return may_look(self.user)

    @cached_property
    def wish(self) -> LinkDigest:
        return LinkDigest.objects.filter(user=self.user).first() or LinkDigest(user=self.user)

    def get_form(self):
        data = (self.request.POST, self.request.FILES) if self.request.method == "POST" else ()
        return self.form_class(*data, instance=self.wish, prefix=self.name)
