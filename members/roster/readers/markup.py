"""XML without entities: every document type declaration is refused before it can do anything."""

from pyexpat import ExpatError, ParserCreate

from .output import Refused

NO_MEMORY = 1
"""XML_ERROR_NO_MEMORY of expat."""


def parser(start, end=None, text=None):
    """An expat parser calling `start(name, attributes)`, `end(name)`, `text(characters)`."""
    expat = ParserCreate()
    expat.buffer_text = True
    expat.StartDoctypeDeclHandler = _refuse
    expat.EntityDeclHandler = _refuse
    expat.StartElementHandler = start
    expat.EndElementHandler = end
    expat.CharacterDataHandler = text
    return expat


def _refuse(*_):
    raise Refused("forbidden_markup")


def feed(expat, chunks, end=True):
    try:
        for chunk in chunks:
            expat.Parse(chunk, False)
        if end:
            expat.Parse(b"", True)
    except ExpatError as error:
        if error.code == NO_MEMORY:
            raise MemoryError from None
        raise Refused("damaged") from None


def elements(data):
    """All start tags of a small document as (name without prefix, attributes)."""
    found = []
    feed(parser(lambda name, attributes: found.append((name.rpartition(":")[2], attributes))), [data])
    return found


TEXT_ELEMENTS = {"t", "v", "f"}
FIRST_ATTRIBUTES = ("r", "s", "t")


def canonical(chunks):
    """The document in the one form which the regular expressions of xlsx.py know, in pieces.

    No prefixes, comments, CDATA sections or blanks between elements; r, s and t come first; UTF-8.
    """
    pieces = []
    inside = [""]

    def start(name, attributes):
        name = name.rpartition(":")[2]
        inside.append(name)
        ordered = [key for key in FIRST_ATTRIBUTES if key in attributes]
        ordered += [key for key in attributes if key not in FIRST_ATTRIBUTES and not key.startswith("xmlns")]
        pieces.append(f"<{name}" + "".join(f' {key}="{escape(attributes[key])}"' for key in ordered) + ">")

    def end(_):
        pieces.append(f"</{inside.pop()}>")

    def text(characters):
        if inside[-1] in TEXT_ELEMENTS:
            pieces.append(escape(characters))

    expat = parser(start, end, text)
    for chunk in chunks:
        feed(expat, [chunk], end=False)
        yield "".join(pieces).encode("utf-8")
        pieces.clear()
    feed(expat, ())
    yield "".join(pieces).encode("utf-8")


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
