"""Filling a template: docxtpl in a sandbox that knows nothing but the fields."""

import io
import re

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = ("length", "join", "default", "first", "last", "trim", "replace")
# what XML 1.0 cannot hold; the form feed and the bell mean something to docxtpl, and a tab breaks a column
UNWRITABLE = re.compile("[^\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def environment():
    """Jinja without globals, with few filters, that escapes every value."""
    jinja = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    jinja.globals.clear()
    jinja.tests = {}
    jinja.filters = {name: jinja.filters[name] for name in FILTERS}
    return jinja


def render(template, context):
    """The .docx `template` filled with `context`, texts in (lists of) dicts.

    Raises whatever the template makes go wrong.
    """
    document = DocxTemplate(io.BytesIO(template))
    document.render(writable(context), environment(), autoescape=True)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def writable(value):
    """`value` without characters that a document cannot hold."""
    if isinstance(value, str):
        return UNWRITABLE.sub("", value.replace("\t", " ").replace("\r\n", "\n"))
    if isinstance(value, dict):
        return {name: writable(each) for name, each in value.items()}
    return [writable(each) for each in value]
