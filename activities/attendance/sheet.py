"""The list of an activity as the page shows it on which presences are entered, and as it comes back from there."""

import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.attending import Entry
from activities.models import Participation, Presence

# the number is what stands in the form, and the key that chooses it
KEYS = {
    "1": Presence.ATTENDED,
    "2": Presence.LATE,
    "3": Presence.LEAVE,
    "4": Presence.ABSENT,
    "5": Presence.OBSERVER,
    "6": Presence.PROXY,
}
KEY_OF = {presence: key for key, presence in KEYS.items()} | {"": ""}
NOTE_LENGTH = Participation._meta.get_field("reason").max_length
PROXY_LENGTH = Participation._meta.get_field("proxy_name").max_length
# what may be known before the day
BEFOREHAND = frozenset({"", Presence.LEAVE})
State = Participation.State


@dataclass
class Line:
    """One person of the list. `note` is who came instead, or else the reason."""

    pk: int
    name: str
    about: str
    spelling: str
    """Pinyin and initials, by which the page finds the name."""
    state: str
    is_entitled: bool
    stored: tuple[str, str]
    """(key of KEYS or "", note) as it is now."""
    reason: str
    key: str = ""
    note: str = ""

    @property
    def is_listed(self):
        """Whether the person is reckoned with; others were asked and did not say that they come."""
        return self.is_entitled or self.state == State.WALK_IN or bool(self.stored[0])

    @property
    def state_label(self):
        """What is not matter of course about the person's being on the list."""
        return "" if self.state == State.SIGNED_UP else State(self.state).label


class Sheet:
    """The people of `activity`; `data` is what the page sent, None when it is opened."""

    def __init__(self, activity, data=None):
        self.activity, self.data = activity, data
        self.opened = _opened(data) if data is not None else {}
        self.lines = [self._line(*values) for values in _rows(activity)]
        for line in self.lines:
            line.key, line.note = self._shown(line)

    @property
    def listed(self):
        return [line for line in self.lines if line.is_listed]

    @property
    def others(self):
        return [line for line in self.lines if not line.is_listed]

    @property
    def seen(self):
        """What the page is opened with, for `entries` to find out what was typed on it."""
        values = {line.pk: line.stored for line in self.lines if any(line.stored)}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    def entries(self):
        """{key of a Participation: Entry} of the lines that differ from what the page was opened with.

        Raises ValidationError with a sentence for each line that cannot be, or that somebody else changed meanwhile.
        """
        found, errors = {}, []
        for line in self.lines:
            typed, before = self._typed(line), self._before(line)
            if typed in (before, line.stored):
                continue
            if line.stored != before:
                errors.append(_changed_meanwhile(line))
            elif fault := _fault(line, *typed):
                errors.append(fault)
            else:
                found[line.pk] = _entry(line, *typed)
        if too_early(self.activity) and any(entry.presence not in BEFOREHAND for entry in found.values()):
            errors.insert(0, too_early(self.activity))
        if errors:
            raise ValidationError(errors)
        return found

    def _line(self, pk, member, name, pinyin, initials, employer, guest, guest_from, guest_post, *rest):
        state, presence, proxy, reason = rest
        is_entitled = state == State.SIGNED_UP or (state == State.INVITED and self.activity.is_compulsory)
        note = proxy if presence == Presence.PROXY else reason
        return Line(
            pk,
            name if member else guest,
            (employer or "") if member else " ".join(filter(None, [guest_from, guest_post])),
            f"{pinyin} {initials}" if member else "",
            state,
            is_entitled,
            (KEY_OF[presence], note),
            reason,
        )

    def _typed(self, line):
        """(key, note) as they came back."""
        key = self.data.get(f"p{line.pk}", "")
        if not key and line.is_entitled:
            key = KEY_OF.get(self.data.get("rest", ""), "")
        return key, _text(self.data.get(f"n{line.pk}", ""))

    def _before(self, line):
        return self.opened.get(str(line.pk), ("", ""))

    def _shown(self, line):
        """What the page shows: as typed, but what was left alone as it is now."""
        if self.data is None:
            return line.stored
        typed = self.data.get(f"p{line.pk}", ""), _text(self.data.get(f"n{line.pk}", ""))
        return line.stored if typed == self._before(line) else typed


def too_early(activity):
    """The sentence that says since when presence can be entered, "" from the day of the activity on."""
    if activity.on <= timezone.localdate():
        return ""
    return _("The activity is on {day}: until then only leave can be entered.").format(day=activity.on)


def _rows(activity):
    people = ("member_id", "member__name", "member__pinyin", "member__initials", "member__employer__name")
    guests = ("guest_name", "guest_from", "guest_post")
    what = ("state", "presence", "proxy_name", "reason")
    return activity.participations.in_order().values_list("pk", *people, *guests, *what)


def _opened(data):
    """{id as text: (key, note)} that the page was opened with; what is no such thing counts as an empty list."""
    try:
        opened = json.loads(data.get("seen", ""))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(opened, dict):
        return {}
    return {key: tuple(values) for key, values in opened.items() if isinstance(values, list)}


def _text(typed):
    return typed.replace("\x00", "").strip()


def _entry(line, key, note):
    presence = KEYS.get(key, "")
    if presence == Presence.PROXY:
        return Entry(presence, note, line.reason)
    return Entry(presence, reason=note)


def _fault(line, key, note):
    if key and key not in KEYS:
        return _("{name}: choose one of the list.").format(name=line.name)
    most = PROXY_LENGTH if KEYS.get(key) == Presence.PROXY else NOTE_LENGTH
    if len(note) > most:
        return _("{name}: the note has more than {most} characters.").format(name=line.name, most=most)
    if KEYS.get(key) == Presence.PROXY and not note:
        return _("{name}: say who came instead.").format(name=line.name)
    return ""


def _changed_meanwhile(line):
    now = KEYS[line.stored[0]].label if line.stored[0] else _("nothing")
    return _("{name}: somebody entered “{now}” meanwhile. Save again to replace it.").format(
        name=line.name, now=now
    )
