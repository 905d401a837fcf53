"""What the office should know about a meeting: sentences about its notice, quorum, votes and resolutions."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.meetings.effects import effect_of
from organizations.models import Attendance, Meeting


@dataclass(frozen=True)
class Counts:
    """Numbers of people on the list of a meeting; all but `observers` are of those entitled."""

    entitled: int = 0
    present: int = 0
    by_proxy: int = 0
    late: int = 0
    leave: int = 0
    absent: int = 0
    open: int = 0
    observers: int = 0


def counts_of(rows):
    """The Counts of the Attendance `rows` of a meeting."""
    kinds = Attendance.Presence
    entitled = [row.presence for row in rows if row.is_entitled]
    return Counts(
        entitled=len(entitled),
        present=sum(presence in Attendance.PRESENT for presence in entitled),
        by_proxy=entitled.count(kinds.PROXY),
        late=entitled.count(kinds.LATE),
        leave=entitled.count(kinds.LEAVE),
        absent=entitled.count(kinds.ABSENT),
        open=entitled.count(""),
        observers=sum(row.presence == kinds.OBSERVER for row in rows),
    )


def notice_warning(meeting, rule, today):
    """The sentence about too short or missing notice, "" where the charter asks for none (domain.md D2 [CD])."""
    if rule.notice_days is None or meeting.state == Meeting.State.CANCELLED:
        return ""
    if meeting.notice_on is None:
        left = (meeting.on - today).days
        if left >= rule.notice_days:
            return ""
        return _("No notice is entered; the rule asks for {days} days before the meeting.").format(
            days=rule.notice_days
        )
    days = (meeting.on - meeting.notice_on).days
    if days >= rule.notice_days:
        return ""
    return _("Less than {needed} days from the notice to the meeting: {days}.").format(
        needed=rule.notice_days, days=days
    )


def warnings(meeting, rule, quorum, resolutions, today):
    """What is not as `rule` (a MeetingRule) asks, as sentences; `resolutions` with votes, `today` a local date."""
    found = [notice_warning(meeting, rule, today)]
    if meeting.mode == Meeting.Mode.CORRESPONDENCE and not rule.correspondence_allowed:
        found.append(_("The rule does not allow this kind of meeting by correspondence."))
    if meeting.has_taken_place:
        if not quorum.reached:
            found.append(
                ngettext(
                    "No quorum: {present} present, {needed} needed of {entitled}, {missing} more.",
                    "No quorum: {present} present, {needed} needed of {entitled}, {missing} more.",
                    quorum.missing,
                ).format(
                    present=quorum.present,
                    needed=quorum.needed,
                    entitled=quorum.entitled,
                    missing=quorum.missing,
                )
            )
        found += [_vote_warning(resolution, rule) for resolution in resolutions]
        found += [
            _("Resolution no. {number} has passed and is not carried out yet.").format(
                number=resolution.number
            )
            for resolution in resolutions
            if resolution.is_passed and not resolution.carried_out_id and effect_of(resolution)
        ]
    return [sentence for sentence in found if sentence]


def _vote_warning(resolution, rule):
    if resolution.kind not in rule.secret_for:
        return ""
    if resolution.vote is None:
        return _("Resolution no. {number} ({kind}) needs a secret ballot: no vote is entered.").format(
            number=resolution.number, kind=resolution.get_kind_display()
        )
    if not resolution.vote.is_secret:
        return _("Resolution no. {number} ({kind}) needs a secret ballot: the vote was open.").format(
            number=resolution.number, kind=resolution.get_kind_display()
        )
    return ""
