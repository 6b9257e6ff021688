"""In the settings of one's account: when a moderator is told by mail that comments wait."""

from django import forms
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from discussion.models import AlertPreference
from discussion.permissions import may_moderate


class AlertForm(forms.ModelForm):
    class Meta:
        model = AlertPreference
        fields = ["when", "hours"]
        widgets = {"when": forms.Select(attrs={"class": "w-w-full w-box-border"})}  # Wagtail's own would leave a narrow screen

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["when"].help_text = self._advice()

    def _advice(self) -> str:
        if not settings.HUB_SENDS_MAIL:
            return _("This hub has no mail server, so that nothing is sent.")
        if not self.instance.user.email:
            return _("Your account has no e-mail address, so that nothing is sent.")
        return _("Such a mail says how many comments wait and on which pages, never what they say or who wrote them.")


class AlertsPanel(BaseSettingsPanel):
    """Shown to those who moderate something, and to nobody else."""

    name = "discussion_alerts"
    title = gettext_lazy("Comments that wait")
    tab = notifications_tab
    order = 200
    form_class = AlertForm

    def is_active(self):
        return may_moderate(self.user)

    @cached_property
    def preference(self) -> AlertPreference:
        return AlertPreference.objects.filter(user=self.user).first() or AlertPreference(user=self.user)

    def get_form(self):
        data = (self.request.POST, self.request.FILES) if self.request.method == "POST" else ()
        return self.form_class(*data, instance=self.preference, prefix=self.name)
