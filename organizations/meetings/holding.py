"""A meeting from its plan to the signed minutes: every change to it but resolutions (resolving.py).

Changes belong to the action in progress. After the minutes are signed each needs a reason, which becomes the note of
an action of its own.
"""

import contextlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.meetings.counting import faults, quorum
from organizations.meetings.defaults import rule_for
from organizations.meetings.entitled import is_of_all_members, seats
from organizations.meetings.numbering import next_number, usual_name
from organizations.models import (
    AgendaItem,
    Attendance,
    Body,
    Change,
    Meeting,
    Vote,
    acting,
    change_row,
    current_action,
)
from organizations.models.appointments import all_members
from organizations.models.meetings import kinds_of
from organizations.services import NotPossible
from organizations.shared_locks import keep_as_it_is

# rows of one statement
CHUNK = 500


# -- planning


@transaction.atomic
def plan_meeting(body, *, kind, on, number=None, name="", term=None, **fields):
    """A new meeting of `body` on the local date `on`; return it. `fields` are further columns.

    In a body with terms it is of `term`, or of the one running on that day; number and name are the next and the
    usual ones unless given. Raises NotPossible, in a sentence, where a rule forbids it.
    """
    # lock first: two people may take the same number at once
    body = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if body.has_terms and term is None:
        term = body.terms.in_force_on(on).first()
    number = number or next_number(body, term, kind)
    meeting = Meeting(body=body, kind=kind, on=on, term=term, number=number, name=name, **fields)
    if not meeting.name:
        meeting.name = name_of(meeting)
    _save(meeting)
    return meeting


def name_of(meeting):
    """The usual name of `meeting`, of members or of delegates as the assembly is that day."""
    return usual_name(meeting, of_delegates=not is_of_all_members(meeting.body, meeting.on))


@transaction.atomic
def change_meeting(meeting, *, actor=None, reason=""):
    """Save `meeting` as changed in memory (its columns but state); return it. Its body stays what it is.

    A name left blank becomes the usual one. The term follows the day unless it was changed. Raises NotPossible.
    """
    with writing(meeting, actor=actor, reason=reason) as stored:
        meeting.state, meeting.body = stored.state, stored.body
        if meeting.has_taken_place and meeting.on != stored.on:
            raise NotPossible(
                _("Who is entitled was fixed for {day}: a meeting that was held keeps its day.").format(
                    day=stored.on.isoformat()
                )
            )
        if stored.body.has_terms and meeting.term_id == stored.term_id and meeting.on != stored.on:
            meeting.term = stored.body.terms.in_force_on(meeting.on).first()
        if not meeting.number:
            meeting.number = next_number(meeting.body, meeting.term, meeting.kind)
        if not meeting.name:
            meeting.name = name_of(meeting)
        _save(meeting)
    return meeting


def _save(meeting):
    if reason := why_not(meeting):
        raise NotPossible(reason)
    meeting.save()


def why_not(meeting):
    """What forbids saving `meeting`, new or changed, in one sentence; "" if nothing does."""
    body, term, on = meeting.body, meeting.term, meeting.on
    if meeting.kind not in kinds_of(body):
        return _("“{body}” holds no meetings of the kind “{kind}”.").format(
            body=body, kind=meeting.get_kind_display()
        )
    if meeting.joint_with_id:
        if meeting.joint_with.association_id != body.association_id or meeting.joint_with_id == body.pk:
            return _("A joint meeting is one of two bodies of the same association.")
        if meeting.kind != "joint":
            return _("Only a joint meeting is one of two bodies.")
    elif meeting.kind == "joint":
        return _("Say with which other body the joint meeting is.")
    if not body.existed_on(on):
        return _("“{body}” does not exist on {day}.").format(body=body, day=on.isoformat())
    if body.has_terms and term is None:
        return _("No term of “{body}” runs on {day}: enter the term first.").format(
            body=body, day=on.isoformat()
        )
    if term:
        if term.body_id != body.pk:
            return _("{term} is a term of another body.").format(term=term)
        if on < term.starts_on:
            return _("{term} only begins on {day}.").format(term=term, day=term.starts_on.isoformat())
        if term.ended_on and on > term.ended_on:
            return _("{term} ended on {day} already.").format(term=term, day=term.ended_on.isoformat())
    if meeting.notice_on and meeting.notice_on > on:
        return _("The notice was sent after the meeting.")
    same = Meeting.objects.filter(body=body, term=term, kind=meeting.kind, number=meeting.number)
    other = same.exclude(state=Meeting.State.CANCELLED).exclude(pk=meeting.pk).first()
    if other and meeting.state != Meeting.State.CANCELLED:
        return _("No. {number} is “{other}” of {day}: the next free number is {next}.").format(
            number=meeting.number,
            other=other,
            day=other.on.isoformat(),
            next=next_number(body, term, meeting.kind),
        )
    return ""


@contextlib.contextmanager
def writing(meeting, *, actor=None, reason="", alone=True):
    """Locks `meeting` for a change to it or to what belongs to it; gives it as it is now.

    Not `alone`: others may write what belongs to it at the same time, and the caller locks its own row. Raises
    NotPossible if it is cancelled, or if its minutes are signed and no `reason` is given; with one, what is written
    inside is an action of its own of `actor`, with the reason as its note.
    """
    with transaction.atomic():
        rows = Meeting.objects.select_related("body", "term", "joint_with")
        if alone:
            rows = rows.select_for_update(of=("self",))
        else:
            keep_as_it_is(meeting)
        stored = rows.get(pk=meeting.pk)
        if stored.state == Meeting.State.CANCELLED:
            raise NotPossible(_("This meeting was cancelled."))
        if stored.state != Meeting.State.SIGNED:
            yield stored
            return
        if not reason.strip():
            raise NotPossible(_("The minutes are signed: say why this is corrected."))
        note = _("Correction after the minutes were signed: {reason}").format(reason=reason.strip())
        with acting(actor, note=note[:500], association=stored.body.association):
            yield stored


# -- who is there


@dataclass(frozen=True)
class Entry:
    """What is entered about one person: presence ("" takes it back), id of who came instead, reason."""

    presence: str
    proxy_id: int | None = None
    reason: str = ""


def _compare(meeting):
    """(rows to keep or change, new rows, rows to go) that bring the list of `meeting` in line with who is entitled.

    Who no longer is goes, unless something was entered about them: then they stay on the list without a vote.
    """
    wanted = {seat.member_id: (place, seat.post) for place, seat in enumerate(seats(meeting), start=1)}
    kept, gone = [], []
    for row in meeting.attendances.select_related("member", "proxy"):
        place, post = wanted.pop(row.member_id, (None, None))
        if place is not None:
            row.is_entitled, row.place, row.post = True, place, post
            row.presence = "" if row.presence == Attendance.Presence.OBSERVER else row.presence
        elif row.is_entitled and row.presence in ("", *Attendance.PRESENT):
            gone.append(row)
            continue
        else:
            row.is_entitled = False
        kept.append(row)
    new = [
        Attendance(meeting=meeting, member_id=member_id, place=place, post=post)
        for member_id, (place, post) in wanted.items()
    ]
    return kept, new, gone


def make_list(meeting):
    """Bring the list of `meeting` in line with who is entitled on its day, while it is planned; the caller locks it."""
    kept, new, gone = _compare(meeting)
    _write(meeting, kept, new)
    for row in gone:
        row.delete()


def list_of(meeting):
    """[Attendance] of `meeting` in order, with members; of a planned one as the list would be made now, unsaved."""
    if meeting.state != Meeting.State.PLANNED:
        return list(meeting.attendances.in_order().select_related("member", "proxy"))
    kept, new, _gone = _compare(meeting)
    people = all_members()
    people = people.in_bulk([row.member_id for row in new])
    for row in new:
        row.member = people[row.member_id]
    return sorted([*kept, *new], key=lambda row: (not row.is_entitled, row.place))


def record_attendance(meeting, entries, *, actor=None, reason=""):
    """Enter who was there: `entries` {id of a member on the list: Entry}; return how many rows changed.

    Raises NotPossible, in a sentence with the name, where a rule forbids an entry; then nothing is written.
    """
    with writing(meeting, actor=actor, reason=reason) as meeting:
        if meeting.state == Meeting.State.PLANNED:
            make_list(meeting)
        proxies_allowed = rule_for(meeting.body.association_id, meeting.kind).proxies_allowed
        rows = {row.member_id: row for row in meeting.attendances.select_related("member")}
        for member_id, entry in entries.items():
            row = rows.get(member_id)
            if row is None:
                raise NotPossible(
                    _("Somebody is no longer on the list of this meeting: open the page again.")
                )
            row.presence, row.reason = entry.presence, entry.reason
            row.proxy_id = entry.proxy_id if entry.presence == Attendance.Presence.PROXY else None
        for member_id in entries:
            _check(rows[member_id], rows, proxies_allowed)
        return _write(meeting, [rows[member_id] for member_id in entries])


def _check(row, rows, proxies_allowed):
    kinds = Attendance.Presence
    if row.is_entitled and row.presence == kinds.OBSERVER:
        raise NotPossible(_("{name} is entitled to vote and cannot observe.").format(name=row.member))
    if not row.is_entitled and row.presence in Attendance.PRESENT:
        raise NotPossible(_("{name} has no vote here: enter “observer”.").format(name=row.member))
    if row.presence != kinds.PROXY:
        return
    if not proxies_allowed:
        raise NotPossible(
            _("{name}: the rules of this kind of meeting allow no proxies.").format(name=row.member)
        )
    holder = rows.get(row.proxy_id)
    if row.proxy_id == row.member_id or (row.proxy_id and holder is None):
        raise NotPossible(
            _("{name}: who comes instead is somebody else on the list.").format(name=row.member)
        )
    if holder and holder.presence not in (kinds.ATTENDED, kinds.LATE, kinds.OBSERVER):
        raise NotPossible(
            _("{name} is represented by {holder}, who is not present.").format(
                name=row.member, holder=holder.member
            )
        )


def add_observer(meeting, member, *, actor=None, reason=""):
    """Put `member` of the association on the list as observer (列席); return the Attendance. Raises NotPossible."""
    with writing(meeting, actor=actor, reason=reason) as meeting:
        if member.association_id != meeting.body.association_id:
            raise NotPossible(
                _("{name} is not a member of the association whose body this is.").format(name=member)
            )
        if meeting.state == Meeting.State.PLANNED:
            make_list(meeting)
        if meeting.attendances.filter(member=member).exists():
            raise NotPossible(_("{name} is on the list already.").format(name=member))
        last = meeting.attendances.aggregate(last=Max("place"))["last"] or 0
        observer = Attendance.Presence.OBSERVER
        row = Attendance(meeting=meeting, member=member, is_entitled=False, presence=observer, place=last + 1)
        row.save()
    return row


def _write(meeting, rows, new=()):
    """Save the `rows` that differ and the `new` ones with their history, in few statements; return how many."""
    action, changes, changed = None, [], []
    for row in rows:
        row.meeting = meeting
        diff = row.pending_diff()
        if diff or row._stored.get("place") != row.place:
            changed.append(row)
        if diff:
            action = action or current_action()
            changes.append(change_row(action, row, Change.Kind.CHANGED, diff))
    if changed:
        fields = ["is_entitled", "place", "post", "presence", "proxy", "reason"]
        Attendance.objects.bulk_update(changed, fields, batch_size=CHUNK // 2)
    if new:
        Attendance.objects.bulk_create(new, batch_size=CHUNK)
        action = action or current_action()
        changes += [change_row(action, row, Change.Kind.CREATED, row.pending_diff()) for row in new]
    Change.objects.bulk_create(changes, batch_size=CHUNK)
    return len(changed) + len(new)


def quorum_of(meeting):
    """The counting.Quorum of `meeting`: of its list, or while there is none of those entitled today's data say."""
    share = meeting.quorum or rule_for(meeting.body.association_id, meeting.kind).quorum
    present = meeting.attendances.counted_present().count()
    entitled = meeting.attendances.entitled().count()
    if not entitled and not meeting.has_taken_place:
        entitled = len(seats(meeting))
    return quorum(entitled, present, share)


# -- held, signed, cancelled


def hold_meeting(meeting, *, today, actor=None):
    """Note that `meeting` took place: who is entitled and what quorum is asked for are fixed; return it.

    Raises NotPossible before its day (`today` is the local date), and where nobody is entitled.
    """
    with writing(meeting, actor=actor) as meeting:
        if meeting.state != Meeting.State.PLANNED:
            raise NotPossible(_("This meeting was held already."))
        if meeting.on > today:
            raise NotPossible(_("The meeting is only on {day}.").format(day=meeting.on.isoformat()))
        make_list(meeting)
        if not meeting.attendances.entitled().exists():
            raise NotPossible(
                _("Nobody is entitled on {day}: enter the appointments of “{body}” first.").format(
                    day=meeting.on.isoformat(), body=meeting.body
                )
            )
        meeting.quorum = rule_for(meeting.body.association_id, meeting.kind).quorum
        meeting.state = Meeting.State.HELD
        meeting.save()
    return meeting


def sign_minutes(meeting, *, on, by, actor=None):
    """Close the minutes of `meeting`, signed by `by` on the local date `on`; return it.

    From then on each change needs a reason. Raises NotPossible before it is held, and while somebody's attendance
    is not entered.
    """
    with writing(meeting, actor=actor) as meeting:
        if meeting.state != Meeting.State.HELD:
            raise NotPossible(_("Only the minutes of a meeting that was held are signed, and once."))
        if on < meeting.on:
            raise NotPossible(_("Minutes are signed on the day of the meeting or later."))
        open_rows = meeting.attendances.entitled().filter(presence="").count()
        if open_rows:
            raise NotPossible(
                ngettext(
                    "The attendance of {count} person is not entered yet.",
                    "The attendance of {count} people is not entered yet.",
                    open_rows,
                ).format(count=open_rows)
            )
        meeting.state, meeting.signed_on, meeting.signed_by = Meeting.State.SIGNED, on, by
        meeting.save()
    return meeting


def cancel_meeting(meeting, *, reason, actor=None):
    """Note that `meeting` does not take place, or was entered in error; return it. `reason` is needed.

    Its number is free again. Raises NotPossible once the minutes are signed or a resolution of it is carried out.
    """
    if not reason.strip():
        raise NotPossible(_("Say why the meeting is cancelled."))
    with writing(meeting, actor=actor) as meeting:
        if meeting.resolutions.filter(carried_out__isnull=False).exists():
            raise NotPossible(_("A resolution of this meeting is carried out: take it back first."))
        meeting.state, meeting.cancelled_reason = Meeting.State.CANCELLED, reason.strip()
        meeting.save()
    return meeting


# -- agenda and votes


def save_item(meeting, item, *, actor=None, reason=""):
    """Save the AgendaItem `item` of `meeting`, new or changed; a new one without a number comes last. Return it."""
    with writing(meeting, actor=actor, reason=reason) as meeting:
        item.meeting = meeting
        if not item.number:
            item.number = (meeting.items.aggregate(last=Max("number"))["last"] or 0) + 1
        if meeting.items.filter(number=item.number).exclude(pk=item.pk).exists():
            raise NotPossible(_("The agenda has an item of that number already."))
        item.save()
    return item


def delete_item(item, *, actor=None, reason=""):
    """Take `item` off the agenda, with its votes. Raises NotPossible where a resolution rests on it."""
    with writing(item.meeting, actor=actor, reason=reason):
        if item.resolutions.exists():
            raise NotPossible(_("A resolution rests on this item: delete that first."))
        for vote in item.votes.all():
            vote.delete()
        item.delete()


def new_vote(item):
    """An unsaved Vote on `item`: those entitled and present, and the majority, as list and rule have them."""
    meeting = item.meeting
    rule, count = rule_for(meeting.body.association_id, meeting.kind), quorum_of(meeting)
    return Vote(
        item=item,
        entitled=count.entitled,
        present=count.present,
        in_favour=0,
        majority=rule.majority,
        majority_of=rule.majority_of,
    )


def save_vote(vote, *, actor=None, reason=""):
    """Save `vote`, new or changed; return it. Raises NotPossible where its numbers cannot be."""
    with writing(vote.item.meeting, actor=actor, reason=reason) as meeting:
        if not meeting.has_taken_place:
            raise NotPossible(_("The meeting was not held yet: note that first."))
        votes = {"against": vote.against, "abstained": vote.abstained}
        wrong = faults(vote.in_favour, **votes, present=vote.present, entitled=vote.entitled)
        on_list = meeting.attendances.entitled().count()
        if vote.entitled > on_list:
            wrong.append(
                _("{entitled} entitled, but the list of the meeting has {listed}.").format(
                    entitled=vote.entitled, listed=on_list
                )
            )
        if wrong:
            raise NotPossible(" ".join(wrong))
        vote.save()
    return vote


def delete_vote(vote, *, actor=None, reason=""):
    """Delete `vote`. Raises NotPossible where a resolution rests on it."""
    with writing(vote.item.meeting, actor=actor, reason=reason):
        if vote.resolutions.exists():
            raise NotPossible(_("A resolution rests on this vote: delete that first."))
        vote.delete()


def agenda_of(meeting):
    """The AgendaItems of `meeting` in order, with votes and resolutions, by three queries."""
    return AgendaItem.objects.filter(meeting=meeting).prefetch_related("votes", "resolutions")
