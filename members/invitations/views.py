"""The staff's pages of invitations: who has an account, inviting one or many, the sheet to cut up."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from config.addresses import whole_address
from members.admin.bulk import summary
from members.admin.list_state import state_of as list_state_of
from members.invitations import queries, services
from members.invitations.forms import InviteForm, ListForm
from members.invitations.queries import AccountState
from members.models import Invitation, Member
from members.models.member import IN_FORCE
from members.privacy.viewings import note_viewing
from members.qr import qr_svg
from members.rights import Ability
from organizations.frame import posted, render_page
from organizations.keyset import AFTER, beyond, capped_count, is_key

ROWS = 50
MOST_INVITED = 10_000
MOST_CARDS = 600
ORDER = ("pinyin", "pk")
Way = Invitation.Way

may_see = permission_required("members.view_invitation", raise_exception=True)
may_invite = permission_required("members.add_invitation", raise_exception=True)


def site_of(request):
    """Scheme and host with which links in letters begin."""
    return whole_address("/", request).rstrip("/")


# -- the list


class Listed:
    """The members that an address of the list asks for: by state and search, or those invited at one moment."""

    def __init__(self, query, user):
        self.form = ListForm(query)
        data = self.form.cleaned_data if self.form.is_valid() else {}
        self.made = query.get("made", "")
        self.state = data.get("state") or ("" if self.made else AccountState.NONE)
        self.search = data.get("q", "").strip()
        self.user = user
        self.everybody = queries.invited_by(user)

    @property
    def rows(self):
        rows = self.everybody
        if self.made:
            rows = queries.of_moment(rows, queries.moment_of(self.made))
        if self.state:
            rows = queries.in_state(rows, self.state)
        # last of all: it looks at the rows it searches to choose its way
        return rows.search(self.search, self.user) if self.form.is_valid() else rows.none()

    def tabs(self):
        """[{"state", "label", "count", "current"}]"""
        return [
            {
                "state": state.value,
                "label": state.label,
                "count": capped_count(queries.in_state(self.everybody, state)),
                "current": state == self.state,
            }
            for state in AccountState
        ]

    @property
    def pairs(self):
        """What an address says to ask for the same members."""
        pairs = {"made": self.made, "state": self.state, "q": self.search}
        return {name: str(value) for name, value in pairs.items() if value}


@require_GET
@never_cache
@may_see
def invitations(request):
    """Members by how far they are on the way to an account."""
    listed = Listed(request.GET, request.user)
    members = listed.rows.select_related("association").order_by(*ORDER)
    edge = _edge(request, listed.everybody)
    page = list((members.filter(beyond(ORDER, edge)) if edge else members)[: ROWS + 1])
    more, page = len(page) > ROWS, page[:ROWS]
    last = queries.last_invitations(page)
    context = {
        "title": _("Invitations"),
        "listed": listed,
        "tabs": listed.tabs(),
        "rows": [
            (member, last.get(member.pk), queries.state_of(member, last.get(member.pk))) for member in page
        ],
        "count": capped_count(listed.rows) if more or edge else len(page),
        "several": len(request.user.rights.associations_for(Ability.EDIT)) > 1,
        "next": "?" + urlencode(listed.pairs | {AFTER: page[-1].pk}) if more else "",
        "first": "?" + urlencode(listed.pairs) if edge else "",
        "made": _made(listed) if listed.made else None,
    }
    return render_page(request, "members/invitations.html", context)


def _edge(request, members):
    pk = request.GET.get(AFTER, "")
    return members.filter(pk=int(pk)).values_list(*ORDER).first() if is_key(pk) else None


def _made(listed):
    """What became of the invitations of one moment: counts by what the server said."""
    rows = Invitation.objects.visible_to(listed.user).filter(made_at=queries.moment_of(listed.made))
    found = {"total": 0, "delivered": 0, "failed": 0, "waiting": 0, "way": "", "is_sent": False}
    for way, delivered_at, failure in rows.values_list("way", "delivered_at", "failure"):
        found["total"] += 1
        found["way"], found["is_sent"] = way, way in (Way.EMAIL, Way.SMS)
        found["delivered" if delivered_at else "failed" if failure else "waiting"] += 1
    return found if found["total"] else None


# -- to invite many


@never_cache
@may_invite
def invite(request):
    """Invite the members ticked or all of a list: the form, a summary of who gets one and who not, then the doing."""
    rows, words, back = _chosen(request)
    form = InviteForm(posted(request))
    context = {
        "title": _("Invite members"),
        "form": form,
        "words": words,
        "back": back,
        "count": capped_count(rows, MOST_INVITED),
        "most": MOST_INVITED,
    }
    if form.is_valid() and not context["count"].is_capped:
        data, confirmed = form.cleaned_data, request.POST.get("confirmed")
        with transaction.atomic():
            plan = services.plan_invitations(
                _locked(rows), way=data["way"], anew=data["anew"], actor=request.user
            )
            if confirmed == plan.digest and plan.to_change:
                made = services.invite(
                    plan.to_change, way=data["way"], actor=request.user, site=site_of(request)
                )
                address = (
                    f"{reverse('members:invitations')}?{urlencode({'made': made[0].made_at.isoformat()})}"
                )
                return redirect(address)
        way = dict(form.fields["way"].choices)[data["way"]]
        context |= {"plan": plan, "summary": summary(plan), "way": way, "has_moved_on": bool(confirmed)}
    return render_page(request, "members/invitation_new.html", context, status=422 if form.errors else 200)


def _chosen(request):
    """(members, in words who they are, where one came from): of the list of invitations, or of the list of members."""
    ids = [pk for part in request.GET.getlist("ids") for pk in part.split(",") if is_key(pk)]
    is_ticked = "ids" in request.GET and "all" not in request.GET
    if request.GET.get("of") == "invitations":
        listed = Listed(request.GET, request.user)
        rows, back = listed.rows, f"{reverse('members:invitations')}?{urlencode(listed.pairs)}"
        state = str(AccountState(listed.state).label) if listed.state else ""
        words = "；".join(filter(None, [state, listed.search]))
    else:
        screen, state = admin.site.get_model_admin(Member), list_state_of(request)
        rows, words = screen.chosen_rows(request), state.description
        back = reverse("admin:members_member_changelist") + state.address()
    if is_ticked:
        rows, words = rows.filter(pk__in=[int(pk) for pk in ids]), _("ticked in the list")
    return rows, words, back


def _locked(rows):
    # by the key alone: rows of a search are joined with others, which are not to be locked
    ids = list(rows.values_list("pk", flat=True))
    members = Member.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    return list(members.only(*services.READ))


# -- one member


def _member(request, pk, ability=Ability.EDIT):
    """The member with the key `pk`: 404 out of sight, 403 where the request's user may not do `ability`."""
    rows = Member.objects.staff_visible_to(request.user).select_related("association", "user")
    member = rows.filter(pk=pk).first()
    if member is None:
        raise Http404
    if not request.user.rights.may(ability, member.association_id):
        raise PermissionDenied
    return member


@require_GET
@never_cache
@may_see
def invitation(request, pk):
    """The invitation of one member: link and code to hand on, what was sent before, the account."""
    member = _member(request, pk)
    note_viewing(member, request.user)
    rows = list(member.invitations.select_related("made_by")[:20])
    current = next((row for row in rows if row.state == Invitation.State.OPEN), None)
    context = {
        "title": _("Account of {name}").format(name=member.name),
        "member": member,
        "rows": rows,
        "reason": services.reason_against(member),
        "may_disconnect": request.user.rights.may(Ability.MANAGE, member.association_id),
        "ways": _ways_for(member),
        "pending": next((row for row in rows if not row.used_at and not row.revoked_at), None),
    }
    if current is not None and not context["reason"]:
        address = whole_address(current.get_absolute_url(), request)
        context |= {
            "current": current,
            "address": address,
            "code_address": whole_address(reverse("join_code"), request),
            "text": _text_to_hand_on(current, address),
            "qr": qr_svg(address, _("QR code of the invitation")),
        }
    return render_page(request, "members/invitation.html", context)


def _ways_for(member):
    """[(value, label, where it goes)] of the ways open for `member`; without an address a letter is none."""
    found = []
    for way, label in services.ways():
        to = services.address_for(member, way)
        if to or way not in (Way.EMAIL, Way.SMS):
            found.append((way, label, to))
    return found


def _text_to_hand_on(row, address):
    until = timezone.localtime(row.expires_at)
    return _(
        "{name}, {association} invites you to open your account in the member registry: {address} "
        "(for you alone, works once, good until {day})"
    ).format(
        name=row.member.name,
        association=row.member.association.name,
        address=address,
        day=until.strftime("%Y-%m-%d %H:%M"),
    )


@require_POST
@may_invite
def invite_one(request, pk):
    """Invite one member anew, by the way that was pressed."""
    member, way = _member(request, pk), request.POST.get("way")
    if way not in dict(services.ways()):
        raise Http404
    try:
        row = services.invite_one(member, way=way, actor=request.user, site=site_of(request))
    except services.CannotInvite as reason:
        messages.error(request, f"{member.name}：{reason}")
        return redirect("members:invitation", member.pk)
    _say_what_was_done(request, Invitation.objects.get(pk=row.pk), member)
    if way == Way.SHEET:
        return redirect(f"{reverse('members:invitation_sheet')}?{urlencode({'ids': member.pk})}")
    return redirect("members:invitation", member.pk)


def _say_what_was_done(request, row, member):
    if row.failure:
        sentence = _("{name} is invited, but: {failure} Hand the link on in another way, or try again.")
        messages.warning(request, sentence.format(name=member.name, failure=row.get_failure_display()))
    elif row.delivered_at:
        sentence = _("The invitation of {name} was sent to {address}.")
        messages.success(request, sentence.format(name=member.name, address=row.sent_to))
    else:
        messages.success(request, _("The link for {name} is ready.").format(name=member.name))


@require_POST
@may_invite
def invitation_revoke(request, pk):
    member = _member(request, pk)
    if services.revoke_invitation(member, actor=request.user):
        messages.success(request, _("The invitation of {name} is taken back.").format(name=member.name))
    else:
        messages.info(
            request, _("{name} has no invitation that could be taken back.").format(name=member.name)
        )
    return redirect("members:invitation", member.pk)


@require_POST
@permission_required("members.change_invitation", raise_exception=True)
def account_disconnect(request, pk):
    """Take the account off the record: for managers, and with a tick, since the member loses the own pages."""
    member = _member(request, pk, Ability.MANAGE)
    if not request.POST.get("sure"):
        messages.error(request, _("Tick that you mean it."))
    elif services.disconnect_account(member, actor=request.user):
        messages.success(request, _("The account of {name} is disconnected.").format(name=member.name))
    return redirect("members:invitation", member.pk)


# -- on paper


@require_GET
@never_cache
@may_see
def invitation_sheet(request):
    """Cards with QR code and code to cut out, A4: the open invitations of the members ticked, or of a list."""
    members, words, _back = _chosen(request)
    rows = Invitation.objects.visible_to(request.user).open_at(timezone.now())
    rows = rows.filter(
        member__in=members.order_by().values("pk"), member__user=None, member__status__in=IN_FORCE
    )
    rows = list(
        rows.select_related("member__association").order_by("member__pinyin", "member_id")[: MOST_CARDS + 1]
    )
    cards = []
    for row in rows[:MOST_CARDS]:
        address = whole_address(row.get_absolute_url(), request)
        label = _("QR code of the invitation of {name}").format(name=row.member.name)
        cards.append({"row": row, "member": row.member, "qr": qr_svg(address, label)})
    context = {
        "title": _("Invitations to cut out"),
        "cards": cards,
        "words": words,
        "most": MOST_CARDS if len(rows) > MOST_CARDS else 0,
        "code_address": whole_address(reverse("join_code"), request),
    }
    return render_page(request, "members/invitation_sheet.html", context)
