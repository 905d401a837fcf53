"""Whether an uploaded template can become a paper: a .docx, within its limits, with tags and fields that we know.

`check` returns problems as {"code", "place", "text", "name"}: a key of templates.PROBLEMS, where it stands (kind of
place and numbers), the tag as written, the unknown name.
"""

import io
import re
import zipfile
from difflib import get_close_matches

from docx import Document
from jinja2 import TemplateSyntaxError, nodes

from organizations.papers.ooxml import local_name
from organizations.papers.rendering import environment, render

MAX_PARTS = 1_000
MAX_UNPACKED = 60 * 2**20
MOST_PROBLEMS = 20
TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
BLOCK = re.compile(r"\{%-?\s*(?:(tr|tc|p|r)\s+)?(\w+)")
OPENERS = {"for": "endfor", "if": "endif"}
KNOWN_TAGS = {"for", "endfor", "if", "elif", "else", "endif"}
WIDE = re.compile(r"[｛｝]|\{｛|｛\{")
# The parts of Jinja's language that a paper needs; no calls, no arithmetic that could grow
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Const,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.CondExpr, nodes.Concat,
)  # fmt: skip
LOOP = dict.fromkeys(("index", "index0", "first", "last", "length", "revindex"))


class Refused(Exception):
    """The file cannot be used; `problem` says why."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.problem = {"code": code, **params}


def check(content, fields, sample):
    """[problem] of the template `content` for the schema `fields`, tried with the context `sample`."""
    try:
        document = opened(content)
        tags = list(_tags(document))
        problems = [*_problems_of_tags(tags), *_unbalanced(tags)]
        problems = problems or list(_unknown(tags, fields))
        if problems:
            return problems[:MOST_PROBLEMS]
        _try(content, sample)
    except Refused as refused:
        return [refused.problem]
    return []


def opened(content):
    """The docx.Document in `content`; raises Refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except Exception as error:
        raise Refused("not_docx") from error
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise Refused("too_large_unpacked", limit=MAX_UNPACKED >> 20)
    names = {info.filename for info in infos}
    if "word/document.xml" not in names:
        raise Refused("not_docx")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    try:
        return Document(io.BytesIO(content))
    except Exception as error:
        raise Refused("not_docx") from error


def _tags(document):
    """(place, tag, text around it) in the order of the document, header and footer after the body."""
    yield from _in_blocks(document.element.body, "body")
    seen = set()
    for section in document.sections:
        for kind, part in (
            ("header", section.header), ("footer", section.footer),
            ("header", section.first_page_header), ("footer", section.first_page_footer),
        ):  # fmt: skip
            if not part.is_linked_to_previous and part._element not in seen:
                seen.add(part._element)
                yield from _in_blocks(part._element, kind)


def _in_blocks(element, room):
    """As `_tags`, of the paragraphs and tables below `element`."""
    paragraphs = tables = 0
    for each in element:
        name = local_name(each)
        if name == "p":
            paragraphs += 1
            yield from _in_paragraph(each, [room, "paragraph", paragraphs])
        elif name == "tbl":
            tables += 1
            for y, row in enumerate((row for row in each if local_name(row) == "tr"), 1):
                for paragraph in row.iter():
                    if local_name(paragraph) == "p":
                        yield from _in_paragraph(paragraph, [room, "table", tables, y])
        elif name in ("sdt", "sdtContent", "ins"):
            yield from _in_blocks(each, room)


def _in_paragraph(paragraph, place):
    text = "".join(each.text or "" for each in paragraph.iter() if local_name(each) == "t")
    for match in TAG.finditer(text):
        yield place, match[0], text
    rest = TAG.sub("", text)
    if WIDE.search(rest):
        yield place, None, text
    elif "{{" in rest or "}}" in rest or "{%" in rest or "%}" in rest:
        yield place, "", text


def _problem(code, place, text, **params):
    return {"code": code, "place": place, "text": text[:60], **params}


def plain_tag(tag):
    """The tag as Jinja reads it: without docxtpl's letters for row and paragraph, with straight quotes."""
    tag = re.sub(r"^(\{%-?)\s*(?:tr|tc|p|r)\s", r"\1 ", tag)
    return tag.translate(dict.fromkeys(map(ord, "“”‘’"), '"'))


def _problems_of_tags(tags):
    for place, tag, text in tags:
        if tag is None:
            yield _problem("wide_braces", place, text)
        elif tag == "":
            yield _problem("open_braces", place, text)
        elif tag.startswith("{%"):
            name = BLOCK.match(tag)
            if name is None or name[2] not in KNOWN_TAGS:
                yield _problem("unknown_tag", place, tag)
        elif tag.startswith("{{") and re.match(r"\{\{-?(?:tr|tc|p|r)\s", tag):
            yield _problem("unknown_tag", place, tag)


def _unbalanced(tags):
    """A for or if without its end, an end without its beginning."""
    open_tags = []
    for place, tag, _text in tags:
        match = BLOCK.match(tag or "")
        if not match:
            continue
        letter, name = match[1], match[2]
        if name in OPENERS:
            open_tags.append((place, tag, letter, name))
        elif name in OPENERS.values():
            if not open_tags or OPENERS[open_tags[-1][3]] != name:
                yield _problem("unopened", place, tag)
                return
            _place, opener, opener_letter, _name = open_tags.pop()
            if opener_letter != letter:
                yield _problem("other_letter", place, tag, opener=opener)
        elif name in ("else", "elif") and not open_tags:
            yield _problem("unopened", place, tag)
            return
    for place, tag, _letter, name in open_tags:
        yield _problem("unclosed", place, tag, closer=OPENERS[name])


def _unknown(tags, fields):
    """Fields that are none of the paper's, and expressions that are not understood."""
    jinja = environment()
    scopes = [fields]
    for place, tag, _text in tags:
        if not tag or tag.startswith("{#"):
            continue
        name = BLOCK.match(tag)[2] if tag.startswith("{%") else ""
        if name in OPENERS.values():
            scopes.pop()
            continue
        if name == "else":
            continue
        source = plain_tag(tag)
        if name == "elif":
            source = source.replace("elif", "if", 1)
        if name:
            source += f"{{% {OPENERS.get(name, 'endif')} %}}"
        try:
            parsed = jinja.parse(source)
        except TemplateSyntaxError:
            yield _problem("syntax", place, tag)
            if name in OPENERS:
                scopes.append(scopes[-1])
            continue
        yield from _unknown_in(parsed, place, tag, scopes[-1])
        if name in OPENERS:
            scopes.append(_inside(parsed.body[0], scopes[-1]))


def _inside(node, scope):
    """The names known inside a for or an if."""
    if not isinstance(node, nodes.For) or not isinstance(node.target, nodes.Name):
        return scope
    return {**scope, node.target.name: _schema_of(node.iter, scope) or {}, "loop": LOOP}


def _schema_of(node, scope):
    """What is known of an expression: {name: …} of a row, None of a text, KeyError of what there is not."""
    if isinstance(node, nodes.Name):
        return scope[node.name]
    if isinstance(node, nodes.Getattr):
        return (_schema_of(node.node, scope) or {})[node.attr]
    if isinstance(node, nodes.Filter) and node.node is not None:
        _schema_of(node.node, scope)
    return None


def _unknown_in(parsed, place, tag, scope):
    for node in parsed.find_all(nodes.Node):
        if not isinstance(node, ALLOWED):
            yield _problem("not_allowed", place, tag)
            return
        if isinstance(node, nodes.Filter) and node.name not in environment().filters:
            yield _problem("unknown_filter", place, tag, name=node.name)
            return
    statement = parsed.body[0] if parsed.body else None
    if isinstance(statement, nodes.For):
        if not isinstance(statement.target, nodes.Name) or statement.recursive or statement.test:
            yield _problem("not_allowed", place, tag)
            return
        expressions = [statement.iter]
    elif isinstance(statement, nodes.If):
        expressions = [statement.test]
    else:
        expressions = parsed.body
    seen = set()
    for expression in expressions:
        for name in _unknown_names(expression, scope):
            if name not in seen:
                seen.add(name)
                yield _problem("unknown_field", place, tag, name=name, similar=_similar(name, scope))
    if isinstance(statement, nodes.For) and not seen and _schema_of(statement.iter, scope) is None:
        yield _problem("no_list", place, tag, name=written(statement.iter))


def _similar(name, scope):
    """The known name most like an unknown one, "" if none is."""
    row, _dot, last = name.rpartition(".")
    known = (scope.get(row) or {}) if row else scope
    close = get_close_matches(last, known, n=1, cutoff=0.5)
    return (f"{row}.{close[0]}" if row else close[0]) if close else ""


def _unknown_names(node, scope):
    if isinstance(node, nodes.Name | nodes.Getattr):
        try:
            _schema_of(node, scope)
        except KeyError:
            yield written(node)
        return
    for each in node.iter_child_nodes():
        yield from _unknown_names(each, scope)


def written(node):
    """A name as in the template: 人.姓名."""
    if isinstance(node, nodes.Getattr):
        return f"{written(node.node)}.{node.attr}"
    return getattr(node, "name", "…")


def _try(content, sample):
    """Fill it once: what the checks of single tags cannot see, a row's tag outside a table for one, shows here."""
    try:
        opened(render(content, sample))
    except Refused:
        raise Refused("does_not_render", text="") from None
    except Exception as error:
        raise Refused("does_not_render", text=str(error)[:120]) from error
