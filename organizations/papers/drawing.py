"""A .docx document as PDF, drawn by typst with the one font that comes with it and those of a folder of ours."""

import io
import json
import tempfile
from pathlib import Path

from docx import Document

from organizations.papers.pages import Pages

PROGRAM = Path(__file__).with_name("paper.typ")


def to_pdf(content, *, title="", fonts=""):
    """(PDF bytes, notes) of the .docx `content`; `fonts` is a folder with further font files, "" for none."""
    pages = Pages(Document(io.BytesIO(content)))
    paper = json.dumps({"title": title, "sections": pages.sections}, ensure_ascii=False)
    drawn = typeset(PROGRAM.read_bytes(), {"paper.json": paper.encode(), **pages.files}, fonts=fonts)
    return drawn, pages.notes


def typeset(program, files, *, fonts=""):
    """The PDF that the typst `program` (bytes) draws of the `files` {name: bytes} beside it."""
    import noto_cjk_sans_otc
    import typst

    folders = [str(Path(noto_cjk_sans_otc.__file__).parent), *([fonts] if fonts else [])]
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        for name, part in {"program.typ": program, **files}.items():
            (room / name).write_bytes(part)
        # without tags for readers aloud, which would make a roster twenty times as large: they have the .docx
        return typst.compile(room / "program.typ", root=room, font_paths=known, pdf_tags=False)
