"""One script policy for readers, another for the editors' admin; and one transaction for each request that writes."""

from csp.middleware import CSPMiddleware
from django.db import transaction
from django.urls import reverse


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Refuse on public pages, report in the admin, of which the previews of pages are a part."""

    def process_response(self, request, response):
        if request.path.startswith(reverse("wagtailadmin_home")):
            response._csp_exempt = True
        else:
            response._csp_exempt_ro = True
        return super().process_response(request, response)


class AtomicWritesMiddleware:
    """A request that may write is one transaction; one that only reads is none.

    Django's ``ATOMIC_REQUESTS`` knows no methods: on SQLite, whose transactions here begin with the write lock, every
    reader would wait for every other. Stands last, so that the view is all that it wraps.
    """

    READING = {"GET", "HEAD", "OPTIONS", "TRACE"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in self.READING:
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)
