"""The members' directory (通讯录): of each member what the member agreed to show, nothing else (PIPL arts. 13–15)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Consent, Member
from members.privacy.consents import give_consent, withdraw_consent
from organizations.models import Appointment

Purpose = Consent.Purpose
# what can be shown beside the entry itself: (purpose, column of the record, what it is called on the switch)
PARTS = (
    (Purpose.DIRECTORY_PHOTO, "photo", _("Photo")),
    (Purpose.DIRECTORY_MOBILE, "mobile", _("Mobile number")),
    (Purpose.DIRECTORY_EMAIL, "email", _("E-mail address")),
    (Purpose.DIRECTORY_WECHAT, "wechat", _("WeChat")),
)
PURPOSES = (Purpose.DIRECTORY, *(purpose for purpose, _column, _label in PARTS))


@dataclass(frozen=True)
class Entry:
    """What one member shows; ``""`` for what is empty or not agreed to."""

    pk: int
    name: str
    employer: str
    position: str
    category: str
    posts: list
    photo: str = ""
    mobile: str = ""
    email: str = ""
    wechat: str = ""


def entries(members):
    """[Entry] of `members` (rows of `in_directory_for`, with their employer), by two queries."""
    keys = [member.pk for member in members]
    agreed = set(
        Consent.objects.in_force()
        .filter(member__in=keys, purpose__in=PURPOSES)
        .values_list("member", "purpose")
    )
    posts = _posts(keys)
    return [
        Entry(
            member.pk,
            member.name,
            str(member.employer or ""),
            member.position,
            member.get_category_display(),
            posts.get(member.pk, []),
            **{
                column: getattr(member, column)
                for purpose, column, _label in PARTS
                if (member.pk, purpose) in agreed
            },
        )
        for member in members
    ]


def _posts(keys):
    """{id of a member: [post and body]} of the posts held today; a body that hides its people is not named."""
    rows = Appointment.objects.in_force_on(timezone.localdate()).filter(
        member__in=keys, body__hides_people=False
    )
    found = {}
    for member, post, body in rows.in_order_of_rank().values_list("member", "post__title", "body__name"):
        found.setdefault(member, []).append(f"{body} {post}")
    return found


def photo_in_directory(user, pk):
    """The name of the photo that the member with the key `pk` shows `user`, ``""`` without one."""
    agreed = Consent.objects.in_force().filter(purpose=Purpose.DIRECTORY_PHOTO)
    rows = Member.objects.in_directory_for(user).filter(pk=pk, pk__in=agreed.values("member"))
    return rows.values_list("photo", flat=True).first() or ""


@transaction.atomic
def set_own_entry(member, wanted, *, actor):
    """Make `wanted` (a set of PURPOSES) what `member` shows; whether anything changed.

    Without the entry itself nothing else is shown: the consents to its parts end with it.
    """
    wanted = set(wanted) if Purpose.DIRECTORY in wanted else set()
    current = set(member.consents.in_force().filter(purpose__in=PURPOSES).values_list("purpose", flat=True))
    for purpose in PURPOSES:
        if purpose in wanted:
            give_consent(member, purpose, way=Consent.Way.SELF, actor=actor)
        elif purpose in current:
            withdraw_consent(member, purpose, actor=actor)
    return current != wanted
