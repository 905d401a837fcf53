"""The list of an activity or meeting beside a sheet: what each row of the sheet would change in it."""

from copy import copy
from dataclasses import dataclass, field

from django.utils import timezone

from activities.attending import Entry, lock
from activities.models import PRESENT, Participation, Presence
from activities.sheets.fields import KeepWord, WhoWord
from activities.sheets.words import WORD_OF
from organizations.meetings import holding
from organizations.meetings.defaults import rule_for
from organizations.models import Attendance, Meeting

State = Participation.State
EXPECTED = "应到"
_STATE_WORDS = {
    State.INVITED: "已邀请",
    State.SIGNED_UP: EXPECTED,
    State.WAITING: "候补",
    State.DECLINED: "已谢绝",
    State.WITHDRAWN: "已取消报名",
    State.WALK_IN: "临时到会",
}


class Unclear(Exception):
    """A person has to decide; the arguments are (field, code, params)."""


@dataclass(slots=True)
class Step:
    """What becomes of one person's row in the list."""

    row: object
    """A Participation or Attendance; a new one, or the one there is with its state as it will be."""
    said: object = None
    """The Entry to be made, None where nothing is said of the presence."""
    diff: dict = field(default_factory=dict)
    """{key of the sheet: [before, after]}"""
    before: dict = field(default_factory=dict)
    """Columns of a row there is, as they are."""

    @property
    def is_new(self):
        return self.row.pk is None

    @property
    def writes(self):
        return bool(self.diff)


def _differs(known, said):
    """Whether the sheet says something else than the list: a mark alone says only that somebody was there."""
    if said.is_mark or said.presence == Presence.ATTENDED:
        return known not in PRESENT and not (said.is_mark and known == Presence.OBSERVER)
    return known != said.presence


def _settle(row, known, said, values):
    """(presence, reason, proxy) that the row gets; raises Unclear where the list and the sheet contradict."""
    presence, proxy, reason = known[0], known[2], known[1]
    if said.presence and not presence:
        return said.presence, said.reason or reason, said.proxy
    if not said.presence:
        return presence, said.reason or reason, proxy
    if not _differs(presence, said):
        return presence, said.reason or reason, said.proxy or proxy
    keep = values.get("keep")
    if keep == KeepWord.LIST:
        return known
    if keep == KeepWord.SHEET:
        return said.presence, said.reason, said.proxy
    params = {
        "name": values["name"],
        "known": _known(row),
        "value": WORD_OF[said.presence],
        "choices": KeepWord.values,
    }
    raise Unclear("keep", "presence_differs", params)


def _known(row):
    """What the list says, with how it was found out: 出席（屏幕二维码 09:02）."""
    word = WORD_OF[row.presence]
    way = row.get_way_display() if getattr(row, "way", "") else ""
    came_at = getattr(row, "came_at", None)
    at = f"{timezone.localtime(came_at):%H:%M}" if came_at else ""
    beside = " ".join(filter(None, [way, at]))
    return f"{word}（{beside}）" if beside else word


def _difference(before, after):
    """{key: [before, after]} of (presence, reason, proxy)."""
    pairs = zip(("presence", "reason", "proxy"), before, after, strict=True)
    words = {"presence": WORD_OF.get}
    return {
        key: [words.get(key, str)(old), words.get(key, str)(new)] for key, old, new in pairs if old != new
    }


class ActivityList:
    """The list of an activity, which a sheet is compared with."""

    takes_guests = True

    def __init__(self, activity, *, reason="", locked=False):
        self.activity = activity
        self.by_member, self.by_guest = {}, {}
        if activity.pk is None:
            return
        if locked:
            self.activity = activity = lock(activity, reason=reason)
        for row in activity.participations.all():
            row.activity = activity
            if row.member_id:
                self.by_member[row.member_id] = row
            else:
                self.by_guest.setdefault(row.guest_name, []).append(row)

    def guest(self, values):
        """The row of a guest of that name and, where both say it, from there; None without one."""
        unit = values.get("employer", "")
        for row in self.by_guest.get(values["name"], ()):
            if not unit or not row.guest_from or row.guest_from == unit[:150]:
                return row
        return None

    def step(self, member, values, said, *, is_guest=False):
        """The Step of a row about the member with the id `member`, or about a guest. Raises Unclear."""
        stored = self.guest(values) if is_guest else self.by_member.get(member)
        row = copy(stored) if stored else self._new(member, values, is_guest)
        if said.presence == Presence.PROXY and not said.proxy and row.presence != Presence.PROXY:
            raise Unclear("proxy", "proxy_missing", {"name": values["name"], "value": ""})
        known = (row.presence, row.reason, row.proxy_name)
        after = _settle(row, known, said, values)
        before = {name: getattr(row, name) for name in BEFORE} if stored else {}
        state = row.state
        row.state = self._state(row, after[0])
        diff = _difference(known, after)
        if stored is None:
            word = "列席" if after[0] == Presence.OBSERVER else EXPECTED
            diff = {"who": ["", f"{WhoWord.GUEST}、{word}" if is_guest else word]} | diff
        elif row.state != state:
            diff = {"who": [_STATE_WORDS[state], _STATE_WORDS[row.state]]} | diff
        entry = None if after == known else Entry(after[0], after[2], after[1])
        return Step(row, entry, diff, before)

    def _new(self, member, values, is_guest):
        fields = {"member_id": member}
        if is_guest:
            fields = {
                "guest_name": values["name"],
                "guest_from": values.get("employer", "")[:150],
                "guest_post": values.get("position", "")[:100],
            }
        return Participation(activity=self.activity, **fields)

    def _state(self, row, presence):
        """Everybody on a sheet is expected, observers apart; who came without signing up stays so."""
        if presence == Presence.OBSERVER:
            return State.WALK_IN if row.pk is None else row.state
        if row.state == State.WALK_IN and (presence in PRESENT or not presence):
            return row.state
        if row.state == State.INVITED and self.activity.is_compulsory:
            return row.state
        return State.SIGNED_UP


BEFORE = ("state", "presence", "proxy_name", "reason", "way", "came_at", "entered_by_id")
"""Columns of a Participation that a sheet may change."""


class MeetingList:
    """The list of those entitled to a meeting, which a sheet is compared with."""

    takes_guests = False

    def __init__(self, meeting, *, reason="", locked=False):
        if locked:
            meeting = (
                Meeting.objects.select_for_update(of=("self",))
                .select_related("body", "term", "joint_with")
                .get(pk=meeting.pk)
            )
        self.meeting = meeting
        self.rows = holding.list_of(meeting)
        self.by_member = {row.member_id: row for row in self.rows}
        self.by_name = {}
        for row in self.rows:
            self.by_name.setdefault(row.member.name, row)
        self.proxies_allowed = rule_for(meeting.body.association_id, meeting.kind).proxies_allowed

    def guest(self, values):
        return None

    def step(self, member, values, said, *, is_guest=False):
        """The Step of a row about the member with the id `member`. Raises Unclear."""
        stored = self.by_member.get(member)
        observes = Presence.OBSERVER
        name, word = values["name"], WORD_OF[said.presence] or "—"
        if stored is None:
            if said.presence != observes:
                raise Unclear("presence", "not_entitled", {"name": name, "value": word})
        elif not stored.is_entitled:
            if said.presence == "" or (said.is_present and stored.presence != observes):
                raise Unclear("presence", "not_entitled", {"name": name, "value": word})
        elif said.presence == observes:
            raise Unclear("presence", "entitled", {"name": name, "value": word})
        if stored is None:
            row = Attendance(meeting=self.meeting, member_id=member, is_entitled=False)
            return Step(row, holding.Entry(observes), {"who": ["", "列席"], "presence": ["", "列席"]})
        known = (stored.presence, stored.reason, stored.proxy.name if stored.proxy_id else "")
        after = known if not stored.is_entitled and said.is_present else _settle(stored, known, said, values)
        before = {name: getattr(stored, name) for name in ("presence", "reason", "proxy_id")}
        proxy_id = self._proxy(after, stored, values) if after != known else stored.proxy_id
        entry = None if after == known else holding.Entry(after[0], proxy_id, after[1])
        row = copy(stored)
        row.presence = after[0]
        # a planned meeting's list is not saved yet
        return Step(row, entry, _difference(known, after), before)

    def _proxy(self, after, stored, values):
        """The id of who came instead, None where nobody on the list did."""
        if after[0] != Presence.PROXY:
            return None
        if not self.proxies_allowed:
            params = {"name": values["name"], "value": WORD_OF[after[0]]}
            raise Unclear("presence", "no_proxies", params)
        holder = self.by_name.get(after[2])
        if holder is None or holder.member_id == stored.member_id:
            raise Unclear("proxy", "proxy_missing", {"name": values["name"], "value": after[2]})
        return holder.member_id
