"""A reader without JavaScript: reads the comment form out of a page, fills it in and sends it."""

from html.parser import HTMLParser

HERE = {"origin": "http://testserver"}
TYPED = {
    "comment": "I was there, and it was *colder* than you say.",
    "name": "A. Reader",
    "email": "a.reader@readers.example",
    "author_role": "District nurse",
    "organisation": "Harbour Clinic",
}


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.action, self.fields, self.kept, self._inside, self._name = None, {}, None, False, None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and attributes.get("method") == "post":
            self.action, self._inside = attributes["action"], True
        elif tag == "input" and self._inside:
            self.fields[attributes["name"]] = attributes.get("value") or ""
        elif tag == "textarea":
            self._name = attributes.get("name") if self._inside else "kept"
            self.fields[self._name] = ""

    def handle_data(self, data):
        if self._name:
            self.fields[self._name] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.fields[self._name] = self.fields[self._name].removeprefix("\n")
            self._name = None
        elif tag == "form":
            self._inside = False


def form_of(response) -> tuple[str, dict]:
    """``(address, fields)`` of the comment form in a response."""
    page = _Forms()
    page.feed(response.content.decode())
    return page.action, page.fields


def kept_text(response) -> str | None:
    """The text that a page without a form gives back."""
    page = _Forms()
    page.feed(response.content.decode())
    return page.fields.get("kept")


def send(client, response, **filled):
    """Press the button of the form in ``response``, with ``filled`` typed into it."""
    address, fields = form_of(response)
    return client.post(address, fields | filled, headers=HERE)
