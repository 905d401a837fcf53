from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import model_to_dict
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.bodies.forms import (
    AppointForm,
    AppointmentForm,
    BodyForm,
    DissolveForm,
    EndForm,
    SeenBodyForm,
    TermChangeForm,
    TermEndForm,
    TermForm,
    VoidForm,
)
from organizations.bodies.lists import BodyFilter, fill, in_tree_order
from organizations.bodies.page import BodyPage
from organizations.frame import EDIT, body_in_sight, posted, render_page, to_write
from organizations.models import Appointment, Body, Term

BODIES_A_PAGE = 100

may_view = permission_required("organizations.view_body", raise_exception=True)


@may_view
def bodies(request):
    """The bodies in sight, in the order of the tree, as they stand today."""
    day = timezone.localdate()
    form = BodyFilter(request.GET, rights=request.user.rights)
    seen = Body.objects.visible_to(request.user).select_related("association")
    page = Paginator(in_tree_order(form.narrowed(seen, day)), BODIES_A_PAGE).get_page(request.GET.get("page"))
    fill(page.object_list, day)
    context = {
        "title": _("Bodies"),
        "form": form,
        "page": page,
        "day": day,
        "is_asked": any(request.GET.get(name) for name in form.fields),
        "may_establish": request.user.has_perm("organizations.add_body")
        and bool(request.user.rights.associations_for(EDIT)),
    }
    return render_page(request, "organizations/bodies.html", context)


@may_view
def body(request, pk):
    """One body on a day, to read first."""
    page = BodyPage(request, body_in_sight(request, pk))
    return render_page(request, "organizations/body_detail.html", {"title": str(page.body), **page.context()})


# -- what is written


def change_page(request, form, *, title, body=None, row=None, is_grave=False):
    """The page of `form`; once it is done, back to the page of the body with the sentence of what was done.

    `row` is the term or appointment it is about; `is_grave` marks the button.
    """
    if request.method == "POST" and form.is_valid() and form.attempt():
        messages.success(request, form.done)
        if getattr(form, "doubt", ""):
            messages.warning(request, form.doubt)
        return redirect(body or form.result)
    context = {
        "form": form,
        "body": body,
        "row": row,
        "title": title,
        "is_grave": is_grave,
        "may_void": isinstance(row, Appointment) and not is_grave,
    }
    return render_page(request, "organizations/body_form.html", context, status=422 if form.errors else 200)


BODIES = Body.objects.select_related("association")
TERMS = Term.objects.select_related("body")
APPOINTMENTS = Appointment.objects.select_related("body", "post", "term", "member")


@permission_required("organizations.add_body", raise_exception=True)
def body_new(request):
    form = BodyForm(posted(request), user=request.user)
    return change_page(request, form, title=_("Establish a body"))


@transaction.atomic
def body_edit(request, pk):
    body = to_write(request, BODIES, pk)
    form = SeenBodyForm(posted(request), instance=body, row=body, user=request.user)
    return change_page(request, form, body=body, title=_("Edit the body"))


@transaction.atomic
def body_dissolve(request, pk):
    body = to_write(request, BODIES, pk)
    if not request.user.rights.may(EDIT, body.association_id):
        raise PermissionDenied
    form = DissolveForm(posted(request), row=body)
    return change_page(request, form, body=body, title=_("Dissolve the body"), is_grave=True)


@transaction.atomic
def term_new(request, pk):
    body = to_write(request, BODIES, pk)
    if not body.has_terms:
        raise Http404
    form = TermForm(posted(request), body=body)
    return change_page(request, form, body=body, title=_("Enter a term"))


@transaction.atomic
def term_edit(request, pk):
    term = to_write(request, TERMS, pk)
    form = TermChangeForm(posted(request), row=term, initial=model_to_dict(term))
    return change_page(request, form, body=term.body, row=term, title=_("Correct the term"))


@transaction.atomic
def term_end(request, pk):
    term = to_write(request, TERMS, pk)
    form = TermEndForm(posted(request), row=term)
    return change_page(request, form, body=term.body, row=term, title=_("End the term"))


@transaction.atomic
def appoint(request, pk):
    """Give a post of the body to one member or several."""
    body = to_write(request, BODIES, pk)
    asked = {"post": request.GET.get("post"), "starts_on": timezone.localdate()}
    form = AppointForm(posted(request), body=body, user=request.user, initial=asked)
    return change_page(request, form, body=body, title=_("Appoint"))


@transaction.atomic
def appointment_edit(request, pk):
    row = to_write(request, APPOINTMENTS.valid(), pk)
    form = AppointmentForm(posted(request), row=row, initial=model_to_dict(row))
    return change_page(request, form, body=row.body, row=row, title=_("Correct the appointment"))


@transaction.atomic
def appointment_end(request, pk):
    row = to_write(request, APPOINTMENTS.valid(), pk)
    asked = {name: request.GET[name] for name in ("ends_on", "end_reason") if name in request.GET}
    form = EndForm(posted(request), row=row, initial={"ends_on": timezone.localdate(), **asked})
    return change_page(request, form, body=row.body, row=row, title=_("End the appointment"))


@transaction.atomic
def appointment_void(request, pk):
    row = to_write(request, APPOINTMENTS.valid(), pk)
    form = VoidForm(posted(request), row=row)
    title = _("Void the appointment")
    return change_page(request, form, body=row.body, row=row, title=title, is_grave=True)
