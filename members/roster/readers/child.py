"""The child process: set the limits, find out what the file is, read it, say how it went."""

import sys

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


def main(arguments):
    """Read the file on standard input and write lines of JSON to standard output."""
    limits = dict(zip(LIMITS, map(int, arguments), strict=True))
    restrain(limits)
    output = Output(sys.stdout.buffer, limits)
    try:
        read(sys.stdin.buffer.read(limits["max_bytes"]), output)
        output.end()
    except Refused as refused:
        output.send("refused", refused.code, refused.params)
    except MemoryError:
        output.send("refused", "memory", {"limit": limits["memory"] >> 20})
    except Exception as error:
        output.send("refused", "damaged", {"reason": repr(error)[:500]})


def restrain(limits):
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data, output):
    if data.startswith(b"PK"):
        from .archive import Archive
        from .xlsx import read

        read(Archive(data, output.limits), output)
    else:
        from .text import read

        read(data, output)
