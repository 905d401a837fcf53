"""What tests of contributions share."""

import datetime as dt
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import DonatedGoods, Donation, Honour, Service
from tests.make import make_user

DAY = dt.date(2026, 3, 8)
State = Service.State


def signed_in(client, member):
    """The user of the record `member`, whom `client` is from now on."""
    if member.user is None:
        member.user = make_user(name=member.name)
        member.save()
    client.force_login(member.user)
    return member.user


def make_service(member, what="义诊", *, state=State.CLAIMED, hours="3.0", **fields):
    if state not in (State.CLAIMED, State.WITHDRAWN):
        fields.setdefault("decided_at", timezone.now())
    if state == State.REFUSED:
        fields.setdefault("answer", "重复")
    return Service.objects.create(
        member=member, what=what, state=state, hours=Decimal(hours), **{"on": DAY, **fields}
    )


def make_honour(member, title="优秀志愿者", *, state=State.CONFIRMED, **fields):
    if state == State.CONFIRMED:
        fields.setdefault("decided_at", timezone.now())
    return Honour.objects.create(member=member, title=title, state=state, **{"on": "2026-03", **fields})


def make_donation(association, amount="1000.00", *, goods=(), **fields):
    """A donation of cash, or of `goods` [(name, quantity, value)], by somebody of no name unless told otherwise."""
    kind = Donation.Kind.GOODS if goods else Donation.Kind.CASH
    amount = sum((Decimal(value) for _name, _quantity, value in goods), Decimal(0)) or Decimal(amount)
    if not {"member", "employer", "donor_name"} & set(fields):
        fields["is_anonymous"] = True
    donation = Donation.objects.create(
        association=association, kind=kind, amount=amount, **{"received_on": DAY, **fields}
    )
    for name, quantity, value in goods:
        DonatedGoods.objects.create(
            donation=donation, name=name, quantity=Decimal(quantity), unit="件", value=Decimal(value)
        )
    return donation


def statements(client, address):
    """How many statements the page takes when it is not opened for the first time."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
