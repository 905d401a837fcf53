"""Pages of the rules of meetings: what holds for each kind in an association, with its source."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.frame import posted, render_page
from organizations.meetings.defaults import rule_for, rules_of
from organizations.meetings.forms import RuleForm
from organizations.models import Association, MeetingKind, MeetingRule, Resolution

MANAGE = "manage"

may_view = permission_required("organizations.view_meetingrule", raise_exception=True)


def _may_change(user, association):
    return user.has_perm("organizations.change_meetingrule") and user.rights.may(MANAGE, association.pk)


@may_view
def rules(request, pk=None):
    """The rules of one association in sight, the first without `pk`."""
    seen = Association.objects.visible_to(request.user)
    association = get_object_or_404(seen, pk=pk) if pk else seen.order_by("path").first()
    if association is None:
        raise Http404
    labels = dict(Resolution.Kind.choices)
    rows = list(rules_of(association.pk).values())
    for row in rows:
        row.secret_labels = [labels[kind] for kind in row.secret_for if kind in labels]
    context = {
        "title": _("Rules of meetings"),
        "association": association,
        "associations": request.user.rights.association_rows,
        "rules": rows,
        "may_change": _may_change(request.user, association),
    }
    return render_page(request, "organizations/meeting_rules.html", context)


def _rule_to_write(request, pk, kind):
    association = get_object_or_404(Association.objects.visible_to(request.user), pk=pk)
    if kind not in MeetingKind.values:
        raise Http404
    if not _may_change(request.user, association):
        raise PermissionDenied
    return association, rule_for(association.pk, kind)


@may_view
def rule_edit(request, pk, kind):
    """The association's own numbers for meetings of one kind, beginning with the default."""
    association, rule = _rule_to_write(request, pk, kind)
    form = RuleForm(posted(request), instance=rule)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("organizations:meeting_rules_of", pk=association.pk)
    back = redirect("organizations:meeting_rules_of", pk=association.pk).url
    context = {"title": _("Rule: {kind}").format(kind=rule), "form": form, "back": back}
    context["note"] = _("“1/2” means more than half, “2/3” two thirds or more, each of whole people.")
    status = 422 if form.is_bound else 200
    return render_page(request, "organizations/meeting_form.html", context, status=status)


@may_view
@require_POST
def rule_reset(request, pk, kind):
    """Back to the default."""
    association, rule = _rule_to_write(request, pk, kind)
    if isinstance(rule, MeetingRule) and rule.pk:
        rule.delete()
    messages.success(request, _("The default holds again."))
    return redirect("organizations:meeting_rules_of", pk=association.pk)
