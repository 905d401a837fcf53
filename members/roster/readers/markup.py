"""XML without entities: every document type declaration is refused before it can do anything."""

from pyexpat import ExpatError, ParserCreate

from .output import Refused

LONGEST_TOKEN = 1 << 24
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


def feed(expat, chunks):
    for _ in feeding(expat, chunks):
        pass


def feeding(expat, chunks):
    """Parse the chunks, yielding after each."""
    fed = 0
    try:
        for chunk in chunks:
            expat.Parse(chunk, False)
            fed += len(chunk)
            # expat before 2.6 scans an unfinished tag or name anew with every chunk
            if fed - expat.CurrentByteIndex > LONGEST_TOKEN:
                raise Refused("too_much_text", limit=LONGEST_TOKEN >> 20)
            yield
        expat.Parse(b"", True)
        yield
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

    for _ in feeding(parser(start, end, text), chunks):
        yield "".join(pieces).encode("utf-8")
        pieces.clear()


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
