from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.charter.defaults import VARIANTS
from organizations.charter.forms import AskedForm, RuleForm
from organizations.charter.kinds import Group
from organizations.charter.reading import report_for
from organizations.charter.rulebook import default_rule, rules_on, versions
from organizations.frame import posted, render_page
from organizations.models import Association, CharterRule, Resolution

MANAGE = "manage"
# in addresses: a rule about the association as a whole
WHOLE = "association"
DEFAULT = "default"

may_view = permission_required("organizations.view_charterrule", raise_exception=True)


def _asked(request):
    """(form, association, day) that the address asks for; 404 for an association out of sight."""
    form = AskedForm(request.GET, rights=request.user.rights)
    wanted = request.GET.get("association", "")
    if wanted and wanted not in form.rows:
        raise Http404
    association, day = form.chosen
    if association is None:
        raise PermissionDenied
    return form, association, day


@may_view
def findings(request):
    """What the rules find in an association on a day, and what falls due."""
    form, association, day = _asked(request)
    context = {
        "title": _("Check against the charter"),
        "form": form,
        "association": association,
        "is_today": day == timezone.localdate(),
        "report": report_for(request.user, association, day),
    }
    return render_page(request, "organizations/findings.html", context)


@may_view
def rules(request):
    """All rules of an association on a day, by groups."""
    form, association, day = _asked(request)
    found = rules_on(association, day)
    groups = [(Group(group).label, [rule for rule in found if rule.kind.group == group]) for group in Group]
    context = {
        "title": _("Rules of the charter"),
        "form": form,
        "association": association,
        "day": day,
        "groups": [(label, members) for label, members in groups if members],
        "may_edit": _may_edit(request, association),
        "whole": WHOLE,
    }
    return render_page(request, "organizations/charter_rules.html", context)


def _may_edit(request, association):
    may = request.user.has_perm("organizations.change_charterrule")
    return may and request.user.rights.may(MANAGE, association.pk)


@may_view
def rule(request, association_pk, kind, body_kind):
    """One rule of an association with its versions; who manages it writes a new one, or corrects one (`?version=`).

    `?variant=` fills the form with the numbers of another place, or the default's.
    """
    association = get_object_or_404(Association.objects.visible_to(request.user), pk=association_pk)
    default = default_rule(kind, "" if body_kind == WHOLE else body_kind)
    if default is None:
        raise Http404
    may_edit = _may_edit(request, association)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    known = versions(association, *default.key)
    form = _form(request, association, default, known) if may_edit else None
    if request.method == "POST" and form.is_valid() and form.attempt():
        messages.success(request, _("“{rule}” holds so from {day} on.").format(
            rule=form.instance, day=form.instance.valid_from.isoformat()))  # fmt: skip
        return redirect(
            f"{reverse('organizations:charter_rules')}?association={association.pk}#{kind}-{body_kind}"
        )
    context = {
        "title": default.title,
        "association": association,
        "default": default,
        "versions": _with_resolutions(request.user, known),
        "variants": list(enumerate(VARIANTS.get(default.key, ()))),
        "form": form,
        "correcting": form is not None and form.instance.pk,
    }
    return render_page(request, "organizations/charter_rule.html", context)


def _with_resolutions(user, known):
    """[(Version, the Resolution that decided it, None without one in sight of `user`)]."""
    ids = {each.rule.own.decided_by_id for each in known if each.rule.own} - {None}
    rows = Resolution.objects.visible_to(user).select_related("meeting")
    seen = rows.in_bulk(ids) if user.has_perm("organizations.view_meeting") else {}
    return [(each, seen.get(each.rule.own.decided_by_id) if each.rule.own else None) for each in known]


def _form(request, association, default, known):
    """The form of a version: a new one as the latest says, or as a variant does, or one that is corrected."""
    asked = request.GET.get("version", "")
    if asked:
        instance = next(
            (each.rule.own for each in known if each.rule.own and str(each.rule.own.pk) == asked), None
        )
        if instance is None:
            raise Http404
        start = default
    else:
        kind, body_kind = default.key
        instance = CharterRule(association=association, kind=kind, body_kind=body_kind)
        start = known[0].rule
    return RuleForm(
        posted(request),
        rule=_variant(request, default) or start,
        instance=instance,
        initial={} if asked else {"valid_from": timezone.localdate()},
    )


def _variant(request, default):
    """The Rule of the variant that `?variant=` names, None without one."""
    asked = request.GET.get("variant", "")
    if asked == DEFAULT:
        return default
    known = VARIANTS.get(default.key, ())
    if not asked.isdecimal() or int(asked) >= len(known):
        return None
    return known[int(asked)].of(default)
