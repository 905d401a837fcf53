"""Checking a card, open to everybody: the page that the code on it leads to."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from members.cards.services import Standing, standing_of
from members.models import MemberCard
from members.models.links import plain_token
from members.signing_in.limits import too_many, within_limit


@login_not_required
@never_cache
def card_check(request, token):
    """What is known of the card with that token: number, name and validity, nothing else (issue: verification)."""
    if not within_limit(request, "card_check"):
        return too_many(request)
    rows = MemberCard.objects.with_token(token).filter(member__anonymised_on=None)
    card = rows.select_related("member__association").first()
    context = {"card": card, "on": timezone.localdate(), "Standing": Standing}
    if card is not None:
        context["standing"] = standing_of(card, context["on"])
    response = render(request, "cards/check.html", context, status=200 if card else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
def card_find(request):
    """A field for the code that is printed beside the picture, for who has no camera at hand."""
    if code := request.GET.get("code", "").strip():
        # one address for all that cannot be a code, so that it looks like a card not known
        return redirect("card_check", plain_token(code) or "0")
    return render(request, "cards/find.html", {})
