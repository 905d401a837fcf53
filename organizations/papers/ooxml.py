"""Small readers of WordprocessingML (ECMA-376 part 1, chapter 17): names, lengths, switches."""

import functools
import re

from docx.oxml.ns import qn
from lxml import etree

TRUE = {"1", "true", "on"}
COLOR = re.compile(r"[0-9A-Fa-f]{6}")
BLACK = "#000000"


@functools.cache
def tag(name):
    """The name ``w:name`` as lxml writes it; asked for some fifty times for a cell of a table."""
    return qn(f"w:{name}")


def attribute(element, name, default=None):
    """The attribute ``w:name`` of `element`; `default` without the element or the attribute."""
    return default if element is None else element.get(tag(name), default)


def child(element, *names):
    """The element found by going down from `element` by the tags ``w:name``; None if a step is missing."""
    for name in names:
        if element is None:
            return None
        element = element.find(tag(name))
    return element


def children(element, name):
    return [] if element is None else element.findall(tag(name))


def value(element, *names, default=None):
    """The attribute ``w:val`` of the element found as by `child`."""
    return attribute(child(element, *names), "val", default)


def switch(element, name):
    """True or False as the toggle ``w:name`` below `element` says, None if it says nothing."""
    found = child(element, name)
    if found is None:
        return None
    return attribute(found, "val", "1") in TRUE


def number(text, default=0.0):
    """`text` as a number; `default` for what is none."""
    try:
        found = float(text)
    except (TypeError, ValueError):
        return default
    return found if abs(found) < 1_000_000 else default


def points(twentieths, default=0.0):
    """Points of a length in twentieths of a point."""
    return default if twentieths is None else number(twentieths, 20 * default) / 20


def written(element):
    """The element as text, to know another with the same content by; "" for None."""
    return b"" if element is None else etree.tostring(element)


def local_name(element):
    """The tag without its name space; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def color(text, default=BLACK):
    return f"#{text}" if text and COLOR.fullmatch(text) else default


def border(element):
    """A border for paper.typ, None for none; widths come in eighths of a point."""
    kind = attribute(element, "val", "nil")
    if kind in ("nil", "none"):
        return None
    dash = "dashed" if "dash" in kind.lower() else "dotted" if "dot" in kind.lower() else "solid"
    width = number(attribute(element, "sz"), 4) / 8
    return {"width": min(max(width, 0.25), 6), "color": color(attribute(element, "color")), "dash": dash}
