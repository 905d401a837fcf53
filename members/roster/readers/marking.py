"""An .xlsx given back: doubtful cells coloured and commented, a sheet added that lists them.

Only the parts that say so are changed, and in them only the places: pictures, charts, drop-downs, macros, rich text and
whatever else a program left in the file stay byte for byte. A library that reads the workbook and writes it anew
would lose all it does not know, such as the pictures that WPS keeps in cells.
"""

import json
import re
import sys
import zipfile

from .archive import Archive
from .child import LIMITS, describe, restrain
from .markup import escape
from .output import Refused, column_name
from .splicing import Document, with_attributes
from .xlsx import COLUMNS, main_part, relations

PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument"
VML = '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
VML += 'xmlns:x="urn:schemas-microsoft-com:office:excel">'
SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" xmlns:v="urn:schemas-microsoft-com:vml" coordsize="21600,21600" o:spt="202" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" '
    'style="position:absolute;margin-left:80pt;margin-top:5pt;width:240pt;height:90pt;z-index:1;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 4, '
    "{right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
    "<x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
FIRST_SHAPE = 1025
SHAPE_ID = re.compile(rb"_x0000_s(\d{1,9})")
ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
# elements of a worksheet that come after the reference to its comments (ECMA-376 part 1, 18.3.1.99); forms of
# controls stand in the last one
AFTER_COMMENTS = {
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
FILE_KINDS = {
    "sheet.macroenabled": "xlsm",
    "template.macroenabled": "xltm",
    "template.main": "xltx",
}


def main(arguments):
    """Read a line of JSON, the job, and after it the workbook from standard input; write the marked one to standard
    output, and to standard error what became of it: {"kind": its extension} or {"refused": [code, parameters]}."""
    limits = dict(zip(LIMITS, map(int, arguments), strict=True))
    restrain(limits)
    try:
        job = json.loads(sys.stdin.buffer.readline())
        data = sys.stdin.buffer.read(limits["max_bytes"])
        answer = {"kind": Marking(Archive(data, limits), job).write(sys.stdout.buffer)}
    except Refused as refused:
        answer = {"refused": [refused.code, refused.params]}
    except MemoryError:
        answer = {"refused": ["memory", {"limit": limits["memory"] >> 20}]}
    except Exception as error:
        answer = {"refused": ["damaged", {"reason": describe(error)}]}
    json.dump(answer, sys.stderr)


class Marking:
    """`job`: {"author", "colours": {level: rgb}, "sheets": {name: {address: [level, text]}}, "list": {"name",
    "replaces": whether a sheet of that name is an earlier list, "title", "legend": [[level, label]], "header": [label],
    "rows": [[sheet, address, level, label, text]], "notes": [text]}}"""

    def __init__(self, archive, job):
        self.archive, self.job = archive, job
        self.parts = {}  # changed and new ones, by their names in lower case
        self.names = dict(archive.names)
        self.new_content = []  # (part, content type) of new ones
        self.main = main_part(archive)
        self.relations = relations(archive, self.main)
        self.workbook = Document(archive.read(self.main))
        places = self.workbook.places()
        root = self.workbook.root.attributes
        prefix = self.workbook.prefix
        self.namespace = root[f"xmlns:{prefix[:-1]}" if prefix else "xmlns"]
        is_strict = "purl.oclc.org" in self.namespace
        self.relation_types = (
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
            if is_strict
            else "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        )
        self.sheets_place = next(place for place in places if place.local == "sheets")
        self.sheets = [place.attributes for place in places if place.local == "sheet"]
        self.styles = Styles(self._part_of("styles"), archive, job["colours"])

    def write(self, stream):
        """Write the archive; return the extension that the workbook should have."""
        for attributes in self.sheets:
            marks = self.job["sheets"].get(attributes.get("name"))
            kind, part = self._target(attributes)
            if marks and kind == "worksheet":
                self._mark_sheet(part, marks)
        self._add_list()
        if self.styles.part:
            self._put(self.styles.part, self.styles.result())
        file_kind = self._tell_content_types()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
            for key, name in self.names.items():
                entry = zipfile.ZipInfo(name)  # of 1980: the same marks make the same file
                entry.compress_type = zipfile.ZIP_DEFLATED
                with out.open(entry, "w") as part:
                    for chunk in (self.parts[key],) if key in self.parts else self.archive.chunks(key):
                        part.write(chunk)
        return file_kind

    # -- parts

    def _target(self, attributes):
        return self.relations.get(_key(attributes), ("", ""))

    def _part_of(self, kind):
        return next((target for found, target in self.relations.values() if found == kind), None)

    def _put(self, name, content):
        self.names.setdefault(name.lower(), name)
        self.parts[name.lower()] = content

    def _has(self, name):
        return name.lower() in self.names

    def _read(self, name):
        return self.parts.get(name.lower()) or self.archive.read(name)

    def _free(self, pattern):
        """The first name of a part, as `pattern` with a number, that is not taken."""
        number = 1
        while self._has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def _relate(self, part, *targets):
        """Add relations of `part` to (kind, part); return their ids."""
        path = _relations_part(part)
        if not self._has(path):
            self._put(path, f'<Relationships xmlns="{PACKAGE_RELATIONS}"></Relationships>'.encode())
        document = Document(self._read(path))
        taken = {place.attributes.get("Id") for place in document.places()}
        ids, number = [], 1
        for _ in targets:
            while f"rIdCheck{number}" in taken:
                number += 1
            ids.append(f"rIdCheck{number}")
            number += 1
        document.append(
            document.root,
            "".join(
                f'<{document.prefix}Relationship Id="{key}" Type="{self.relation_types}/{kind}" Target="/{target}"/>'
                for key, (kind, target) in zip(ids, targets, strict=True)
            ),
        )
        self._put(path, document.result())
        return ids

    def _tell_content_types(self):
        """Name the new parts; return the extension of such a workbook."""
        path = "[Content_Types].xml"
        document = Document(self.archive.read(path))
        places = document.places()
        kinds = {place.attributes.get("ContentType", "").lower() for place in places}
        added = "".join(
            f'<{document.prefix}Override PartName="/{part}" ContentType="{kind}"/>'
            for part, kind in self.new_content
        )
        known = {place.attributes.get("Extension", "").lower() for place in places}
        if "vml" not in known:
            added = f'<{document.prefix}Default Extension="vml" ContentType="{CONTENT}.vmlDrawing"/>' + added
        document.append(document.root, added)
        self._put(path, document.result())
        return next((end for word, end in FILE_KINDS.items() if any(word in kind for kind in kinds)), "xlsx")

    # -- a sheet

    def _mark_sheet(self, part, marks):
        document = Document(self.archive.read(part))
        cells = _cells(document.data, marks)
        places = _outline(document, {row for row, _column in cells})
        self._colour(document, places, cells)
        known = relations(self.archive, part) if _relations_part(part) in self.archive else {}
        comments = next((target for kind, target in known.values() if kind == "comments"), None)
        fresh = self._write_comments(comments or self._free("xl/comments{}.xml"), comments is None, cells)
        if fresh:
            reference = next((place for place in places if place.local == "legacyDrawing"), None)
            drawing = known.get(_key(reference.attributes), ("", None))[1] if reference else None
            self._draw(document, places, part, drawing, fresh, comments is None)
        self._put(part, document.result())

    def _colour(self, document, places, cells):
        for row in (place for place in places if place.local == "row"):
            missing = {
                column: level for (number, column), (level, _) in cells.items() if number == row.number
            }
            there = [place for place in places if place.parent is row]
            for cell in there:
                level = missing.pop(cell.number, None)
                if level:
                    document.set(cell, s=self.styles.filled(int(cell.attributes.get("s", 0)), level))
            if all("r" in cell.attributes for cell in there):  # else they are told by their order
                self._add_cells(document, row, there, missing)

    def _add_cells(self, document, row, there, missing):
        """Cells that are empty and not even in the file."""
        style = int(row.attributes.get("s", 0)) if row.attributes.get("customFormat") in ("1", "true") else 0
        last = ""
        for column, level in sorted(missing.items()):
            address = f"{column_name(column)}{row.number}"
            text = f'<{document.prefix}c r="{address}" s="{self.styles.filled(style, level)}"/>'
            after = next((cell for cell in there if cell.number > column), None)
            if after is None:
                last += text
            else:
                document.insert(after.start, text)
        if last:
            document.append(row, last)

    def _write_comments(self, part, is_new, cells):
        """Write the texts; return the (row, column) of the cells that had no comment before."""
        if is_new:
            empty = f'<comments xmlns="{self.namespace}"><authors></authors><commentList></commentList></comments>'
            document = Document(empty.encode())
            self.new_content.append((part, f"{CONTENT}.spreadsheetml.comments+xml"))
            self.new_comments = part
        else:
            document = Document(self.archive.read(part))
        places, prefix = document.places(), document.prefix
        lists = {place.local: place for place in places if place.local in ("authors", "commentList")}
        author = sum(place.local == "author" for place in places)
        document.append(lists["authors"], f"<{prefix}author>{escape(self.job['author'])}</{prefix}author>")
        left = dict(cells)
        for place in places:
            if place.local == "comment":
                _level, text = left.pop(_address(place.attributes.get("ref", "")), (None, None))
                if text:
                    _add_to_comment(document, places, place, text)
        written = "".join(
            f'<{prefix}comment ref="{column_name(column)}{row}" authorId="{author}"><{prefix}text>'
            f"{_run(prefix, text)}</{prefix}text></{prefix}comment>"
            for (row, column), (_level, text) in left.items()
        )
        document.append(lists["commentList"], written)
        self._put(part, document.result())
        return sorted(left)

    def _draw(self, document, places, part, drawing, fresh, has_new_comments):
        """The boxes of new comments, and what leads from the sheet to both."""
        targets = [("comments", self.new_comments)] if has_new_comments else []
        if drawing is None:
            drawing = self._free("xl/drawings/vmlDrawing{}.vml")
            targets.append(("vmlDrawing", drawing))
            written = f"{VML}</xml>".encode()
        else:
            written = self.archive.read(drawing)
        self._put(drawing, _with_boxes(written, fresh))
        if not targets:
            return
        ids = self._relate(part, *targets)
        if targets[-1][0] == "vmlDrawing":
            at = _place_of_comments(document, places)
            prefix = document.prefix
            reference = document.qualified("id", self.relation_types)
            document.insert(at, f'<{prefix}legacyDrawing {reference}="{ids[-1]}"/>')

    # -- the list

    def _add_list(self):
        wanted = self.job["list"]
        names = {attributes.get("name"): attributes for attributes in self.sheets}
        name, number = wanted["name"], 2
        if wanted["replaces"] and name in names:
            part = self._target(names[name])[1]
        else:
            while name in names:
                name, number = f"{wanted['name']}{number}", number + 1
            part = self._free("xl/worksheets/sheet{}.xml")
            self.new_content.append((part, f"{CONTENT}.spreadsheetml.worksheet+xml"))
            [key] = self._relate(self.main, ("worksheet", part))
            reference = self.workbook.qualified("id", self.relation_types)
            last = max(int(attributes.get("sheetId", 0)) for attributes in self.sheets)
            self.workbook.append(
                self.sheets_place,
                f'<{self.workbook.prefix}sheet name="{escape(name)}" sheetId="{last + 1}" {reference}="{key}"/>',
            )
            self._put(self.main, self.workbook.result())
        self._put(part, self._list_sheet(wanted).encode())

    def _list_sheet(self, wanted):
        lines = [[(wanted["title"], "plain")]]
        lines += [[(label, level)] for level, label in wanted["legend"]]
        lines += [[], [(label, "plain") for label in wanted["header"]]]
        for sheet, address, level, label, text in wanted["rows"]:
            lines.append([(sheet, "plain"), (address, "plain"), (label, level), (text, "wrapped")])
        lines += [[(note, "plain")] for note in wanted["notes"]]
        rows = "".join(
            f'<row r="{number}">'
            + "".join(
                f'<c r="{column_name(place)}{number}" s="{self.styles.of(style)}" t="inlineStr"><is>'
                f'<t xml:space="preserve">{escape(clean(text))}</t></is></c>'
                for place, (text, style) in enumerate(line)
            )
            + "</row>"
            for number, line in enumerate(lines, 1)
        )
        widths = "".join(
            f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
            for place, width in enumerate((16, 10, 14, 90), 1)
        )
        return (
            f'<worksheet xmlns="{self.namespace}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f"<cols>{widths}</cols><sheetData>{rows}</sheetData>"
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
        )


class Styles:
    """The formats of the workbook with those added for the marks; without a part of styles there are no colours."""

    def __init__(self, part, archive, colours):
        self.part = part if part and part in archive else None
        self.added, self.numbers = [], {}
        if not self.part:
            return
        self.document = Document(archive.read(part))
        places = self.document.places()
        self.lists = {place.local: place for place in places if place.local in ("fills", "cellXfs")}
        self.formats = [place for place in places if place.parent is self.lists["cellXfs"]]
        fills = [place for place in places if place.parent is self.lists["fills"]]
        self.fills = {level: len(fills) + number for number, level in enumerate(colours)}
        prefix = self.document.prefix
        self.document.append(
            self.lists["fills"],
            "".join(
                f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="FF{rgb}"/>'
                f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
                for rgb in colours.values()
            ),
        )
        self.document.set(self.lists["fills"], count=len(fills) + len(colours))

    def filled(self, style, level):
        """The number of the format `style` with the colour of `level` behind it, all else as it is."""
        if not self.part or style >= len(self.formats):
            return style
        if (style, level) not in self.numbers:
            raw = self.document.raw(self.formats[style])
            self._add(
                (style, level), with_attributes(raw, fillId=self.fills[level], applyFill=1).decode("utf-8")
            )
        return self.numbers[style, level]

    def of(self, style):
        """The number of a format of the list: of a level, wrapped or plain."""
        if not self.part or style == "plain":
            return 0
        if style != "wrapped":
            return self.filled(0, style)
        if style not in self.numbers:
            prefix = self.document.prefix
            self._add(
                style,
                f'<{prefix}xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyAlignment="1">'
                f'<{prefix}alignment vertical="top" wrapText="1"/></{prefix}xf>',
            )
        return self.numbers[style]

    def _add(self, key, text):
        self.numbers[key] = len(self.formats) + len(self.added)
        self.added.append(text)

    def result(self):
        self.document.append(self.lists["cellXfs"], "".join(self.added))
        self.document.set(self.lists["cellXfs"], count=len(self.formats) + len(self.added))
        return self.document.result()


def _relations_part(part):
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def _key(attributes):
    """The id of the relation that an element names."""
    return next((attributes[key] for key in attributes if key.endswith(":id")), "")


def _address(text):
    """(row as counted by people, column from 0) of ``F5``; (0, 0) for what is none."""
    match = ADDRESS.fullmatch(text.replace("$", ""))
    return (int(match[2]), COLUMNS[match[1].encode()]) if match else (0, 0)


def _cells(data, marks):
    """{(row, column): [level, text]}; what is said of a covered cell goes to the one that is seen."""
    areas = [
        (int(top), COLUMNS[left], int(bottom), COLUMNS[right])
        for left, top, right, bottom in MERGED.findall(data)
    ]
    cells = {}
    for address, (level, text) in marks.items():
        place = row, column = _address(address)
        for top, left, bottom, right in areas:
            if top <= row <= bottom and left <= column <= right:
                place = top, left
        if place in cells:
            level, text = cells[place][0], f"{cells[place][1]}\n{text}"
        cells[place] = [level, text]
    return cells


def _outline(document, rows):
    """The Places of the sheet's own elements, and of the rows numbered in `rows` with their cells."""
    row = column = 0

    def number_of(local, parent, depth, attributes):
        nonlocal row, column
        if depth == 1:
            return 0
        if local == "row":
            row, column = int(attributes.get("r", row + 1)), -1
            return row if row in rows else None
        if local != "c" or parent is None:
            return None
        column = _address(attributes["r"])[1] if "r" in attributes else column + 1
        return column

    return document.places(number_of)


def _place_of_comments(document, places):
    """The offset in a worksheet where the reference to its comments belongs."""
    at = document.root.end
    for place in reversed([place for place in places if place.parent is document.root]):
        if place.local not in AFTER_COMMENTS:
            break
        at = place.start
    return at


def _add_to_comment(document, places, comment, text):
    """Below what somebody wrote before; not once more what stands there from an earlier round."""
    if escape(clean(text)).encode() in document.raw(comment):
        return
    for place in (place for place in places if place.parent is comment and place.local == "text"):
        prefix = document.prefix
        inner = [part for part in places if part.parent is place]
        for plain in (part for part in inner if part.local == "t"):
            document.insert(plain.start, f"<{prefix}r>")
            document.insert(plain.start + len(document.raw(plain)), f"</{prefix}r>")
        phonetic = next((part for part in inner if part.local in ("rPh", "phoneticPr")), None)
        if phonetic is None:
            document.append(place, _run(prefix, f"\n{text}"))
        else:
            document.insert(phonetic.start, _run(prefix, f"\n{text}"))


def _run(prefix, text):
    return f'<{prefix}r><{prefix}t xml:space="preserve">{escape(clean(text))}</{prefix}t></{prefix}r>'


def clean(text):
    """`text` without what XML has no place for or a spreadsheet program takes for an escape."""
    return LOOKS_ESCAPED.sub("_x005F_", FORBIDDEN.sub("", text))


def _with_boxes(drawing, cells):
    """The drawing with a hidden box for the comment of each cell; old drawings are not always well-formed xml."""
    first = max([FIRST_SHAPE - 1, *map(int, SHAPE_ID.findall(drawing))]) + 1
    boxes = [] if b'id="_x0000_t202"' in drawing else [SHAPE_TYPE]
    boxes += [
        SHAPE.format(
            id=number,
            row=row - 1,
            column=column,
            left=column + 1,
            top=max(row - 2, 0),
            right=column + 5,
            bottom=row + 4,
        )
        for number, (row, column) in enumerate(cells, first)
    ]
    end = drawing.rindex(b"</xml>")
    return drawing[:end] + "".join(boxes).encode() + drawing[end:]
