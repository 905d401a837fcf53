"""The child process: set the limits, find out what the file is, read it, say how it went."""

import gc
import sys
from os.path import basename

from .output import Output, Refused

LIMITS = (
    "max_bytes",
    "max_unpacked",
    "max_rows",
    "max_columns",
    "max_sheets",
    "max_text",
    "seconds",
    "memory",
)
GRACE = 5
"""Seconds between the signal that says the time is up and the one that cannot be ignored."""
OTHER_FILES = (b"%PDF", b"{\\rtf", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
EARLY_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
HTML_MARKS = ("<html", "<table", "<!doctype html", "<head", "<meta", "<body")


def main(arguments):
    """Read the file on standard input and write lines of JSON to standard output."""
    limits = dict(zip(LIMITS, map(int, arguments), strict=True))
    restrain(limits)
    gc.disable()  # nothing here lives in circles, and the process is short
    output = Output(sys.stdout.buffer, limits)
    try:
        read(sys.stdin.buffer.read(limits["max_bytes"]), output)
        output.end()
    except Refused as refused:
        output.refuse(refused.code, refused.params)
    except MemoryError:
        output.refuse("memory", {"limit": limits["memory"] >> 20})
    except Exception as error:
        output.refuse("damaged", {"reason": describe(error)})


def restrain(limits):
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + GRACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def describe(error):
    """Kind and place of an unexpected error. Its message is left out: it may quote the file."""
    step = error.__traceback__
    while step.tb_next:
        step = step.tb_next
    return f"{type(error).__name__} at {basename(step.tb_frame.f_code.co_filename)}:{step.tb_lineno}"


def read(data, output):
    """Read a file, recognised by its content: names lie."""
    if data.startswith(b"PK"):
        read_archive(data, output)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        from . import xls

        xls.read(data, output)
    elif data.startswith(EARLY_EXCEL):
        raise Refused("other_spreadsheet", kind="Excel 4.0")
    elif data.startswith(OTHER_FILES):
        raise Refused("not_a_spreadsheet")
    else:
        read_text(data, output)


def read_archive(data, output):
    from .archive import Archive

    archive = Archive(data, output.limits)
    kind = b"".join(archive.chunks("mimetype"))[:100] if "mimetype" in archive else b""
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        from . import ods

        ods.read(archive, output)
    else:
        from . import xlsx

        xlsx.read(archive, output)


def read_text(data, output):
    from . import text

    if not data.strip(b"\0 \t\r\n"):
        raise Refused("empty")
    content, encoding = text.decode(data)
    start = content[:4000].lstrip().lower()
    if start.startswith("<") or start.startswith("mime-version:"):
        refuse_markup(start)
    text.read(content, encoding, output)


def refuse_markup(start):
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise Refused("other_spreadsheet", kind="XML 2003")
    if "urn:oasis:names:tc:opendocument" in start:
        raise Refused("other_spreadsheet", kind=".fods")
    if start.startswith("mime-version:") or any(mark in start for mark in HTML_MARKS):
        raise Refused("html")
    raise Refused("not_a_spreadsheet")
