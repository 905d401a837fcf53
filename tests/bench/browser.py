"""A browser's part in a benchmark: cookies, forms filled in as they come, files sent up."""

import urllib.error
import urllib.parse
import urllib.request
import uuid
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path


class Browser:
    """Opens pages of the site at `address`; `text` is the page it is on and `url` where that is."""

    def __init__(self, address):
        self.address = self.url = address
        self.text = ""
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path, data=None, headers=None):
        """Go to `path`, following redirects; raises HTTPError for an answer of 400 and above."""
        address = urllib.parse.urljoin(self.address, path)
        request = urllib.request.Request(address, data, headers or {})
        with self.opener.open(request, timeout=60) as answer:
            self.text, self.url = answer.read().decode(), answer.url

    def submit(self, contains, /, *, button=None, files=None, **values):
        """Send the form on this page that has a field `contains`, or that goes to an address with that in it."""
        form = next(
            form for form in _Forms(self.text).forms if contains in form.fields or contains in form.action
        )
        fields = form.fields | values | ({button: ""} if button else {})
        data, kind = _multipart(fields, files or {})
        self.open(urllib.parse.urljoin(self.url, form.action), data, {"Content-Type": kind})


class _Form:
    def __init__(self, action):
        self.action, self.fields = action, {}


class _Forms(HTMLParser):
    """The forms of a page with what their fields hold; buttons left out."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.select, self.area = [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append(_Form(attributes.get("action") or ""))
        if not self.forms:
            return
        name, fields = attributes.get("name"), self.forms[-1].fields
        if tag == "input" and name:
            kind = attributes.get("type", "text")
            if kind not in ("submit", "button", "file") and (
                kind not in ("checkbox", "radio") or "checked" in attributes
            ):
                fields[name] = attributes.get("value") or ""
        elif tag == "textarea" and name:
            fields[name], self.area = "", name
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and ("selected" in attributes or self.select not in fields):
            fields[self.select] = attributes.get("value") or ""

    def handle_data(self, data):
        if self.area:
            self.forms[-1].fields[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None


def _multipart(fields, files):
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, path in files.items():
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{Path(path).name}"\r\n'
        )
        parts += [
            f"{head}Content-Type: application/octet-stream\r\n\r\n".encode(),
            Path(path).read_bytes(),
            b"\r\n",
        ]
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
