"""Issuing and revoking member cards, and what a card says to whoever checks it (domain.md E3)."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from members.inbox import tell
from members.models import Member, MemberCard
from members.models.member import IN_FORCE

EXPIRING_DAYS = 60


class CannotIssue(ValueError):
    """A member cannot have a card; the text is a sentence for people."""


class Standing(models.TextChoices):
    """What a card is worth on a day. Nobody has to write it: it follows from the card and the membership."""

    VALID = "valid", pgettext_lazy("card", "valid")
    EXPIRED = "expired", pgettext_lazy("card", "expired")
    REVOKED = "revoked", pgettext_lazy("card", "no longer valid")


@dataclass
class Issued:
    cards: list = field(default_factory=list)
    left_out: dict = field(default_factory=dict)
    """{reason: [Member]} of those who got none."""

    @property
    def sentences(self):
        return [f"{reason} {'、'.join(map(str, members))}" for reason, members in self.left_out.items()]


def standing_of(card, day):
    """The Standing of `card` on the local date `day`: with the membership the card ends too."""
    member = card.member
    if card.revoked_on is not None or member.status not in IN_FORCE or member.anonymised_on is not None:
        return Standing.REVOKED
    return Standing.EXPIRED if card.valid_until is not None and card.valid_until < day else Standing.VALID


def why_no_card(member):
    """Why `member` cannot have a card, a sentence; "" if nothing is in the way."""
    if member.anonymised_on is not None:
        return _("The record is anonymised.")
    if member.status not in IN_FORCE:
        return _("Only members in force have a card.")
    if not member.number:
        return _("A card needs a member number. Enter it first.")
    return ""


def last_day(issued_on, years):
    """The last day of a card issued on that day: the one before it comes round after `years`; None for 0 years."""
    if not years:
        return None
    day = issued_on.day
    if (issued_on.month, day) == (2, 29):
        day = 28
    return issued_on.replace(year=issued_on.year + years, day=day) - dt.timedelta(days=1)


@transaction.atomic
def issue_card(member, *, actor, on=None):
    """A new card of `member`, issued on the local date `on` (today if None); one in force is revoked.

    Raises CannotIssue.
    """
    on = on or timezone.localdate()
    # lock first: two secretaries may issue at once
    current = Member.objects.select_for_update(of=("self",)).select_related("association").get(pk=member.pk)
    if reason := why_no_card(current):
        raise CannotIssue(reason)
    for card in current.cards.in_force():
        revoke_card(card, on=on)
    card = MemberCard.objects.create(
        member=current,
        issued_on=on,
        valid_until=last_day(on, current.association.card_years),
        issued_by=actor,
    )
    if current.user_id is not None:
        tell(current, title=_("Your member card has been issued."), link="/my/card/")
    return card


def issue_cards(members, *, actor, on=None):
    """Issue a card to each of `members`; an `Issued` with the cards and those left out, by reason."""
    issued = Issued()
    for member in members:
        try:
            issued.cards.append(issue_card(member, actor=actor, on=on))
        except CannotIssue as error:
            issued.left_out.setdefault(str(error), []).append(member)
    return issued


@transaction.atomic
def revoke_card(card, *, on=None):
    """Make `card` no longer valid, from the local date `on` (today if None); False if it was revoked before."""
    current = MemberCard.objects.select_for_update(of=("self",)).get(pk=card.pk)
    if current.revoked_on is not None:
        return False
    current.revoked_on = on or timezone.localdate()
    current.save(update_fields=["revoked_on"])
    return True


# -- the list


class Filter(models.TextChoices):
    """How the list of cards is narrowed."""

    NONE = "none", pgettext_lazy("cards", "no card yet")
    EXPIRING = "expiring", pgettext_lazy("cards", "expiring or expired")
    VALID = "valid", pgettext_lazy("cards", "with a valid card")
    REVOKED = "revoked", pgettext_lazy("cards", "no longer valid")


def narrowed(members, wanted, day):
    """The `members` (a queryset) whose cards are as `wanted` (a Filter or "") says on the local date `day`.

    Of those in force, but under "no longer valid": who has had a card and has none that is worth anything.
    """
    cards = MemberCard.objects.filter(member=models.OuterRef("pk"))
    in_force = cards.in_force()
    members = members.filter(anonymised_on=None)
    if wanted == Filter.REVOKED:
        ended = ~models.Q(status__in=IN_FORCE) | ~models.Exists(in_force)
        return members.filter(models.Exists(cards), ended)
    members = members.filter(status__in=IN_FORCE)
    if wanted == Filter.NONE:
        return members.filter(~models.Exists(in_force))
    soon = day + dt.timedelta(days=EXPIRING_DAYS)
    if wanted == Filter.EXPIRING:
        return members.filter(models.Exists(in_force.filter(valid_until__lte=soon)))
    if wanted == Filter.VALID:
        lasting = models.Q(valid_until=None) | models.Q(valid_until__gte=day)
        return members.filter(models.Exists(in_force.filter(lasting)))
    return members
