"""What wraps every request: policies, limits, one transaction or one reading, and the ways on from old addresses."""

from contextlib import nullcontext

from csp.middleware import CSPMiddleware
from django.db import transaction
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect
from django.urls import reverse

from pages.old_addresses import leading_on
from people.reading import reading_once

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
LONGEST_SEARCH = 8_000  # characters, of four bytes at most


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Refuse on public pages, report in the admin, of which the previews of pages are a part."""

    def process_response(self, request, response):
        if request.path.startswith(reverse("wagtailadmin_home")):
            response._csp_exempt = True
        else:
            response._csp_exempt_ro = True
        return super().process_response(request, response)


class SearchLengthMiddleware:
    """Cuts what a list of the admin is to look for, and leaves it at that: nothing in it is as long.

    Wagtail's lists look for whatever is asked, and SQLite compares with no more than 50,000 bytes: it failed on more.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        words = request.GET.get("q", "")
        if len(words) > LONGEST_SEARCH and request.path.startswith(reverse("wagtailadmin_home")):
            request.GET = request.GET.copy()
            request.GET["q"] = words[:LONGEST_SEARCH]
        return self.get_response(request)


class AtomicWritesMiddleware:
    """A request that may write is one transaction; one that only reads is none.

    Django's ``ATOMIC_REQUESTS`` knows no methods: on SQLite, whose transactions here begin with the write lock, every
    reader would wait for every other. Stands last, so that the view is all that it wraps.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in READING:
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)


class ReadOnceMiddleware:
    """Lets a request that only reads ask for the same rows once (``people.reading``)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with reading_once() if request.method in READING else nullcontext():
            return self.get_response(request)


class OldAddressMiddleware:
    """Sends whoever asks for an address that is none to where its page is now. In the place of Wagtail's own, which leads to
    pages that nobody sees, in circles too, and drops the query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        found = leading_on(request) if response.status_code == 404 else None
        if not found:
            return response
        address, for_good = found
        return HttpResponsePermanentRedirect(address) if for_good else HttpResponseRedirect(address)
