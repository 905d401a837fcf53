"""Templates of an association: checked, kept in private storage, tried, taken into use, left again."""

import hashlib
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Action, Association, PaperTemplate
from organizations.papers import making
from organizations.papers.contexts.common import IDENTITY_HEADING, headings
from organizations.papers.making import NotMade

# Why a template is refused, by the codes of checking.py
PROBLEMS = {
    "not_docx": gettext_lazy(
        "This is no .docx file that can be opened. Save it in Word or WPS as .docx and choose it again."
    ),
    "too_large_unpacked": gettext_lazy(
        "Unpacked, the file would be larger than {limit} MB. Make its pictures smaller."
    ),
    "macros": gettext_lazy("The file holds macros. Save it as .docx without macros."),
    "wide_braces": gettext_lazy("“{text}”: write the braces of a field in half width, {{{{ and }}}}."),
    "open_braces": gettext_lazy("“{text}”: a brace is missing. A field begins with {{{{ and ends with }}}}."),
    "unknown_tag": gettext_lazy("“{text}” is not known. Beside fields there are only for and if."),
    "unopened": gettext_lazy("“{text}” ends what does not begin."),
    "unclosed": gettext_lazy("“{text}” has no end: {{% {closer} %}} is missing."),
    "other_letter": gettext_lazy(
        "“{text}” must begin like “{opener}”: both with tr (rows), both with p (paragraphs), or neither."
    ),
    "syntax": gettext_lazy("“{text}” cannot be understood."),
    "not_allowed": gettext_lazy("“{text}” is more than a template may do: use fields, for and if only."),
    "unknown_filter": gettext_lazy("“{text}”: there is no “{name}” after the bar."),
    "unknown_field": gettext_lazy("“{text}”: this paper has no field “{name}”."),
    "similar_field": gettext_lazy("“{text}”: this paper has no field “{name}”. Did you mean “{similar}”?"),
    "no_list": gettext_lazy("“{text}”: “{name}” is no list, so there are no rows to go through."),
    "does_not_render": gettext_lazy(
        "The template cannot be filled. Rows are repeated by {{%tr … %}} in rows of their own inside a table, "
        "paragraphs by {{%p … %}} in paragraphs of their own."
    ),
}
# Where it stands: part of the document and what the numbers count
PLACES = {
    ("body", "paragraph"): gettext_lazy("Paragraph {0}"),
    ("body", "table"): gettext_lazy("Table {0}, row {1}"),
    ("header", "paragraph"): gettext_lazy("Header, paragraph {0}"),
    ("header", "table"): gettext_lazy("Header, table {0}, row {1}"),
    ("footer", "paragraph"): gettext_lazy("Footer, paragraph {0}"),
    ("footer", "table"): gettext_lazy("Footer, table {0}, row {1}"),
}


def sentence(problem):
    """A problem that checking.py found, for people: where, what, what to do."""
    code = "similar_field" if problem.get("similar") else problem["code"]
    text = PROBLEMS[code].format(**{"text": "", "name": ""} | problem)
    if "place" not in problem:
        return text
    room, kind, *numbers = problem["place"]
    return _("{place}: {text}").format(place=PLACES[room, kind].format(*numbers), text=text)


def check_template(kind, content):
    """Raises ValidationError with a sentence for each thing wrong with the .docx `content` for the kind."""
    if len(content) > settings.PAPER_MAX_BYTES:
        raise ValidationError(
            _("The file is larger than {size} MB. Make its pictures smaller.").format(
                size=settings.PAPER_MAX_BYTES >> 20
            )
        )
    try:
        problems = making.problems_of(kind, content)
    except NotMade as error:
        raise ValidationError(str(error)) from error
    if problems:
        raise ValidationError([sentence(problem) for problem in problems])


def keep_template(association, *, kind, content, file_name, actor):
    """Keep the checked .docx `content` as a template of `association`, not yet in use; return it.

    The same file again is the template that is there already.
    """
    digest = hashlib.sha256(content).hexdigest()
    there = association.paper_templates.filter(kind=kind, digest=digest).first()
    if there:
        return there
    name = default_storage.save(f"papers/{secrets.token_hex(16)}.docx", ContentFile(content))
    try:
        with transaction.atomic():
            return PaperTemplate.objects.create(
                association=association,
                kind=kind,
                file_name=file_name[-255:],
                stored_as=name,
                digest=digest,
                uploaded_by=actor,
            )
    except IntegrityError:
        # two uploads of the same file at the same moment
        default_storage.delete(name)
        return association.paper_templates.get(kind=kind, digest=digest)
    except BaseException:
        default_storage.delete(name)
        raise


@transaction.atomic
def use_template(association, kind, template):
    """Papers of the kind are made with `template` from now on; with the default one if it is None."""
    # lock first: of two at once one must be in use in the end
    Association.objects.select_for_update(of=("self",)).get(pk=association.pk)
    for other in association.paper_templates.filter(kind=kind, is_in_use=True).exclude(
        pk=template and template.pk
    ):
        other.is_in_use = False
        other.save(update_fields=["is_in_use"])
    if template is not None and not template.is_in_use:
        template.is_in_use = True
        template.save(update_fields=["is_in_use"])


def template_in_use(association, kind):
    """The PaperTemplate with which papers of the kind are made, None for the default one."""
    return association.paper_templates.filter(kind=kind, is_in_use=True).first()


def content_of(template):
    """The .docx of a PaperTemplate; b"" for None, by which the default one is meant. Raises NotMade if it is gone."""
    if template is None:
        return b""
    try:
        with default_storage.open(template.stored_as) as file:
            return file.read()
    except FileNotFoundError:
        raise NotMade(
            _("The file of the template is no longer there. Go back to the default template.")
        ) from None


def make_paper(association, kind, context, *, as_pdf=False):
    """The `making.Paper` of the kind with the template of `association`, filled with `context`. Raises NotMade."""
    template = content_of(template_in_use(association, kind))
    return making.make(kind, context, template=template, as_pdf=as_pdf)


@transaction.atomic
def log_paper(kind, filled, *, actor, file_format, body=None, reason="", identity=False):
    """Note in the log of exports that `actor` took a paper of the PaperKind with members' fields in it (design §7)."""
    action = Action.objects.create(
        kind=Action.Kind.EXPORT,
        actor=actor,
        association=filled.association,
        details={
            "paper": kind.name,
            "fields": [heading for heading in headings(kind.key) if identity or heading != IDENTITY_HEADING],
            "filter": filled.title,
            "count": filled.count,
            "format": file_format,
            "reason": reason,
            "identity": identity,
            # who may not see the people of the body is not told of its papers either
            **({"body": body} if body else {}),
        },
    )
    # who is in it is kept in a table of the members' app, reached by its relation
    action.disclosed.note(action, filled.members)
