"""Xml changed in places: what an XML parser finds is cut and filled by its offset, all other bytes stay as they are."""

import re

from .markup import feed, parser
from .xlsx import ENCODING

TAG = re.compile(rb"""<([^\s/>]+)(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
# a new attribute comes after it: the address of a cell is the first nearly everywhere, and its format the second
FIRST_ATTRIBUTE = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))?""")
DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")


class Place:
    """Where an element is: `start` and `tag_end` of its first tag, `end` of what is in it; `number` of row or cell."""

    __slots__ = ("attributes", "end", "local", "name", "number", "parent", "start", "tag_end")

    def __init__(self, name, attributes, parent, number, data, start):
        self.name, self.attributes, self.parent = name, attributes, parent
        self.number, self.start = number, start
        self.local = name.rpartition(":")[2]
        self.tag_end = self.end = TAG.match(data, start).end()


class Document:
    """A part of the archive and the changes to be made in it."""

    def __init__(self, data):
        self.data = as_utf8(data)
        self.changes = []
        self.root = None

    def places(self, number_of=lambda local, parent, depth, attributes: 0):
        """The Places of the elements, in the document's order, those passed over for which `number_of` gives None.

        The root is the first of them whatever that says, and `root` afterwards.
        """
        found, inside, data = [], [], self.data

        def start(name, attributes):
            parent = inside[-1] if inside else None
            number = number_of(name.rpartition(":")[2], parent, len(inside), attributes) if inside else 0
            place = None
            if number is not None:
                place = Place(name, attributes, parent, number, data, expat.CurrentByteIndex)
                found.append(place)
            inside.append(place)

        def end(_name):
            place = inside.pop()
            if place is not None and data[place.tag_end - 2 : place.tag_end] != b"/>":
                place.end = expat.CurrentByteIndex

        expat = parser(start, end)
        feed(expat, [data])
        self.root = found[0]
        return found

    @property
    def prefix(self):
        """What stands before the names of elements: "" or, seldom, `x:`."""
        return self.root.name.rpartition(":")[0] + ":" if ":" in self.root.name else ""

    def qualified(self, name, namespace):
        """The attribute `name` of a namespace as it is written here, with what declares it where the root does not."""
        for key, value in self.root.attributes.items():
            if key.startswith("xmlns:") and value == namespace:
                return f"{key[6:]}:{name}"
        return f'xmlns:marks="{namespace}" marks:{name}'

    def raw(self, place):
        """The whole element."""
        if self._is_empty(place):
            return self.data[place.start : place.tag_end]
        return self.data[place.start : self.data.index(b">", place.end) + 1]

    def insert(self, at, text, until=None):
        """Put `text` at an offset, instead of what stands there up to `until`."""
        self.changes.append((at, at if until is None else until, text.encode()))

    def append(self, place, text):
        """Put `text` at the end of what is in an element; once an element."""
        if self._is_empty(place):
            self.insert(place.tag_end - 2, f">{text}</{place.name}>", place.tag_end)
        else:
            self.insert(place.end, text)

    def set(self, place, **attributes):
        """Change attributes of an element's first tag; once an element."""
        tag = with_attributes(self.data[place.start : place.tag_end], **attributes)
        self.changes.append((place.start, place.tag_end, tag))

    def result(self):
        pieces, at = [], 0
        for start, until, text in sorted(self.changes, key=lambda change: change[:2]):
            pieces += [self.data[at:start], text]
            at = until
        return b"".join([*pieces, self.data[at:]])

    def _is_empty(self, place):
        return self.data[place.tag_end - 2 : place.tag_end] == b"/>"


def with_attributes(tag, **attributes):
    """A start tag, as bytes, with some of its attributes changed or added."""
    for name, value in attributes.items():
        written = f' {name}="{value}"'.encode()
        pattern = rb"""\s%s\s*=\s*(?:"[^"]*"|'[^']*')""" % name.encode()
        tag, count = re.subn(pattern, lambda _match, written=written: written, tag, count=1)
        if not count:
            end = FIRST_ATTRIBUTE.match(tag).end()
            tag = tag[:end] + written + tag[end:]
    return tag


def as_utf8(data):
    """A document in UTF-8, in which nearly all are."""
    encoding = ENCODING.search(data[:200])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii"):
        encoding = encoding[1].decode()
    else:
        return data
    return DECLARATION.sub("", data.decode(encoding)).encode()
