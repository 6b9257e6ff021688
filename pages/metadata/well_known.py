"""``/robots.txt`` and ``/.well-known/security.txt`` (RFC 9309, RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

# Lists of results and forms: nothing that stands nowhere else.
NOT_FOR_ROBOTS = ["/admin/", "/search/", "/discussion/*/add/", "/discussion/*/report/", "/discussion/*/yours/", "/linked/"]
SECURITY_HOLDS = timedelta(days=180)


@require_safe
def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security(request):
    """Whom to tell of a hole, from ``SECURITY_CONTACT``; 404 while nobody is named. It is dated anew with every answer."""
    if not settings.HUB_SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + SECURITY_HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {settings.HUB_SECURITY_CONTACT}",
        f"Expires: {expires}",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
