"""Booking donations: entered, corrected, voided, noted as reported and published. Nothing is deleted.

Source: domain.md B2 (捐赠台账) [DON]; D1 art. 26: reported to the supervising authority, published.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.contributions.receipts import assign_receipt
from activities.models import Donation
from organizations.services import NotPossible

REPORTED, PUBLISHED = "reported_on", "published_on"


@transaction.atomic
def save_donation(donation, *, goods=(), removed=(), assign=False):
    """Save `donation` with the DonatedGoods `goods`, of which it is worth the sum; return it.

    `removed` are goods that go; with `assign` it gets the next number of a receipt, unless it has one. A number once
    given stays. Raises NotPossible, ValidationError as `full_clean` does.
    """
    if donation.pk:
        stored = _open(donation)
        if stored.receipt_number and donation.receipt_number != stored.receipt_number:
            raise NotPossible(
                _("A receipt keeps its number. Void this donation and copy it to write another."),
                "receipt_number",
            )
    if donation.kind == Donation.Kind.GOODS:
        donation.amount = sum(item.value for item in goods)
    donation.full_clean()
    if assign and not donation.receipt_number:
        assign_receipt(donation)
    try:
        with transaction.atomic():
            donation.save()
    except IntegrityError as error:
        raise NotPossible(_("Another donation has this receipt number."), "receipt_number") from error
    for item in removed:
        item.delete()
    for item in goods:
        item.donation = donation
        item.save()
    return donation


@transaction.atomic
def void_donation(donation, *, reason):
    """Void the booking; it stays in the ledger, and its receipt keeps its number."""
    if not reason.strip():
        raise NotPossible(_("Say why it is voided."), "reason")
    donation = _open(donation)
    donation.voided_on, donation.voided_reason = timezone.localdate(), reason.strip()
    donation.save()
    return donation


@transaction.atomic
def note_day(donations, *, column, on):
    """Note `on` as the day on which `donations` were reported or published (`column`): (how many, [sentence]).

    Those that have such a day keep it.
    """
    count, left = 0, []
    rows = donations.valid().filter(**{column: None}).select_for_update(of=("self",))
    for row in rows.select_related("member", "employer"):
        if on < row.received_on:
            left.append(
                _("{donation}: it was received after that day.").format(donation=row.receipt_number or row)
            )
            continue
        setattr(row, column, on)
        row.save()
        count += 1
    return count, left


def _open(donation):
    stored = Donation.objects.select_for_update(of=("self",)).get(pk=donation.pk)
    if stored.voided_on:
        raise NotPossible(_("This donation is voided."))
    return stored
