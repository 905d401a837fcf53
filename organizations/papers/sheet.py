"""Builds the default templates: Chinese official papers on A4.

Type follows the habits of official documents (GB/T 9704): title in size 2 (22 pt), text in size 3 (16 pt) 仿宋, 28 pt
from line to line, the page number at the foot. The title is in 宋体 bold, which every office has; an association with
方正小标宋 sets it in its own template.
"""

import io

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FANG, SONG, HEI, KAI = "仿宋", "宋体", "黑体", "楷体"
LATIN = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5 = 22, 16, 14, 12, 10.5
LEFT, CENTER, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
CELL_MARGIN = 57
"""Twentieths of a point: 1 mm."""
RED = RGBColor(0xC0, 0x1F, 0x1F)


class Sheet:
    """One template in the making."""

    def __init__(self, *, landscape=False, margins=(25, 20, 25, 20), size=SIZE_3):
        """`margins`: top, right, bottom, left in millimetres."""
        self.document = Document()
        self.size = size
        self._page(landscape, margins)
        self._usual_style()

    def _page(self, landscape, margins):
        section = self.document.sections[0]
        section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(
            Mm, margins
        )
        section.header_distance, section.footer_distance = Mm(12), Mm(12)
        self.width = section.page_width.mm - margins[1] - margins[3]

    def _usual_style(self):
        style = self.document.styles["Normal"]
        style.font.size = Pt(self.size)
        set_fonts(style.element.get_or_add_rPr(), FANG)
        style.paragraph_format.space_after = Pt(0)

    def title(self, text, *, size=SIZE_2, after=14, color=None):
        """A centred line in bold type."""
        look = {"size": size, "font": SONG, "bold": True, "align": CENTER, "line": size * 1.5}
        return self.text(text, after=after, color=color, **look)

    def text(
        self, text, *, size=None, font=FANG, bold=False, align=JUSTIFY, indent=False, before=0, after=0, line=None,
        color=None, lead="",
    ):  # fmt: skip
        """A paragraph, set in by two characters if `indent`; `lead`: its first words, in 黑体."""
        paragraph = self.document.add_paragraph()
        if lead:
            write(paragraph, lead, size=size or self.size, font=HEI)
        write(paragraph, text, size=size or self.size, font=font, bold=bold, color=color)
        shape = paragraph.paragraph_format
        shape.alignment = align
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing = Pt(line or (28 if (size or self.size) >= SIZE_3 else (size or self.size) * 1.6))
        if indent:
            shape.first_line_indent = Pt(2 * (size or self.size))
        return paragraph

    def tag(self, text):
        """A paragraph that holds a tag only, and is gone when the paper is made."""
        return self.text(text, size=SIZE_5)

    def table(self, widths, *, size=SIZE_SMALL_4):
        return Table(self, widths, size)

    def page_number(self, before="— ", after=" —"):
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.alignment = CENTER
        write(paragraph, before, size=SIZE_4, font=SONG)
        field(paragraph, "PAGE")
        write(paragraph, after, size=SIZE_4, font=SONG)

    def content(self, title):
        """The finished .docx."""
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""
        written = io.BytesIO()
        self.document.save(written)
        return written.getvalue()


class Table:
    """A bordered table as wide as the page; `widths` are shares of it."""

    def __init__(self, sheet, widths, size):
        self.size = size
        self.table = sheet.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        self.table.alignment = WD_TABLE_ALIGNMENT.CENTER
        self.table.autofit = False
        set_margins(self.table)
        share = sheet.width / sum(widths)
        self.widths = [Mm(width * share) for width in widths]
        for column, width in zip(self.table.columns, self.widths, strict=True):
            column.width = width

    def heads(self, *texts):
        """A row of headings, repeated on each page."""
        row = self.row(*texts, font=HEI)
        mark(row, "tblHeader")
        return row

    def row(self, *texts, font=FANG, align=CENTER, height=9, spans=()):
        """A row; `align` for all cells or one each, `height` in millimetres, `spans` the columns of each text."""
        row = self.table.add_row()
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        mark(row, "cantSplit")
        cells = list(row.cells)
        for cell, width in zip(cells, self.widths, strict=True):
            cell.width = width
        if spans:
            cells = self._merged(cells, spans)
        aligns = align if isinstance(align, tuple) else (align,) * len(texts)
        for cell, text, each in zip(cells, texts, aligns, strict=True):
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.alignment = each
            write(paragraph, text, size=self.size, font=font)
        return row

    def _merged(self, cells, spans):
        found, at = [], 0
        for span in spans:
            found.append(cells[at].merge(cells[at + span - 1]) if span > 1 else cells[at])
            at += span
        return found

    def rows(self, item, items, *texts, **look):
        """A row for each `item` of the list `items`."""
        self.tag(f"{{%tr for {item} in {items} %}}")
        self.row(*texts, **look)
        self.tag("{%tr endfor %}")

    def tag(self, text):
        row = self.table.add_row()
        write(row.cells[0].paragraphs[0], text, size=SIZE_5, font=FANG)


def write(paragraph, text, *, size, font, bold=False, color=None):
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold = bold or None
    if color is not None:
        run.font.color.rgb = color
    set_fonts(run._element.get_or_add_rPr(), font)
    return run


def set_fonts(properties, font):
    """Latin and Chinese fonts of a run or style, and no others a theme might bring."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for name, value in {"ascii": LATIN, "hAnsi": LATIN, "eastAsia": font, "cs": LATIN}.items():
        fonts.set(qn(f"w:{name}"), value)


def field(paragraph, instruction):
    """A field that the text processor fills in, a page number for one."""
    for kind, text in (("begin", None), (None, instruction), ("end", None)):
        run = write(paragraph, "", size=SIZE_4, font=SONG)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)


def set_margins(table):
    """Less room at the sides of the cells than Word's, so that four characters of a heading stay in one line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        width = OxmlElement(f"w:{side}")
        width.set(qn("w:w"), str(CELL_MARGIN))
        width.set(qn("w:type"), "dxa")
        margins.append(width)
    table._tbl.tblPr.append(margins)


def mark(row, name):
    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))
