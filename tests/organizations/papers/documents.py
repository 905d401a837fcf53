"""What tests of papers share: templates made in the test, and looks into what was made of them."""

import io

from docx import Document
from pypdf import PdfReader

POINTS_OF_A4 = (595.28, 841.89)


def template(*paragraphs, table=(), header=""):
    """A .docx with these paragraphs, then a table of these rows of cells."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        rows = document.add_table(rows=0, cols=len(table[0]), style="Table Grid")
        for texts in table:
            for cell, text in zip(rows.add_row().cells, texts, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return saved(document)


def saved(document):
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def opened(content):
    return Document(io.BytesIO(content))


def paragraphs(content):
    """The texts of the paragraphs in the body that are not empty."""
    return [paragraph.text for paragraph in opened(content).paragraphs if paragraph.text]


def rows(content, table=0):
    """The texts of the cells of a table, row by row."""
    return [[cell.text for cell in row.cells] for row in opened(content).tables[table].rows]


def pdf_pages(content):
    return PdfReader(io.BytesIO(content)).pages


def pdf_text(content):
    """The text of all pages, without blanks and ends of lines: where lines break is the typesetter's affair."""
    return "".join("".join(page.extract_text().split()) for page in pdf_pages(content))


def pdf_sizes(content):
    """[(width, height)] of the pages in points, rounded."""
    return [(round(page.mediabox.width), round(page.mediabox.height)) for page in pdf_pages(content)]
