"""The WSGI application, for granian or any other server."""

import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
_django = get_wsgi_application()
_CHARSET = re.compile(r';\s*charset\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)


def application(environ, start_response):
    """Django's, which is not told of any encoding: forms are sent in that of their page, and ours is UTF-8.

    Django believes a named one while it makes the request, and falls over those of Python that are none of text.
    """
    environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
    return _django(environ, start_response)
