"""Whom staff have before them: by the code on the member's phone or card, by a picture of it, by number or name."""

import re
from dataclasses import dataclass, field

import zxingcpp
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from activities.check_in.codes import read_own_code
from members.cards.services import Standing, standing_of
from members.models import Member, MemberCard
from members.models.links import plain_token
from members.photos import FORMATS
from members.search import names_hold

MOST = 8
"""So many persons of one name are offered."""
MOST_PIXELS_ACROSS = 1600
_CARD = re.compile(r"/card/([^/\s?#]+)")


class NoCode(ValueError):
    """A picture in which no code is found; the text is a sentence for people."""


@dataclass(frozen=True)
class Found:
    """Who was found: one for certain, or several to choose from; `doubt` says why somebody has to look twice."""

    members: list = field(default_factory=list)
    is_certain: bool = False
    doubt: str = ""

    @property
    def member(self):
        return self.members[0] if len(self.members) == 1 else None

    def chosen(self, key):
        """The one whose primary key is the text `key`, which staff have looked at; itself where there is none."""
        one = [member for member in self.members if str(member.pk) == key]
        return Found(one, is_certain=True) if one else self


def read_picture(upload):
    """The text of the QR code in the picture `upload`. Raises NoCode."""
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > settings.PHOTO_MAX_PIXELS:
                raise NoCode(_("The picture is too large."))
            picture.draft("L", (MOST_PIXELS_ACROSS, MOST_PIXELS_ACROSS))
            grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, NoCode):
            raise
        raise NoCode(_("This is no picture (JPEG, PNG or WebP).")) from error
    grey.thumbnail((MOST_PIXELS_ACROSS, MOST_PIXELS_ACROSS))
    for barcode in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode):
        if barcode.text:
            return barcode.text
    raise NoCode(_("No code is found in the picture. Hold the phone closer and keep it still."))


def find(door, text, user, *, at):
    """Whom `text` means at `door`, as Found, for the staff `user`; `at` is the moment it was read or typed."""
    text = text.replace("\0", "").strip()[:200]
    if own := read_own_code(text, at=at):
        doubt = "" if own.is_fresh else _("This code has expired.")
        return _by_key(own.member_id, door, user, doubt=doubt)
    if link := _CARD.search(text):
        return _by_card(link[1], door, user) or Found(doubt=_("This card is not known."))
    return (plain_token(text) and _by_card(text, door, user)) or _by_words(door, text, user)


def candidates(door, user):
    """Members whom staff can name at `door`: those on its list, and those in their sight."""
    listed = door.event.participations if door.activity_id else door.event.attendances
    listed = listed.filter(member__isnull=False).values("member")
    seen = Member.objects.staff_visible_to(user).filter(association=door.association_id)
    return Member.objects.named().filter(Q(pk__in=listed) | Q(pk__in=seen.values("pk")))


def _by_key(pk, door, user, *, doubt=""):
    """The member `pk`, who has shown a code of their own: it need not be in sight, but of this association."""
    listed = candidates(door, user).filter(pk=pk)
    own = Member.objects.named().filter(pk=pk, association=door.association_id)
    member = listed.first() or own.first()
    if member is None:
        return Found(doubt=_("This is the code of a member of another association."))
    if not doubt and not member.is_in_force:
        doubt = _("The membership is not in force.")
    return Found([member], is_certain=not doubt, doubt=doubt)


def _by_card(token, door, user):
    card = MemberCard.objects.with_token(token).select_related("member").first()
    if card is None:
        return None
    standing = standing_of(card, timezone.localdate())
    doubt = {
        Standing.EXPIRED: _("The member card has expired."),
        Standing.REVOKED: _("The member card is no longer valid."),
    }.get(standing, "")
    return _by_key(card.member_id, door, user, doubt=doubt)


def _by_words(door, text, user):
    """By member number or whole name for certain; by part of a name, pinyin or initials to choose from."""
    if not text:
        return Found(doubt=_("Nothing was read."))
    rows = candidates(door, user)
    exact = list(rows.filter(Q(number=text) | Q(name=text)).order_by("pk")[:MOST])
    if len(exact) == 1 and exact[0].is_in_force:
        return Found(exact, is_certain=True)
    found = exact or list(rows.filter(names_hold(text)).in_stroke_order()[:MOST])
    if not found:
        return Found(doubt=_("Nobody is found under “{text}”.").format(text=text[:40]))
    return Found(found, doubt=_("Is it this person?") if len(found) == 1 else _("Who is it?"))
