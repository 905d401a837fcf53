"""Notices on personal data by version: drafted, published from a day on, compared with the version before."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Consent, Member, Notice
from members.privacy.consents import notice_in_force, notices_in_force
from organizations.models import Association


class CannotPublish(ValueError):
    """A draft cannot be published; the text is a sentence for people."""


@transaction.atomic
def keep_draft(association, *, text, valid_from):
    """The next version of the notice of `association` as a draft: a new one, or the present one with this content."""
    # lock first: two may begin a draft at once
    Association.objects.select_for_update(of=("self",)).get(pk=association.pk)
    draft = association.notices.filter(published_at=None).first()
    if draft is None:
        latest = association.notices.order_by("-version").first()
        version = latest.version + 1 if latest else 1
        draft = Notice(association=association, version=version, published_at=None)
    draft.text, draft.valid_from = text, valid_from
    draft.save()
    return draft


@transaction.atomic
def publish_notice(draft, *, actor, today=None):
    """Publish `draft`, in force from its day on; return it. It is not edited afterwards.

    Raises CannotPublish for a day that is past or before that of the version before, and if it was published already.
    """
    today = today or timezone.localdate()
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if notice.published_at is not None:
        raise CannotPublish(_("This version has been published already."))
    if notice.valid_from < today:
        raise CannotPublish(_("The day from which it is in force is past. Choose today or a later day."))
    before = version_before(notice)
    if before is not None and notice.valid_from < before.valid_from:
        raise CannotPublish(
            _("Version {version} is in force from {day} only. Choose that day or a later one.").format(
                version=before.version, day=before.valid_from.isoformat()
            )
        )
    notice.published_at, notice.published_by = timezone.now(), actor
    notice.save(update_fields=["published_at", "published_by"])
    return notice


def version_before(notice):
    """The published version before `notice`, None for the first."""
    earlier = notice.association.notices.published().filter(version__lt=notice.version)
    return earlier.order_by("-version").first()


@dataclass(frozen=True)
class Block:
    """A piece of a notice: a heading, a paragraph or a list."""

    kind: str
    lines: tuple[str, ...]


HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
BULLET = re.compile(r"[-·•]\s*")


def blocks(text):
    """[Block] of the text of a notice: lines that begin with 一、 are headings, with “-” points of a list."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if HEADING.match(line):
            found.append(Block("heading", (line,)))
        elif BULLET.match(line):
            point = BULLET.sub("", line, count=1)
            if found and found[-1].kind == "list":
                found[-1] = Block("list", (*found[-1].lines, point))
            else:
                found.append(Block("list", (point,)))
        else:
            found.append(Block("paragraph", (line,)))
    return found


def differences(before, after):
    """[(``" "``, ``"-"`` or ``"+"``, line)] between two texts, line by line; blank lines do not count."""
    lines = [[line for line in map(str.strip, text.splitlines()) if line] for text in (before, after)]
    return [(line[0], line[2:]) for line in difflib.ndiff(*lines) if line[0] != "?"]


def notice_to_read(member):
    """The notice in force that `member` has not said to have read, None if there is none."""
    notice = notice_in_force(member.association)
    if notice is None:
        return None
    read = member.consents.in_force().filter(purpose=Consent.Purpose.NOTICE, notice=notice)
    return None if read.exists() else notice


def with_readers(notices):
    """`notices` with the number of members who have read each, as `readers`."""
    read = Q(consents__purpose=Consent.Purpose.NOTICE)
    return notices.annotate(readers=Count("consents__member", filter=read, distinct=True))


def members_told(associations, day=None):
    """{id of the notice: members in force for whom it is the one in force on `day`}, of those of `associations`.

    Two statements, however many associations there are.
    """
    day = day or timezone.localdate()
    rows = Member.objects.in_force_on(day).filter(association__in=[each.pk for each in associations])
    counts = dict(rows.order_by().values_list("association").annotate(Count("pk")))
    told = Counter()
    for pk, notice in notices_in_force(associations, day).items():
        told[notice.pk if notice else None] += counts.get(pk, 0)
    return told
