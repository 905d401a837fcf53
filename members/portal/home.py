"""What the first page of a member tells: what is next, what waits, what is missing. A constant number of queries."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import ChangeRequest, Introduction, PersonRequest
from members.own_fields import OwnAccess
from members.portal.coming import coming
from members.portal.record import missing
from members.privacy.notices import notice_to_read

# of each list on the page
SHOWN = 3
# for how long a request that was decided is still news
NEWS_DAYS = 30


@dataclass(frozen=True)
class Asked:
    title: str
    state: str
    on: dt.date
    is_open: bool
    address: str


def what_is_next(member):
    """The context of the page for `member`."""
    day = timezone.localdate()
    return {
        "notice": notice_to_read(member),
        "latest": list(member.messages.unread()[:SHOWN]),
        "requests": _requests(member, day),
        "introductions": member.introductions.filter(state=Introduction.State.ASKED).count(),
        "missing": [
            {"label": label, "address": _where(key, section, access)}
            for label, key, section, access in missing(member)
        ],
        "posts": posts_held(member, day),
        "coming": coming(member, day),
    }


def _requests(member, day):
    """[Asked]: what the member asked for and what became of it lately, the latest first."""
    since = day - dt.timedelta(days=NEWS_DAYS)
    changes = member.change_requests.filter(
        Q(state=ChangeRequest.State.OPEN) | Q(state=ChangeRequest.State.DECIDED, decided_at__date__gte=since)
    )
    found = [
        Asked(
            _("Change of my record"),
            row.get_state_display(),
            timezone.localdate(row.made_at),
            row.state == ChangeRequest.State.OPEN,
            reverse("portal:request", args=[row.pk]),
        )
        for row in changes[:SHOWN]
    ]
    persons = member.person_requests.filter(
        Q(state=PersonRequest.State.OPEN)
        | Q(state__in=[PersonRequest.State.FULFILLED, PersonRequest.State.REFUSED], decided_on__gte=since)
    )
    found += [
        Asked(
            _("About my data: {kind}").format(kind=row.get_kind_display()),
            row.get_state_display(),
            row.received_on,
            row.state == PersonRequest.State.OPEN,
            reverse("portal:person_requests"),
        )
        for row in persons.order_by("-received_on")[:SHOWN]
    ]
    return sorted(found, key=lambda each: each.on, reverse=True)


def _where(key, section, access):
    """The address at which the member fills in the field `key`."""
    if access == OwnAccess.DIRECT:
        return reverse("portal:profile_section", args=[section.key]) + f"#id_{key}"
    return reverse("portal:request_new") + f"#id_{key}"


def posts_held(member, day):
    """The Appointments of `member` on the local date `day`, those in hidden bodies too: they are the own ones."""
    rows = member.appointments.in_force_on(day).select_related("body", "post", "term__body")
    return list(rows.order_by("post__rank", "post", "id"))


def former_posts(member, day):
    """[(year of the end, [Appointment])] of those held before the local date `day`, latest first."""
    rows = member.appointments.valid().filter(ends_on__lt=day).select_related("body", "post", "term__body")
    found = {}
    for row in rows.order_by("-ends_on", "post__rank", "id"):
        found.setdefault(row.ends_on.year, []).append(row)
    return list(found.items())


def coming_posts(member, day):
    """The Appointments of `member` that begin after the local date `day`."""
    rows = member.appointments.valid().filter(starts_on__gt=day).select_related("body", "post", "term__body")
    return list(rows.order_by("starts_on", "post__rank", "id"))
