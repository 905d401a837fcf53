"""A member's own card, on the phone and as a file."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from members.cards import printing
from members.cards.services import Standing, standing_of, why_no_card
from members.cards.views import pdf_response
from members.portal.frame import for_members, render_portal
from organizations.papers.making import NotMade, pdf_is_there


def _own_card(member):
    card = member.cards.in_force().first()
    if card is not None:
        card.member = member
    return card


@never_cache
@for_members
def card(request, member):
    """The card to show at the door."""
    own, day = _own_card(member), timezone.localdate()
    context = {
        "card": own,
        "standing": own and standing_of(own, day),
        "code": own and printing.inline_code(own, request),
        "face": own and printing.row_of(own),
        "why_not": why_no_card(member),
        "Standing": Standing,
        "has_pdf": pdf_is_there(),
    }
    return render_portal(request, "portal/card.html", member, context)


@for_members
def card_pdf(request, member):
    """The own card as a PDF of its size."""
    own = _own_card(member)
    if own is None or standing_of(own, timezone.localdate()) != Standing.VALID or not pdf_is_there():
        raise Http404
    try:
        return pdf_response(printing.draw_cards([own], as_sheet=False, request=request), [own])
    except NotMade:
        return redirect("portal:card")
