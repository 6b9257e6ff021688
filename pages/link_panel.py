"""The panel in which links are stated: a row for each, added one at a time or for many chosen pages at once.

Knows no models, since pages are made of this.
"""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.panels import MultipleChooserPanel
from wagtail.admin.telepath import JSContext
from wagtail.admin.widgets import BaseChooser
from wagtail.models import Page


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

        @cached_property
        def kinds(self) -> list[tuple[str, str]]:
            return self.formset.empty_form.fields["kind"].widget.choices

        def get_context_data(self, parent_context=None):
            return super().get_context_data(parent_context) | {"kinds": self.kinds}
