"""The workbench (工作台): the first page of the staff screens, what it shows to whom."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members.admin.imports import STATE, UNFINISHED
from members.codes import Category, Status
from members.filters import STILL_MEMBERS, Condition, Operator, list_address
from members.imports.views import IMPORT_PERMISSIONS
from members.models import ImportBatch
from members.queries import birthdays, last_changed, last_edited_by, member_figures, members_left
from members.rights import Ability, FieldClass
from members.waiting import waiting as waiting_for
from organizations.association_file import filing_entries
from organizations.charter.due import ending_terms
from organizations.charter.reading import report_for
from organizations.filings import waiting
from organizations.models import Appointment, Body, indented

RECENT = 10
IMPORTS_LISTED = 5
BIRTHDAYS_AHEAD, BIRTHDAYS_LISTED = 30, 10
DUE_LISTED = 6
FILINGS_LISTED, VACATED_LISTED = 5, 5
ASSOCIATION = "association"

ADMITTED = Condition("status", Operator.NOT, [Status.APPLIED])


def workbench(request):
    """What the page shows to the user of `request`: the context of its template.

    Raises Http404 where `?association=` names none in sight.
    """
    user, day = request.user, timezone.localdate()
    chosen = _chosen(request)
    scope = _scope(user, chosen)
    figures = member_figures(scope, user, day)
    context = {
        "title": _("Workbench"),
        "day": day,
        "places": _places(user),
        "chosen": chosen,
        "is_empty": not figures.registered,
        "may_add": _may(user, Ability.EDIT, scope, ["members.add_member"]),
        "may_import": _may(user, Ability.IMPORT, scope, IMPORT_PERMISSIONS),
        "reads_birthdays": bool(scope & user.rights.associations_showing(FieldClass.PERSONAL)),
    }
    if user.has_perm("organizations.view_charterrule"):
        context["charter"] = _charter(user, scope, figures, day)
    if context["may_import"]:
        context["imports"] = _open_imports(user, scope, chosen)
    if user.has_perm("organizations.change_filing") and "due" not in context.get("charter", {}):
        # where all that falls due is listed, filings are among it
        context["filings"] = _filings(user, scope, day)
    if not user.rights.associations:
        # whoever works in single bodies alone begins there
        context["own_bodies"] = Body.objects.visible_to(user).select_related("association")
    context["vacated"] = _vacated(user, scope, day)
    context["waiting"] = waiting_for(user, scope)
    if not context["is_empty"]:
        context |= _numbers(user, figures, members_left(scope, day), chosen, day)
        context |= {
            "edited": last_edited_by(user, scope, RECENT),
            "changed": last_changed(scope, RECENT),
        }
        if context["reads_birthdays"] and user.shows_birthdays:
            context["birthdays"] = _birthdays(user, scope, day)
    return context


@require_POST
def birthdays_switch(request):
    """Turn the list of birthdays on or off for oneself, and back to the workbench."""
    user = request.user
    if not user.is_staff:
        raise PermissionDenied
    user.shows_birthdays = request.POST.get("show") == "1"
    user.save(update_fields=["shows_birthdays"])
    chosen = request.POST.get(ASSOCIATION, "")
    query = f"?{ASSOCIATION}={chosen}" if chosen.isascii() and chosen.isdigit() else ""
    return redirect(f"{reverse('admin:index')}{query}#birthdays")


def _chosen(request):
    """The association that `?association=` names, None without one."""
    asked = request.GET.get(ASSOCIATION, "")
    if not asked:
        return None
    for association in request.user.rights.association_rows:
        if str(association.pk) == asked:
            return association
    raise Http404(_("There is no association “{value}” that you may read.").format(value=asked[:40]))


def _scope(user, chosen):
    """Ids of the associations the page is about: the one chosen and those below, or all in sight."""
    if chosen is None:
        return user.rights.associations
    rows = user.rights.association_rows
    return frozenset(row.pk for row in rows if row.path.startswith(chosen.path))


def _places(user):
    """[(id, name)] to choose from, indented as the tree is; nothing where there is no choice."""
    rows = user.rights.association_rows
    return [(row.pk, name) for row, name in indented(rows)] if len(rows) > 1 else []


def _may(user, ability, scope, permissions):
    return bool(scope & user.rights.associations_for(ability)) and user.has_perms(permissions)


def _numbers(user, figures, left, chosen, day):
    """The figures, each with the address of the list of those it counts, "" where there is no such list."""

    def listed(*conditions):
        place = [Condition("association", Operator.IS, [chosen.pk])] if chosen else []
        return list_address(*conditions, *place)

    def in_category(value):
        has = (
            Condition("category", Operator.IS, [value]) if value else Condition("category", Operator.MISSING)
        )
        return listed(has, STILL_MEMBERS)

    def joined_in(year):
        return listed(Condition("joined", Operator.IS, [f"{year:04}"]), ADMITTED)

    missing = []
    if user.rights.associations_showing(FieldClass.CONTACT):
        said = ngettext(
            "{count} member has no mobile number.",
            "{count} members have no mobile number.",
            figures.without_mobile,
        )
        # counted where the reader reads it, but a list may be asked for it only by who reads it everywhere
        is_listed = user.rights.may_search("mobile")
        address = listed(Condition("mobile", Operator.MISSING), STILL_MEMBERS) if is_listed else ""
        missing.append((figures.without_mobile, said, address))
    said = ngettext(
        "{count} member has no category.", "{count} members have no category.", figures.in_force[""]
    )
    missing.append((figures.in_force[""], said, in_category("")))
    return {
        "categories": [
            {
                "label": Category(value).label if value else "",
                "count": count,
                "address": in_category(value),
                "share": 100 * count // figures.total if figures.total else 0,
            }
            for value, count in figures.in_force.items()
        ],
        "total": {"count": figures.total, "address": listed(STILL_MEMBERS)},
        "joined": {"count": figures.joined, "address": joined_in(day.year)},
        "joined_last_year": {"count": figures.joined_last_year, "address": joined_in(day.year - 1)},
        "left": left[0],
        "left_last_year": left[1],
        "missing": [
            {"text": said.format(count=count), "address": address}
            for count, said, address in missing
            if count
        ],
    }


def _open_imports(user, scope, chosen):
    """The previews that wait for somebody, latest first, and the way to all imports to come back to."""
    batches = ImportBatch.objects.visible_to(user).filter(association__in=scope)
    previews = batches.filter(state=ImportBatch.State.PREVIEWED).select_related("association")
    found = list(previews.defer("sheets", "look")[:IMPORTS_LISTED])
    listed = [
        {
            "batch": batch,
            "ready": batch.ready,
            "question": batch.counts["question"],
            "doubtful": batch.counts["doubtful"],
        }
        for batch in found
    ]
    unfinished = batches.unfinished().count()
    query = {STATE: UNFINISHED} | ({ASSOCIATION: chosen.pk} if chosen else {})
    more = f"{reverse('admin:members_importbatch_changelist')}?{urlencode(query)}"
    return {"listed": listed, "unfinished": unfinished, "more": more if unfinished > len(found) else ""}


def _filings(user, scope, day):
    """What the associations in which the user works have to file soon, or should have filed, the longest due first."""
    places = scope & user.rights.associations_for(Ability.EDIT)
    rows = [row for row in user.rights.association_rows if row.pk in places]
    found = waiting(user, rows, day)
    return {
        "listed": filing_entries(found[:FILINGS_LISTED], day, may_edit=True),
        "more": len(found) > FILINGS_LISTED,
    }


def _vacated(user, scope, day):
    """Appointments that nobody has ended though the member left, in bodies in which the user may record the end."""
    bodies = Body.objects.where_may(user, Ability.EDIT)
    if scope != user.rights.associations:
        bodies = bodies.filter(association__in=scope)
    left = Appointment.objects.left_open_on(day).filter(body__in=bodies)
    return left.select_related("member", "post", "body").order_by("-pk")[:VACATED_LISTED]


def _birthdays(user, scope, day):
    readable = scope & user.rights.associations_showing(FieldClass.PERSONAL)
    found = birthdays(readable, day, BIRTHDAYS_AHEAD, BIRTHDAYS_LISTED + 1)
    return {"listed": found[:BIRTHDAYS_LISTED], "has_more": len(found) > BIRTHDAYS_LISTED}


def _charter(user, scope, figures, day):
    """What the check against the charter says and what falls due; of several associations the ends of terms alone.

    {} where no body has been entered yet.
    """
    if not Body.objects.filter(association__in=scope).exists():
        return {}
    if len(scope) > 1:
        return {"terms": list(ending_terms(user, scope, day)[:DUE_LISTED])}
    association = next(row for row in user.rights.association_rows if row.pk in scope)
    report = report_for(user, association, day, members=figures.total)
    return {"association": association, "report": report, "due": report.due[:DUE_LISTED]}
