"""Whom a row of a sign-in sheet is about, and what it changes in the list of the activity or meeting."""

from django.utils.translation import gettext_lazy as _

from activities.sheets.fields import KNOWN_BY, LISTS, WhoWord
from activities.sheets.lists import ActivityList, MeetingList, Unclear
from activities.sheets.target import told
from activities.sheets.words import PICTURE, PresenceWord, understand
from members.imports.matching import ID, Match, Register
from members.models.imports import NEW, OPEN_OUTCOMES
from members.roster.messages import QUESTION, WARNING, Message

CANDIDATES = 10
PICTURES = "signature_pictured"
GUESTS = "not_registered"
"""Code of what is asked about people who are no members."""

SENTENCES = {
    "activity_not_chosen": _("{cell}: choose first of which activity or meeting this is the sheet."),
    "presence_unclear": _("{cell}: “{value}” does not say for certain whether {name} was there. Choose."),
    "presence_differs": _(
        "{cell}: {name} is entered as “{known}”, and the sheet says “{value}”. Choose which of them is right."
    ),
    "proxy_missing": _("{cell}: it is not clear who came instead of {name}. Enter the name."),
    "not_entitled": _(
        "{cell}: {name} is not on the list of those entitled to this meeting. Enter {name} as observer, or leave the "
        "row out."
    ),
    "entitled": _("{cell}: {name} is entitled to vote in this meeting and cannot observe. Choose."),
    "no_proxies": _(
        "{cell}: {name} is represented; the rules of this kind of meeting allow no proxies. Choose."
    ),
    PICTURES: _("{cell}: a picture stands here; it was taken as a signature."),
}
ALIKE = frozenset(("presence_unclear", "presence_differs", "not_entitled", GUESTS))
PICKS = {
    GUESTS: ((_("A guest"), "who", WhoWord.GUEST.value),),
    "presence_differs": tuple((word.label, "keep", word.value) for word in LISTS["keep"]),
    "not_entitled": ((_("Enter as observer"), "presence", PresenceWord.OBSERVER.value),),
}
STRANGER = "不在册"
"""What all rows about strangers share, so that one answer does for all."""


class SheetRegister(Register):
    """The members a sheet's rows could be about, and the list they are compared with. `target` is the batch's."""

    target = None

    def __init__(self, association, rows, *, lock=False, **kwargs):
        super().__init__(association, rows, lock=lock, **kwargs)
        self.steps = {}
        """{position of the row: Step}"""
        self._guests = {}
        if not self.target.is_complete:
            return
        make = MeetingList if self.target.meeting else ActivityList
        reason = self.target.options.get("correction", "")
        if lock:
            self.target.check_reason()
        with told():
            self.list = make(self.target.thing, reason=reason, locked=lock)

    def match(self, values, position, cell, derived=frozenset(), choice=None):
        """As `Register.match`. New are those who come onto the list, with a member of None for guests."""
        if not self.target.is_complete:
            return _question(cell, "name", "activity_not_chosen", {})
        person = {key: value for key, value in values.items() if key in KNOWN_BY}
        said = understand(values, blank=self.target.blank)
        found = super().match(person, position, cell, derived, choice)
        asked = [_unclear(cell, said, values)] if said.unclear else []
        if found.outcome in OPEN_OUTCOMES:
            return Match(found.outcome, found.member, messages=[*found.messages, *asked])
        is_guest = found.member is None and choice != NEW
        if is_guest and not self._is_guest(values, position):
            return Match(QUESTION, messages=[self._stranger(person, cell), *asked])
        if asked:
            return Match(QUESTION, found.member, messages=asked)
        try:
            step = self.list.step(found.member, values, said, is_guest=is_guest)
        except Unclear as unclear:
            key, code, params = unclear.args
            return Match(QUESTION, found.member, messages=[Message(cell(key), QUESTION, code, params, key)])
        self.steps[position] = step
        if step.writes:
            outcome = "new" if not step.before else "update"
        else:
            outcome = "unchanged"
        return Match(outcome, found.member, None, step.diff, [*found.messages, *_remarks(values, cell)])

    def is_as_shown(self, match, content):
        return match.diff == content["diff"]

    def _is_guest(self, values, position):
        """Whether somebody said so, or a guest of that name is on the list; no two rows are the same guest."""
        if not self.list.takes_guests:
            return False
        known = self.list.guest(values)
        if known is not None:
            return self._guests.setdefault(known.pk, position) == position
        return values.get("who") == WhoWord.GUEST

    def _stranger(self, person, cell):
        members = [record[ID] for record in self.by_name.get(person["name"], ())][:CANDIDATES]
        params = {"name": person["name"], "members": members, "value": STRANGER}
        if not self.list.takes_guests:
            return Message(cell("name"), QUESTION, GUESTS, params, "name")
        return Message(cell("name"), QUESTION, GUESTS, params | {"variant": "guest"}, "who")


def _unclear(cell, said, values):
    key = next((key for key in ("presence", "signature", "remarks") if values.get(key)), "presence")
    params = {"value": said.unclear, "name": values["name"], "choices": PresenceWord.values}
    return Message(cell(key), QUESTION, "presence_unclear", params, "presence")


def _remarks(values, cell):
    if values.get("signature") == PICTURE:
        return [Message(cell("signature"), WARNING, PICTURES, {}, "signature")]
    return []


def _question(cell, key, code, params):
    return Match(QUESTION, messages=[Message(cell(key), QUESTION, code, params, key)])
