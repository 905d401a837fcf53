"""The child process: makes one paper, or checks one template, within limits of memory and time.

A line of JSON on standard input says what to do, the template follows; a line of JSON on standard output says how it
went, the paper follows.
"""

import base64
import importlib
import json
import sys

GRACE = 5
"""Seconds between the signal that says the time is up and the one that cannot be ignored."""


def main(seconds, memory):
    restrain(int(seconds), int(memory))
    task, content = read(sys.stdin.buffer)
    answer, made = TASKS[task.pop("do")](content, **task)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)


def read(stream):
    line, _newline, content = stream.read().partition(b"\n")
    return json.loads(line), content


def restrain(seconds, memory):
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock remains
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + GRACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def default(_content, *, kind, builder):
    """The default template of the kind, by the function that `builder` names, "" for ours."""
    if builder:
        module, _dot, name = builder.rpartition(".")
        return {}, getattr(importlib.import_module(module), name)()
    from organizations.papers.defaults import DEFAULTS

    return {}, DEFAULTS[kind]()


def check(content, *, fields, sample):
    from organizations.papers.checking import check

    return {"problems": check(content, fields, sample)}, b""


def render(content, *, kind, builder, context, as_pdf, title, fonts):
    """Fill the template, or the default one of the kind if `content` is empty."""
    from organizations.papers.rendering import render

    template = content or default(b"", kind=kind, builder=builder)[1]
    paper = render(template, context)
    if not as_pdf:
        return {"notes": []}, paper
    return pdf(paper, title=title, fonts=fonts)


def pdf(content, *, title, fonts):
    from organizations.papers.drawing import to_pdf

    drawn, notes = to_pdf(content, title=title, fonts=fonts)
    return {"notes": sorted(notes)}, drawn


def draw(content, *, data, files, fonts):
    """Draw with the typst program `content`: beside it data.json and `files` {name: base64}."""
    from organizations.papers.drawing import typeset

    beside = {name: base64.b64decode(part) for name, part in files.items()}
    beside["data.json"] = json.dumps(data, ensure_ascii=False).encode()
    return {"notes": []}, typeset(content, beside, fonts=fonts)


TASKS = {"default": default, "check": check, "render": render, "pdf": pdf, "draw": draw}

if __name__ == "__main__":
    main(*sys.argv[1:])
