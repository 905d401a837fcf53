"""Making papers: a template filled with a context, as .docx or as PDF.

Templates are files of other people's, so nothing here opens one: `child.py` does, in a process of its own with limits
on memory and time.
"""

import importlib.util
import json
import logging
import subprocess
import sys
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from organizations.papers.kinds import KINDS

logger = logging.getLogger(__name__)

# -I: no environment and no folder of the caller's on the path
START = "import sys; sys.path.insert(0, sys.argv[1]); from organizations.papers.child import main; main(*sys.argv[2:])"
WALL_TIME = 1.5
"""Seconds by the clock for each second of CPU time allowed."""

# What a PDF leaves out of a template, in a sentence each
NOTES = {
    "columns": _("Text in several columns is set in one."),
    "drawing": _("Drawings and text boxes are left out."),
    "floating": _("Pictures that text flows around are set in the line."),
    "footnote": _("Footnotes are left out."),
    "formula": _("Formulas are left out."),
    "nesting": _("Tables more than six deep in each other are left out."),
    "object": _("Embedded objects are left out."),
    "picture": _("Pictures other than PNG, JPEG, GIF and SVG are left out."),
    "symbol": _("Characters of symbol fonts are left out."),
}


class NotMade(Exception):
    """The paper cannot be made; the text is a sentence for people."""


@dataclass(frozen=True)
class Paper:
    content: bytes
    """The .docx or PDF."""
    notes: tuple[str, ...] = ()
    """Keys of NOTES: what the template holds and the PDF does not."""

    @cached_property
    def remarks(self):
        return [NOTES[note] for note in self.notes]


def pdf_is_there():
    """Whether the packages that draw PDF are installed (the extra ``pdf`` of the project)."""
    return all(importlib.util.find_spec(name) for name in ("typst", "noto_cjk_sans_otc"))


def default_template(kind):
    """The .docx that the kind `kind` (a key of KINDS) has without a template of the association's own."""
    return _child({"do": "default", "kind": kind, "builder": KINDS[kind].default})[1]


def problems_of(kind, content):
    """[{"code", "place", "text", "name"}] of the template `content` for the kind: see checking.py."""
    found = KINDS[kind]
    task = {"do": "check", "fields": found.schema, "sample": found.sample}
    return _child(task, content)[0]["problems"]


def make(kind, context, *, template=b"", as_pdf=False):
    """The `Paper` of the kind filled with `context`; `template` is a .docx, the default one if empty.

    `context` has texts and lists of such dicts under the names of the kind's fields. Raises NotMade.
    """
    found = KINDS[kind]
    task = {"do": "render", "kind": kind, "builder": found.default, "context": context, "as_pdf": as_pdf}
    task |= _drawing(found.name)
    answer, content = _child(task, template)
    return Paper(content, tuple(answer["notes"]))


def to_pdf(content, *, title=""):
    """The PDF `Paper` of the .docx bytes `content`. Raises NotMade."""
    answer, drawn = _child({"do": "pdf", **_drawing(title)}, content)
    return Paper(drawn, tuple(answer["notes"]))


def draw(program, data, files):
    """The PDF (bytes) that our own typst `program` (bytes) draws of `data` (data.json) and `files` {name: base64}.

    Raises NotMade.
    """
    task = {"do": "draw", "data": data, "files": files, "fonts": str(settings.PAPER_FONTS or "")}
    return _child(task, program)[1]


def _drawing(title):
    return {"title": title, "fonts": str(settings.PAPER_FONTS or "")}


def _child(task, content=b""):
    """(answer, bytes) of the child process for `task`."""
    command = [
        sys.executable, "-I", "-c", START, str(settings.BASE_DIR),
        str(settings.PAPER_MAX_SECONDS), str(settings.PAPER_MAX_MEMORY),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 (our own program; the template is its standard input)
            command,
            input=json.dumps(task).encode() + b"\n" + content,
            capture_output=True,
            timeout=settings.PAPER_MAX_SECONDS * WALL_TIME,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise NotMade(
            _("It took longer than {limit} seconds and was stopped. Use a simpler template.").format(
                limit=settings.PAPER_MAX_SECONDS
            )
        ) from None
    except subprocess.CalledProcessError as error:
        # the last line names the error; what is above it may quote the paper
        logger.warning("A paper was not made: %s", error.stderr.decode(errors="replace").splitlines()[-1:])
        raise NotMade(
            _(
                "The paper cannot be made with this template. Check the template, or go back to the default one."
            )
        ) from None
    answer, _newline, made = done.stdout.partition(b"\n")
    return json.loads(answer), made
