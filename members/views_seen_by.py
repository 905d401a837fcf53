"""Pages on who sees whom: of a member for managers and for the member, of an account for managers."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member, User
from members.portal.frame import for_members, render_portal
from members.rights import Ability
from members.seen_by import counters_of, permissions_in_words, readers_of, review, shown_to_members
from organizations.frame import render_page

may_see = permission_required("members.view_rolegrant", raise_exception=True)


def _about(member):
    day = timezone.localdate()
    return {
        "day": day,
        "readers": readers_of(member, day),
        "counters": counters_of(member, day),
        "shown_to_members": shown_to_members(member),
    }


@may_see
def seen_by(request, pk):
    """Who can see one member's record, for those who give the roles there."""
    rows = Member.objects.staff_visible_to(request.user).select_related("association", "user")
    member = get_object_or_404(rows, pk=pk)
    if not request.user.rights.may(Ability.MANAGE, member.association_id):
        raise PermissionDenied
    context = _about(member)
    ids = [reader.user.pk for reader in context["readers"] + context["counters"]]
    context |= {
        "title": _("Who can see this record"),
        "member": member,
        "accounts": set(
            User.objects.visible_to(request.user)
            .filter(pk__in=[*ids, member.user_id])
            .values_list("pk", flat=True)
        ),
    }
    return render_page(request, "members/seen_by.html", context)


@may_see
def sees(request, pk):
    """What one account may see and do: to look through from time to time, and to print (domain.md F5)."""
    user = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    day = timezone.localdate()
    found = review(user, day=day, reader=request.user)
    context = {
        "title": _("What this account may see"),
        "account": user,
        "day": day,
        "review": found,
        "permissions": permissions_in_words(found.sights),
        "own_record": Member.objects.filter(user=user).select_related("association").first(),
        "has_second_factor": is_mfa_enabled(user),
    }
    return render_page(request, "members/sees.html", context)


@for_members
def own_seen_by(request, member):
    """Who can see the reader's own record."""
    return render_portal(request, "portal/seen_by.html", member, _about(member))
