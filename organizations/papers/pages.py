"""A .docx document as plain data that `paper.typ` draws: pages, paragraphs, tables, pictures.

Lengths are points. What is not understood is left out and named in `Pages.notes`, a set of the keys of
`making.NOTES`; a document that opens never makes it fail.
"""

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from organizations.papers.numbering import Numbering
from organizations.papers.ooxml import (
    attribute,
    border,
    child,
    children,
    color,
    local_name,
    number,
    points,
    switch,
    value,
)
from organizations.papers.styles import Styles
from organizations.papers.tables import table

BODY_SIZE = 10.5
SINGLE = 1.3
"""Height of a line of Chinese type in single spacing, in type sizes."""
EMU = 12_700
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"}
ALIGNMENTS = {
    "center": "center",
    "right": "right",
    "end": "right",
    "both": "justify",
    "distribute": "justify",
}
TRANSPARENT = {"hyperlink", "smartTag", "ins", "moveTo", "customXml", "sdtContent", "dir", "bdo", "fldSimple"}
"""Elements around runs that we look through."""
LEFT_OUT = {
    "footnoteReference": "footnote",
    "endnoteReference": "footnote",
    "oMath": "formula",
    "oMathPara": "formula",
    "object": "object",
    "pict": "drawing",
    "altChunk": "object",
}


class Pages:
    """The pages of one document: `sections` for paper.typ, `files` with its pictures, `notes`."""

    def __init__(self, document):
        """`document`: a docx.Document."""
        self.part = document.part
        self.styles = Styles(self._root_of(RELATIONSHIP_TYPE.STYLES))
        self.numbering = Numbering(self._root_of(RELATIONSHIP_TYPE.NUMBERING))
        self.files = {}
        self.notes = set()
        self.sections = []
        self._read_body(document.element.body)

    def _root_of(self, kind):
        found = [rel.target_part for rel in self.part.rels.values() if rel.reltype == kind]
        return getattr(found[0], "element", None) if found else None

    def _read_body(self, body):
        blocks = []
        for element in self._flat(body):
            blocks += self.block(element, self.part)
            properties = child(element, "pPr", "sectPr")
            if properties is not None:
                blocks = self._end_section(properties, blocks)
        self._end_section(child(body, "sectPr"), blocks)

    def _end_section(self, properties, blocks):
        """Close the section that ends here; the blocks with which the next one begins."""
        self.sections.append(self._section(properties, blocks))
        if len(self.sections) > 1 and value(properties, "type") == "continuous":
            # goes on on the same page: one section for us, and the outer one's paper
            self.sections.pop()
            self.sections[-1]["blocks"] += blocks
        return []

    def _section(self, properties, blocks):
        size, margins = child(properties, "pgSz"), child(properties, "pgMar")
        if int(number(attribute(child(properties, "cols"), "num"), 1)) > 1:
            self.notes.add("columns")
        before = self.sections[-1] if self.sections else None

        def margin(name, default):
            return abs(points(attribute(margins, name), default))

        section = {
            "width": min(max(points(attribute(size, "w"), 595.3), 72), 3000),
            "height": min(max(points(attribute(size, "h"), 841.9), 72), 3000),
            "top": margin("top", 72),
            "bottom": margin("bottom", 72),
            "left": margin("left", 90),
            "right": margin("right", 90),
            "header_distance": margin("header", 42.5),
            "footer_distance": margin("footer", 49.6),
            "header": self._margin_blocks(properties, "header", "default", before),
            "footer": self._margin_blocks(properties, "footer", "default", before),
            "first": None,
            "blocks": blocks,
        }
        if switch(properties, "titlePg"):
            section["first"] = {
                kind: self._margin_blocks(properties, kind, "first", None) for kind in ("header", "footer")
            }
        if section["left"] + section["right"] > section["width"] - 36:
            section["left"] = section["right"] = section["width"] / 10
        if section["top"] + section["bottom"] > section["height"] - 36:
            section["top"] = section["bottom"] = section["height"] / 10
        return section

    def _margin_blocks(self, properties, kind, pages, before):
        """The blocks of the header or footer of a section; one without its own has that of the section before."""
        for reference in children(properties, f"{kind}Reference"):
            if attribute(reference, "type", "default") == pages:
                rel = self.part.rels.get(reference.get(qn("r:id")))
                if rel is None or rel.is_external or getattr(rel.target_part, "element", None) is None:
                    return []
                part = rel.target_part
                return [block for element in self._flat(part.element) for block in self.block(element, part)]
        return before[kind] if before else []

    def _flat(self, element):
        """The paragraphs and tables directly in `element`, content controls and tracked insertions opened."""
        for each in element:
            name = local_name(each)
            if name in ("p", "tbl"):
                yield each
            elif name == "sdt":
                yield from self._flat(child(each, "sdtContent") if len(each) else ())
            elif name in ("ins", "customXml", "moveTo"):
                yield from self._flat(each)
            elif name in LEFT_OUT:
                self.notes.add(LEFT_OUT[name])

    def block(self, element, part):
        """[block] of a paragraph or table element."""
        if local_name(element) == "tbl":
            return [table(self, element, part)]
        return self.paragraph(element, part)

    def blocks(self, element, part):
        """[block] of what stands in a table cell."""
        return [block for each in self._flat(element) for block in self.block(each, part)]

    # -- paragraphs ----------------------------------------------------------------------------------------

    def paragraph(self, element, part):
        """A paragraph as blocks: more than one if there are page breaks in it."""
        properties = child(element, "pPr")
        applied = self.styles.paragraph(properties)
        mark = self.styles.run(properties, child(properties, "rPr"))
        prefix, applied = self._numbered(applied, properties)
        runs = Runs(self, properties, part, applied)
        runs.read(element)
        pieces = runs.pieces
        if prefix:
            pieces[0].insert(0, {**runs.look(mark), "kind": "text", "text": prefix})
        size = point_size(mark)
        blocks = []
        if switch_of(applied, "pageBreakBefore"):
            blocks.append({"kind": "pagebreak", "weak": True})
        for place, piece in enumerate(pieces):
            if place:
                blocks.append({"kind": "pagebreak", "weak": False})
                if not piece and place == len(pieces) - 1:
                    break
            elif not piece and len(pieces) > 1:
                continue
            blocks.append(self._laid_out(applied, piece, size))
        return blocks

    def _laid_out(self, applied, runs, mark_size):
        # pictures come with the size of the text around them
        size = max((run["size"] for run in runs), default=mark_size)
        spacing, indents = applied.get("spacing", {}), applied.get("ind", {})
        first = points(indents.get("firstLine"))
        hanging = points(indents.get("hanging"))
        if number(indents.get("hangingChars")):
            hanging = number(indents["hangingChars"]) / 100 * size
        elif number(indents.get("firstLineChars")):
            first, hanging = number(indents["firstLineChars"]) / 100 * size, 0
        left = points(indents.get("left", indents.get("start")))
        borders = applied.get("pBdr")
        return {
            "kind": "paragraph",
            "align": ALIGNMENTS.get(attribute(applied.get("jc"), "val"), "left"),
            "left": max(left - hanging, 0),
            "right": max(points(indents.get("right", indents.get("end"))), 0),
            "first": 0 if hanging else first,
            "hanging": hanging,
            "before": self._around(spacing, "before"),
            "after": self._around(spacing, "after"),
            "size": size,
            "line": line_height(spacing, size),
            "keep": bool(switch_of(applied, "keepNext")),
            "border": {side: border(child(borders, side)) for side in ("top", "bottom")},
            "runs": runs,
        }

    def _around(self, spacing, side):
        if spacing.get(f"{side}Autospacing") in ("1", "true", "on"):
            return 5
        return min(max(points(spacing.get(side)), 0), 500)

    def _numbered(self, applied, properties):
        """(text before the paragraph, properties with the indents of its level)."""
        found = applied.get("numPr")
        list_id = value(found, "numId")
        if list_id in (None, "0"):
            return "", applied
        level = int(number(value(found, "ilvl"), 0))
        indents = child(self.numbering.level(list_id, level), "pPr", "ind")
        own = applied.get("ind", {})
        if indents is not None and child(properties, "ind") is None:
            own = {**own, **{key.rpartition("}")[2]: text for key, text in indents.attrib.items()}}
        return self.numbering.next(list_id, level), {**applied, "ind": own}


def switch_of(applied, name):
    element = applied.get(name)
    return None if element is None else attribute(element, "val", "1") in ("1", "true", "on")


def point_size(applied):
    size = number(attribute(applied.get("sz"), "val"), 2 * BODY_SIZE) / 2
    return min(max(size, 1), 400)


def line_height(spacing, size):
    """Points from line to line."""
    line = number(spacing.get("line"), 240)
    rule = spacing.get("lineRule", "auto")
    if rule == "exact":
        return max(line / 20, 1)
    if rule == "atLeast":
        return max(line / 20, SINGLE * size)
    return max(line / 240, 0.1) * SINGLE * size


class Runs:
    """Reads what stands in a paragraph: `pieces`, lists of runs, split where a page ends."""

    def __init__(self, pages, properties, part, applied):
        self.pages, self.properties, self.part = pages, properties, part
        self.tabs = [attribute(each, "val") for each in children(applied.get("tabs"), "tab")]
        self.fields = []
        self.pieces = [[]]

    def add(self, run):
        self.pieces[-1].append(run)

    def read(self, element):
        for each in element:
            name = local_name(each)
            if name == "r":
                self._run(each)
            elif name == "fldSimple" and self._field(attribute(each, "instr", ""), self._look_of(each)):
                continue
            elif name in TRANSPARENT:
                self.read(each)
            elif name == "sdt":
                self.read(child(each, "sdtContent") if child(each, "sdtContent") is not None else ())
            elif name in LEFT_OUT:
                self.pages.notes.add(LEFT_OUT[name])

    def _look_of(self, field):
        return self.look(
            self.pages.styles.run(self.properties, child(next(iter(children(field, "r")), None), "rPr"))
        )

    def _run(self, element):
        applied = self.pages.styles.run(self.properties, child(element, "rPr"))
        if switch_of(applied, "vanish"):
            return
        look = self.look(applied)
        for each in element:
            self._content(each, look)

    def _content(self, each, look):
        name = local_name(each)
        if name == "fldChar":
            self._field_mark(attribute(each, "fldCharType"), look)
        elif name == "instrText":
            if self.fields:
                self.fields[-1]["instruction"] += each.text or ""
        elif any(field["is_hidden"] for field in self.fields):
            return
        elif name == "t":
            self._text(each.text or "", look)
        elif name == "tab":
            self.add({**look, "kind": self._tab()})
        elif name in ("br", "cr"):
            self._break(attribute(each, "type", "textWrapping"), look)
        elif name == "noBreakHyphen":
            self._text("‑", look)
        elif name == "sym":
            self.pages.notes.add("symbol")
        elif name == "drawing":
            self._drawing(each, look)
        elif name == "AlternateContent":
            self._alternate(each, look)
        elif name in LEFT_OUT:
            self.pages.notes.add(LEFT_OUT[name])

    def look(self, applied):
        """How a run looks, for paper.typ."""
        fonts = applied.get("rFonts", {})
        return {
            "size": point_size(applied),
            "fonts": list(dict.fromkeys(fonts[key] for key in ("ascii", "eastAsia") if fonts.get(key))),
            "bold": bool(switch_of(applied, "b")),
            "underline": attribute(applied.get("u"), "val", "none") != "none",
            "strike": bool(switch_of(applied, "strike")),
            "color": color(attribute(applied.get("color"), "val")),
            "raised": {"superscript": 1, "subscript": -1}.get(attribute(applied.get("vertAlign"), "val"), 0),
        }

    def _text(self, text, look):
        # blanks that one sees, as in a line to write on, must not be taken for space between words
        text = text.replace("  ", "\u00a0\u00a0")
        if look["underline"]:
            text = text.replace(" ", "\u00a0")
        if text:
            self.add({**look, "kind": "text", "text": text})

    def _tab(self):
        return "fill" if "right" in self.tabs or "center" in self.tabs or "end" in self.tabs else "tab"

    def _break(self, kind, look):
        if kind == "page":
            self.pieces.append([])
        elif kind == "column":
            self.pages.notes.add("columns")
        else:
            self.add({**look, "kind": "break"})

    def _field_mark(self, kind, look):
        if kind == "begin":
            self.fields.append({"instruction": "", "is_hidden": True})
        elif kind == "separate" and self.fields:
            # a page number is counted, of other fields the result stands in the document
            self.fields[-1]["is_hidden"] = self._field(self.fields[-1]["instruction"], look)
            self.fields[-1]["is_shown"] = True
        elif kind == "end" and self.fields:
            field = self.fields.pop()
            if "is_shown" not in field:
                self._field(field["instruction"], look)

    def _field(self, instruction, look):
        """Write a field that is counted; whether `instruction` was one."""
        kind = {"PAGE": "page", "NUMPAGES": "pages", "SECTIONPAGES": "pages"}.get(
            next(iter(instruction.split()), "").upper()
        )
        if kind:
            self.add({**look, "kind": kind})
        return kind is not None

    def _alternate(self, element, look):
        for choice in element:
            drawing = choice.find(qn("w:drawing"))
            if drawing is not None:
                self._drawing(drawing, look)
                return
        self.pages.notes.add("drawing")

    def _drawing(self, drawing, look):
        blip = next(drawing.iter(qn("a:blip")), None)
        extent = next(drawing.iter(qn("wp:extent")), None)
        if blip is None or extent is None:
            self.pages.notes.add("drawing")
            return
        if drawing.find(qn("wp:anchor")) is not None:
            self.pages.notes.add("floating")
        rel = self.part.rels.get(blip.get(qn("r:embed")))
        if rel is None or rel.is_external or rel.target_part.content_type not in PICTURES:
            self.pages.notes.add("picture")
            return
        name = f"picture{len(self.pages.files)}.{PICTURES[rel.target_part.content_type]}"
        self.pages.files[name] = rel.target_part.blob
        size = {side: min(max(number(extent.get(side)) / EMU, 1), 2000) for side in ("cx", "cy")}
        self.add({**look, "kind": "picture", "file": name, "width": size["cx"], "height": size["cy"]})
