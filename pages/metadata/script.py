"""Linked data as it stands in a page."""

import json

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Within a script nothing is unescaped: these would end it, or begin a comment.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def linked_data_script(data: dict | None) -> SafeString:
    """``data`` as a script that is not run; empty for None. Words of readers stand in it: every sign of HTML is escaped."""
    if not data:
        return SafeString("")
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  (escaped above)
