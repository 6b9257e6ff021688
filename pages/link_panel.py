"""The panel in which links are stated: a row for each, added one at a time or for many chosen pages at once.

Knows no models, since pages are made of this.
"""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import MultipleChooserPanel, PageChooserPanel, Panel
from wagtail.admin.telepath import JSContext
from wagtail.admin.widgets import AdminPageChooser, BaseChooser
from wagtail.models import Page

from pages.choices import is_key
from pages.sight import Named, Sight

# The editor's script builds each panel a second time, and Wagtail 8.0 then binds the buttons of this one again, since it does
# not hand on that it should not: rows move by two places, and "Add" adds two. As a panel of plain rows it is built rightly.
MultipleChooserPanel.BoundPanel.telepath_adapter_name = "wagtail.panels.InlinePanel"


class TargetsChooser(BaseChooser):
    """Opens the list of pages that links can name; what is chosen there goes into the rows' own choosers."""

    model = Page

    def __init__(self, page_key=None, **kwargs):
        super().__init__(**kwargs)
        self.page_key = page_key

    def get_chooser_modal_url(self):
        query = f"?{urlencode({'page': self.page_key})}" if self.page_key else ""
        return reverse("link_targets:choose") + query


class LinksPanel(MultipleChooserPanel):
    """Rows of links, with a choice of the kind that new ones are of."""

    class BoundPanel(MultipleChooserPanel.BoundPanel):
        template_name = "pages/panels/links.html"

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            if self.form:
                # Wagtail's panel takes the chooser of the rows, which looks for one page in the tree.
                self.js_context = JSContext()
                self.chooser_widget_telepath_definition = self.js_context.pack(TargetsChooser(self.instance.pk))
                self._tell_rows_of_their_targets()

        def _tell_rows_of_their_targets(self):
            """Give each row's form what there is to say of the page that its link leads to, looked up for all at once."""
            forms = {row.form: int(key) for row in self.children if is_key(key := row.form["target"].value())}
            targets = Page.objects.in_bulk(set(forms.values()))
            sight = Sight(targets.values(), self.request.user if self.request else None)
            for form, key in forms.items():
                form.fields["target"].widget.named = sight.named(targets[key]) if key in targets else None

        @cached_property
        def kinds(self) -> list[tuple[str, str]]:
            return self.formset.empty_form.fields["kind"].widget.choices

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"kinds": self.kinds}


class _TargetChooser(AdminPageChooser):
    """As Wagtail's, which names whatever page the row leads to; here what ``named`` says of it. Its key is kept."""

    named: Named | None = None

    def get_value_data_from_instance(self, instance):
        data = super().get_value_data_from_instance(instance)
        if self.named:
            data |= {"display_title": self.named.title, "edit_url": self.named.url}
        return data


class TargetPanel(PageChooserPanel):
    """On a row: the page that its link leads to, chosen in the tree."""

    def get_form_options(self):
        options = super().get_form_options()
        options["widgets"][self.field_name] = _TargetChooser(target_models=self.page_type)
        return options


class TargetStatePanel(Panel):
    """On a row: why readers do not see the link yet. A script keeps it true to what is chosen and saved meanwhile."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/panels/target_state.html"

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"named": self.form.fields["target"].widget.named}
