"""The staff's pages of member cards: the list, one member's cards, issuing, revoking, printing."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members.cards import printing
from members.cards.forms import CardFilter
from members.cards.services import (
    CannotIssue,
    Filter,
    Standing,
    issue_card,
    issue_cards,
    revoke_card,
    standing_of,
    why_no_card,
)
from members.models import Member, MemberCard
from members.rights import Ability
from organizations.frame import render_page
from organizations.keyset import AFTER, capped_count, is_key
from organizations.papers.making import NotMade, pdf_is_there

ROWS = 100
MOST_ISSUED = 500
NAMED = 20
PDF = "application/pdf"

may_see = permission_required("members.view_membercard", raise_exception=True)
may_issue = permission_required("members.add_membercard", raise_exception=True)


def _with_cards(members):
    """`members` with `held`: a list of the card in force, if there is one."""
    cards = MemberCard.objects.in_force()
    return members.select_related("association").prefetch_related(
        Prefetch("cards", queryset=cards, to_attr="held")
    )


def _card_of(member, day):
    """(the card in force or None, its Standing or None) of a member of `_with_cards`."""
    card = member.held[0] if member.held else None
    if card is None:
        return None, None
    card.member = member
    return card, standing_of(card, day)


@may_see
def cards(request):
    """Members with their cards, in the order of entry; `?after=` goes on."""
    day = timezone.localdate()
    form = CardFilter(request.GET, user=request.user)
    found = form.found(day)
    rows, after = found, request.GET.get(AFTER, "")
    if is_key(after):
        rows = rows.filter(pk__gt=int(after))
    page = list(_with_cards(rows).order_by("pk")[: ROWS + 1])
    query = request.GET.copy()
    query.pop(AFTER, None)
    further = ""
    if len(page) > ROWS:
        further = f"?{query.urlencode()}&{AFTER}={page[ROWS - 1].pk}"
    context = {
        "title": _("Member cards"),
        "form": form,
        "rows": [(member, *_card_of(member, day), why_no_card(member)) for member in page[:ROWS]],
        "count": capped_count(found),
        "is_asked": any(request.GET.get(name) for name in form.fields),
        "further": further,
        "first": is_key(after) and f"?{query.urlencode()}",
        "several": "association" in form.fields,
        "most_issued": MOST_ISSUED,
        "most_printed": printing.MOST_CARDS,
        "Filter": Filter,
        "Standing": Standing,
    }
    return render_page(request, "members/cards.html", context)


def _back(request):
    """The list as it was asked for in the form sent."""
    asked = {name: request.POST[name] for name in ("state", "association", "q") if request.POST.get(name)}
    return redirect(reverse("members:cards", query=asked))


def _chosen(request, most):
    """The members ticked, or all that the list finds: at most one more than `most`, by key."""
    rows = CardFilter(request.POST, user=request.user).found(timezone.localdate())
    if "all" not in request.POST:
        ticked = [int(pk) for pk in request.POST.getlist("member") if is_key(pk)]
        rows = Member.objects.editable_by(request.user).filter(pk__in=ticked[: most + 1])
    return list(_with_cards(rows).order_by("pk")[: most + 1])


def _refused(request, chosen, most):
    """Tell why nothing is done for `chosen`; False if nothing is in the way."""
    if not chosen:
        messages.warning(request, _("Tick at least one member."))
    elif len(chosen) > most:
        messages.warning(
            request, _("At most {count} at once. Narrow the list or tick fewer.").format(count=most)
        )
    else:
        return False
    return True


def _names(members):
    names = "、".join(str(member) for member in members[:NAMED])
    over = len(members) - NAMED
    if over > 0:
        names += ngettext(" and {count} more", " and {count} more", over).format(count=over)
    return names


@may_issue
@require_POST
def cards_issue(request):
    """Issue a card to each of the members chosen in the list."""
    chosen = _chosen(request, MOST_ISSUED)
    if not _refused(request, chosen, MOST_ISSUED):
        issued = issue_cards(chosen, actor=request.user)
        if count := len(issued.cards):
            messages.success(
                request, ngettext("{count} card issued.", "{count} cards issued.", count).format(count=count)
            )
        for reason, left_out in issued.left_out.items():
            messages.warning(
                request,
                _("Left out: {names}. {reason}").format(names=_names(left_out), reason=reason),
            )
    return _back(request)


@may_see
@require_POST
def cards_print(request):
    """The valid cards of the members chosen, on sheets of ten or one a page: PDF, else a page to print."""
    day = timezone.localdate()
    chosen = _chosen(request, printing.MOST_CARDS)
    if _refused(request, chosen, printing.MOST_CARDS):
        return _back(request)
    found = [(member, *_card_of(member, day)) for member in chosen]
    cards = [card for _member, card, standing in found if standing == Standing.VALID]
    without = [member for member, _card, standing in found if standing != Standing.VALID]
    if without:
        messages.warning(
            request, _("Without a valid card, not printed: {names}").format(names=_names(without))
        )
    return _printed(request, cards, as_sheet=request.POST.get("as") != "single") if cards else _back(request)


def _printed(request, cards, *, as_sheet):
    if not pdf_is_there():
        return _print_page(request, cards)
    try:
        drawn = printing.draw_cards(cards, as_sheet=as_sheet, request=request)
    except NotMade:
        return _print_page(request, cards)
    printing.log_cards(cards, actor=request.user, file_format="pdf")
    return pdf_response(drawn, cards)


def pdf_response(drawn, cards):
    name = (
        f"会员证-{cards[0].member.name}.pdf"
        if len(cards) == 1
        else f"会员证-{timezone.localdate():%Y%m%d}.pdf"
    )
    response = HttpResponse(drawn, content_type=PDF)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _print_page(request, cards):
    printing.log_cards(cards, actor=request.user, file_format="html")
    rows = [(card, printing.row_of(card), printing.inline_code(card, request)) for card in cards]
    context = {"title": _("Member cards"), "cards": rows, "labels": printing.LABELS}
    return render_page(request, "members/cards_print.html", context)


def _member(request, pk):
    """The member with the key `pk` and who may be edited: 404 out of sight, 403 if only read."""
    rows = Member.objects.staff_visible_to(request.user).select_related("association")
    member = get_object_or_404(rows, pk=pk)
    if not request.user.rights.may(Ability.EDIT, member.association_id):
        raise PermissionDenied
    return member


@may_see
def member_cards(request, pk):
    """The cards of one member; a POST issues a new one."""
    member, day = _member(request, pk), timezone.localdate()
    if request.method == "POST":
        if not request.user.has_perm("members.add_membercard"):
            raise PermissionDenied
        try:
            issue_card(member, actor=request.user)
        except CannotIssue as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("{name}: the card is issued.").format(name=member))
        return redirect("members:member_cards", pk=pk)
    rows = []
    for card in member.cards.select_related("issued_by"):
        card.member = member
        rows.append((card, standing_of(card, day)))
    current = next((card for card, _standing in rows if card.revoked_on is None), None)
    context = {
        "title": _("Member card"),
        "member": member,
        "rows": rows,
        "current": current,
        "face": current and printing.row_of(current),
        "code": current and printing.inline_code(current, request),
        "standing": current and standing_of(current, day),
        "why_not": why_no_card(member),
        "Standing": Standing,
    }
    return render_page(request, "members/card.html", context)


@may_issue
@require_POST
def card_revoke(request, pk):
    """Revoke a card; the member stays what he or she is."""
    card = get_object_or_404(MemberCard.objects.select_related("member"), pk=pk)
    _member(request, card.member_id)
    if revoke_card(card):
        messages.success(request, _("{name}: the card is revoked.").format(name=card.member))
    else:
        messages.info(request, _("This card was revoked before."))
    return redirect("members:member_cards", pk=card.member_id)
