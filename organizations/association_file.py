"""The file of an association: founding, registration, milestones, what it has filed and what is due."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.filings import waiting
from organizations.frame import EDIT, render_page
from organizations.models import Association, indented

FILED_LISTED = 12
# what of an association the file shows, in this order
FACTS = (
    "name", "short_name", "level", "parent", "region_code", "credit_code", "supervising_authority", "registry",
    "founded_on", "registered_on", "term_started_on",
)  # fmt: skip

may_read = permission_required("organizations.view_filing", raise_exception=True)


@may_read
def files(request):
    """The associations in sight to choose from; the file itself where there is one only."""
    rows = list(Association.objects.visible_to(request.user))
    if len(rows) == 1:
        return file(request, rows[0].pk)
    context = {"title": _("Association file"), "associations": indented(rows)}
    return render_page(request, "organizations/files.html", context)


@may_read
def file(request, pk):
    rows = Association.objects.visible_to(request.user).select_related("parent")
    association = get_object_or_404(rows, pk=pk)
    day = timezone.localdate()
    may_edit = request.user.rights.may(EDIT, association.pk)
    filings = association.filings.visible_to(request.user).select_related("term__body")
    done = filings.exclude(filed_on=None).order_by("-filed_on", "-pk")
    context = {
        "title": association.name,
        "association": association,
        "facts": [(capfirst(label_of(name)), value_of(association, name)) for name in FACTS],
        "milestones": association.milestones.all(),
        "waiting": filing_entries(waiting(request.user, [association], day), day, may_edit=may_edit),
        "later": filing_entries(
            [each for each in filings.open() if not each.due_on or each.due_on > day], day, may_edit=may_edit
        ),
        "filed": done[:FILED_LISTED],
        "filed_count": done.count(),
        "day": day,
        "may_edit": may_edit,
        "may_change": request.user.rights.may("manage", association.pk),
    }
    return render_page(request, "organizations/file.html", context)


def label_of(name):
    return Association._meta.get_field(name).verbose_name


def value_of(association, name):
    display = getattr(association, f"get_{name}_display", None)
    return display() if display else getattr(association, name)


def filing_entries(filings, day, *, may_edit):
    """[{"filing", "is_late", "address"}] of `filings` for a page: where to edit each, or to list it in the first place.

    The address is "" for who may not edit.
    """
    return [
        {
            "filing": filing,
            "is_late": filing.is_overdue_on(day),
            "address": _address(filing) if may_edit else "",
        }
        for filing in filings
    ]


def _address(filing):
    if filing.pk:
        return reverse("admin:organizations_filing_change", args=[filing.pk])
    known = {"association": filing.association_id, "kind": filing.kind, "year": filing.year, "term": filing.term_id,
             "due_on": filing.due_on}  # fmt: skip
    query = urlencode({name: value for name, value in known.items() if value})
    return f"{reverse('admin:organizations_filing_add')}?{query}"
