"""Inviting those for whom an activity is."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from activities.attending import write, writing
from activities.models import Activity, Audience, Participation
from activities.signing_up.telling import tell_about
from members.filters import Selection
from members.models import FurtherCategory, Member, PersonRequest, SavedList
from members.models.member import IN_FORCE
from organizations.models import Appointment, Body
from organizations.services import NotPossible


@dataclass
class Invitees:
    """Whom an invitation would reach, and why others it would not."""

    members: list = field(default_factory=list)
    """[Member] in the order of strokes."""
    asked: list = field(default_factory=list)
    """[Audience] of which they come."""
    skipped: list = field(default_factory=list)
    """Sentences: who is left out."""
    problems: list = field(default_factory=list)
    """Sentences: what of the audience could not be asked."""


def invitees(activity, user):
    """The Invitees of `activity` if `user` invites now.

    Lists by conditions are asked with the rights of `user`, and nobody out of their sight is invited.
    """
    found = Invitees()
    wanted = _wanted(activity, user, found)
    if wanted is None:
        return found
    listed = Participation.objects.filter(activity=activity, member=OuterRef("pk"))
    restricting = PersonRequest.objects.restricting().filter(member=OuterRef("pk"))
    rows = Member.objects.filter(wanted).named().order_by()
    gone = rows.exclude(status__in=IN_FORCE).count()
    rows = rows.filter(status__in=IN_FORCE)
    total = rows.count()
    rows = rows.visible_to(user).annotate(is_listed=Exists(listed), is_restricted=Exists(restricting))
    seen = list(rows.in_stroke_order())
    found.members = [row for row in seen if not row.is_listed and not row.is_restricted]
    on_list = sum(row.is_listed for row in seen)
    restricted = sum(row.is_restricted and not row.is_listed for row in seen)
    found.skipped = list(_sentences(on_list, gone, restricted, total - len(seen)))
    return found


def _sentences(on_list, gone, restricted, out_of_sight):
    if on_list:
        yield ngettext("{count} is on the list already.", "{count} are on the list already.", on_list).format(
            count=on_list
        )
    if gone:
        yield ngettext(
            "{count} is no longer a member in force.", "{count} are no longer members in force.", gone
        ).format(count=gone)
    if restricted:
        yield ngettext(
            "{count} has asked that the data be used no further.",
            "{count} have asked that the data be used no further.",
            restricted,
        ).format(count=restricted)
    if out_of_sight:
        yield ngettext(
            "{count} is not in your sight: somebody with a role in the whole association can invite them.",
            "{count} are not in your sight: somebody with a role in the whole association can invite them.",
            out_of_sight,
        ).format(count=out_of_sight)


def _wanted(activity, user, found):
    """The audience of `activity` as a condition on members, None for nobody; fills the other lists of `found`."""
    wanted = None
    for audience in activity.audiences.select_related("body", "saved_list"):
        rule = _rule(audience, activity, user, found.problems)
        if rule is not None:
            found.asked.append(audience)
            wanted = rule if wanted is None else wanted | rule
    if not found.asked and not found.problems:
        found.problems.append(_("Nobody has said yet for whom this activity is."))
    return wanted


def _rule(audience, activity, user, problems):
    """The condition of one `audience`; None, with a sentence more in `problems`, where `user` cannot ask it."""
    kinds = Audience.Kind
    if audience.kind == kinds.ALL:
        return Q(association=activity.association_id)
    if audience.kind == kinds.CATEGORY:
        further = FurtherCategory.objects.filter(category=audience.category)
        own = Q(category=audience.category) | Q(pk__in=further.values("member"))
        return own & Q(association=activity.association_id)
    if audience.kind == kinds.BODY:
        if not Body.objects.visible_to(user).filter(pk=audience.body_id).exists():
            problems.append(_("The people of one of the bodies are not in your sight."))
            return None
        seats = Appointment.objects.in_force_on(timezone.localdate()).filter(body=audience.body_id)
        return Q(pk__in=seats.order_by().values("member"))
    return _rule_of_list(audience.saved_list, user, problems)


def _rule_of_list(saved, user, problems):
    if not SavedList.objects.visible_to(user).filter(pk=saved.pk).exists():
        problems.append(_("One of the saved lists is not shared with you."))
        return None
    if saved.is_picked:
        return Q(pk__in=saved.entries.values("member"))
    selection = Selection.read(saved.groups, saved.search)
    faults = selection.problems(user)
    if faults:
        problems.append(
            _("The list “{name}” cannot be asked: {why}").format(name=saved, why=" ".join(faults))
        )
        return None
    return Q(pk__in=selection.apply(Member.objects.visible_to(user), user).order_by().values("pk"))


def members_of_list(saved, user):
    """(members in force whom the SavedList `saved` shows to `user`, [sentences] on what is wrong with it)."""
    problems = []
    rule = _rule_of_list(saved, user, problems) or Q(pk__in=[])
    return Member.objects.visible_to(user).filter(rule, status__in=IN_FORCE).named(), problems


def invite(activity, *, actor):
    """Invite everybody in the audience of `activity` who is not on its list yet, and tell them; return how many.

    To be repeated after somebody joined: only the new ones are invited. Raises NotPossible while it is not announced,
    and when it is over.
    """
    with writing(activity, actor=actor) as activity:
        if activity.state == Activity.State.DRAFT:
            raise NotPossible(_("Announce the activity first, then invite."))
        now = timezone.now()
        if now >= activity.ends_at:
            raise NotPossible(_("This activity is over: put those who came on its list."))
        members = invitees(activity, actor).members
        state = Participation.State.INVITED
        rows = [Participation(member=member, state=state, invited_at=now) for member in members]
        write([], activity=activity, new=rows)
        _tell(activity, members)
    return len(rows)


def _tell(activity, members):
    if activity.is_compulsory:
        answer = gettext_noop("You are expected. If you cannot come, please ask for leave on this page.")
    elif activity.sign_up == Activity.SignUp.NONE:
        answer = gettext_noop("There is no need to sign up.")
    else:
        answer = gettext_noop("Please say on this page whether you come, until {until}.")
    tell_about(activity, members, gettext_noop("You are invited: {activity}"), answer)
