"""Pages where an association sees the templates of its papers and puts its own in their place."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.admin.scoped import EDIT, MANAGE
from organizations.frame import posted, render_page
from organizations.models import Association, PaperTemplate
from organizations.papers import making
from organizations.papers.forms import TemplateForm
from organizations.papers.kinds import KINDS
from organizations.papers.making import NotMade
from organizations.papers.offers import SOURCES, page_of
from organizations.papers.templates import (
    content_of,
    keep_template,
    log_paper,
    make_paper,
    template_in_use,
    use_template,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"

may_see = permission_required("organizations.view_papertemplate", raise_exception=True)


def file_response(content, name):
    """The file as an attachment of that name; a browser must not take it for anything else."""
    response = HttpResponse(content, content_type=PDF if name.endswith(".pdf") else DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@may_see
def papers(request):
    """The kinds of papers, and with which templates each association makes them."""
    associations = Association.objects.where_may(request.user, EDIT)
    in_use = {
        (template.association_id, template.kind): template
        for template in PaperTemplate.objects.filter(association__in=associations, is_in_use=True)
    }
    rows = [
        (association, [(kind, in_use.get((association.pk, kind.key))) for kind in KINDS.values()])
        for association in associations
    ]
    return render_page(
        request, "organizations/papers.html", {"title": _("Paper templates"), "associations": rows}
    )


@may_see
def paper(request, association_pk, kind):
    """One kind of paper: its fields, its templates, and the form that takes another one."""
    association, found = _paper(request, association_pk, kind)
    may_change = _may_change(request, association)
    form = TemplateForm(kind=kind)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        form = TemplateForm(
            request.POST, request.FILES, kind=kind, no_room_for=getattr(request, "no_room_for", "")
        )
        if form.is_valid():
            name, content = form.cleaned_data["file"]
            keep_template(association, kind=kind, content=content, file_name=name, actor=request.user)
            messages.success(request, _("The template was checked and kept. Try it, then take it into use."))
            return redirect("organizations:paper", association.pk, kind)
    context = {
        "title": found.label,
        "association": association,
        "kind": found,
        "form": form,
        "may_change": may_change,
        "templates": association.paper_templates.filter(kind=kind).select_related("uploaded_by"),
        "in_use": template_in_use(association, kind),
        "has_pdf": making.pdf_is_there(),
    }
    return render_page(request, "organizations/paper.html", context, status=422 if form.errors else 200)


@may_see
@require_POST
def use(request, association_pk, kind):
    """Take the template named in the form into use, or the default one."""
    association, found = _paper(request, association_pk, kind)
    if not _may_change(request, association):
        raise PermissionDenied
    template = _template(association, kind, request.POST.get("template", ""))
    use_template(association, kind, template)
    name = template.file_name if template else _("the default template")
    messages.success(
        request, _("{paper}: made with {name} from now on.").format(paper=found.label, name=name)
    )
    return redirect("organizations:paper", association.pk, kind)


@may_see
def template_file(request, association_pk, kind):
    """The .docx of a template (`?template=`), of the default one without."""
    association, found = _paper(request, association_pk, kind)
    template = _template(association, kind, request.GET.get("template", ""))
    try:
        content = content_of(template) or making.default_template(kind)
    except NotMade as error:
        return _back_with(request, association, kind, error)
    return file_response(content, template.file_name if template else f"{found.name}模板.docx")


@may_see
def sample(request, association_pk, kind, form):
    """A template filled with made-up data, as .docx or PDF."""
    association, found = _paper(request, association_pk, kind)
    if form not in ("docx", "pdf") or (form == "pdf" and not making.pdf_is_there()):
        raise Http404
    try:
        template = content_of(_template(association, kind, request.GET.get("template", "")))
        made = making.make(kind, found.sample, template=template, as_pdf=form == "pdf")
    except NotMade as error:
        return _back_with(request, association, kind, error)
    return file_response(made.content, f"{found.name}示例.{form}")


@permission_required("organizations.view_body", raise_exception=True)
def make(request, source, pk, kind):
    """Make a paper of a record: what is asked for, then the file, which is logged if members' fields stand in it."""
    if source not in SOURCES or kind not in SOURCES[source].makers:
        raise Http404
    maker, found = SOURCES[source].makers[kind], KINDS[kind]
    record = get_object_or_404(SOURCES[source].rows(request.user), pk=pk)
    data = posted(request)
    form = maker.form(data, initial=request.GET.dict(), kind=found, record=record, user=request.user)
    if form.is_valid():
        as_pdf = request.POST.get("as") == "pdf" and making.pdf_is_there()
        filled = maker.fill(record, request.user, form.cleaned_data)
        try:
            made = make_paper(filled.association, kind, filled.context, as_pdf=as_pdf)
        except NotMade as error:
            form.add_error(None, str(error))
        else:
            body = SOURCES[source].body(record)
            return _handed_out(request, body, found, filled, made, form, "pdf" if as_pdf else "docx")
    address, label = SOURCES[source].place
    context = {
        "title": found.label,
        "record": record,
        "place": {"address": reverse(address), "label": label},
        "back": page_of(record),
        "form": form,
        "has_pdf": making.pdf_is_there(),
    }
    return render_page(request, "organizations/paper_make.html", context, status=422 if form.errors else 200)


def _handed_out(request, body, kind, filled, made, form, ending):
    if made.remarks:
        messages.warning(request, " ".join(map(str, made.remarks)))
    if filled.count:
        log_paper(
            kind,
            filled,
            actor=request.user,
            file_format=ending,
            body=body,
            reason=form.cleaned_data.get("reason", ""),
            identity=form.cleaned_data.get("identity", False),
        )
    return file_response(made.content, f"{filled.title}{kind.name}.{ending}")


def _paper(request, association_pk, kind):
    """(association, PaperKind), 404 for what the user has no business with."""
    if kind not in KINDS:
        raise Http404
    association = get_object_or_404(Association.objects.where_may(request.user, EDIT), pk=association_pk)
    return association, KINDS[kind]


def _may_change(request, association):
    return request.user.has_perm("organizations.change_papertemplate") and request.user.rights.may(
        MANAGE, association.pk
    )


def _template(association, kind, key):
    """The template with that key, None for the default one ("")."""
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(association.paper_templates, kind=kind, pk=key)


def _back_with(request, association, kind, error):
    messages.error(request, str(error))
    return redirect("organizations:paper", association.pk, kind)
