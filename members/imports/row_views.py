"""What the import pages show of single rows: values, doubts, the form to repair them, members to choose from."""

from members.imports.kinds import MEMBERS, kind_of
from members.imports.presentation import message_view, place
from members.imports.repair import seen_mark
from members.imports.row_form import ALIKE, RowForm, doubtful_keys, message_id, prefix_of
from members.models import ImportRow, Member
from members.models.imports import NEW, OPEN_OUTCOMES, OPEN_STATES, WRITTEN
from members.roster.messages import WARNING

# what tells namesakes apart, in this order
COMPARED = (
    "number",
    "former_name",
    "sex",
    "birth",
    "id_number",
    "mobile",
    "employer",
    "position",
    "category",
)


INPUTS_A_PAGE = 45
"""Doubtful cells with an input on one page; the form of a row beyond them is loaded when it is asked for."""


class RowViews:
    """Rows of one batch, ready to show to one user; identity numbers masked."""

    def __init__(self, batch, user, rows, *, back="", whole=False):
        """`rows` with their `created_members` prefetched, once there can be any.

        `whole`: the forms offer all fields of the sheet.
        """
        self.batch, self.user, self.back, self.whole = batch, user, back, whole
        self.kind, self.inputs = kind_of(batch), 0
        self.rows = [(row, row.content()) for row in rows]
        self.members = self._candidates()

    def __iter__(self):
        return (self._view(row, content) for row, content in self.rows)

    def _candidates(self):
        """{id: member} of all members that a row of these may be about."""
        wanted = {pk for _row, content in self.rows for pk in _members(content)}
        if not wanted:
            return {}
        members = Member.objects.visible_to(self.user).filter(association=self.batch.association_id)
        return {member.pk: member for member in members.filter(pk__in=wanted).select_related("employer")}

    def _view(self, row, content):
        kind, created = self.kind, row.created_members.all() if self.batch.steps_applied else ()
        values = content["values"]
        applied = row.is_written(self.batch)
        may_change = self.batch.state in OPEN_STATES and not applied
        view = {
            "row": row,
            "member": created[0].pk if created else row.member_id,
            "is_applied": applied,
            "may_change": may_change,
            "is_left_out": row.outcome == ImportRow.Outcome.LEFT_OUT,
            "is_ready": may_change and row.outcome in WRITTEN,
            "is_touched": "file" in content,
            "place": place(self.batch, row.sheet, row.row),
            "name": values.get("name", ""),
            "summary": [
                (kind.header(key), kind.shown(key, values[key])) for key in kind.summary if values.get(key)
            ],
            "diff": [
                (kind.header(key), *(kind.shown(key, side) for side in pair or ("", "")))
                for key, pair in content["diff"].items()
            ],
            "kept": content["kept"],
            "messages": [
                message_view(message) | {"id": message_id(row, number)}
                for number, message in enumerate(content["messages"])
            ],
        }
        if may_change:
            view |= {"prefix": prefix_of(row), "seen": seen_mark(row), "back": self.back}
        if may_change and not view["is_left_out"]:
            view |= self._repair(row, content)
        return view

    def _repair(self, row, content):
        messages, form = content["messages"], None
        # most rows of a page have nothing to type into, and forms take longer than all the rest of it
        doubtful = doubtful_keys(content, self.batch.sheets[row.sheet], self.kind)
        self.inputs += len(doubtful)
        if self.whole or (doubtful and self.inputs <= INPUTS_A_PAGE):
            form = RowForm(batch=self.batch, row=row, content=content, is_whole=self.whole)
        return {
            "form": form,
            "batch_url": self.batch.get_absolute_url(),
            "whole": self.whole,
            "is_open": form is not None or row.outcome in OPEN_OUTCOMES,
            "picks": [pick for message in messages for pick in self._picks(message)],
            "alike": [
                (message["field"], self.kind.header(message["field"]), message["params"].get("value", ""))
                for message in messages
                if message["code"] in ALIKE | self.kind.alike
                and message["level"] != WARNING
                and message.get("field")
                and (form or message["code"] in self.kind.picks)
            ],
            **self._choice(content),
        }

    def _picks(self, message):
        """(label, text, value) of the buttons that answer a message."""
        for label, key, text in self.kind.picks.get(message["code"], ()):
            yield label, "", f"{key}:{text}"
        if message["code"] == "date_ambiguous" and message.get("field"):
            for side in ("first", "second"):
                if text := message["params"].get(side):
                    yield self.kind.header(message["field"]), text, f"{message['field']}:{text}"

    def _choice(self, content):
        """The row beside the members it may be about, field by field; nothing where there is nobody to choose."""
        asked = [message for message in content["messages"] if message["code"] in _ASKED]
        if not asked:
            return {}
        found = [self.members[pk] for pk in _members(content) if pk in self.members]
        values, rights = content["values"], self.user.rights
        fields = []
        for key in COMPARED:
            mine = MEMBERS.shown(key, values.get(key, ""))
            theirs = [_text(member, key, rights) for member in found]
            if mine or any(theirs):
                fields.append(
                    (MEMBERS.header(key), mine, [(text, bool(mine) and text == mine) for text in theirs])
                )
        return {
            "candidates": found,
            "compared": fields,
            # a number that somebody has is nobody else's
            "may_be_new": all(message["code"] != "identity_conflict" for message in asked),
            "new": NEW,
        }


_ASKED = frozenset(("ambiguous_match", "merged_elsewhere", "identity_conflict", "not_registered"))


def _members(content):
    """Ids of the members that the row's messages offer."""
    return [
        pk
        for message in content["messages"]
        if message["code"] in _ASKED
        for pk in message["params"].get("members", ())
    ]


def _text(member, key, rights):
    """A field of a candidate as the sheet's own column shows it; nothing of what `rights` may not read."""
    if not rights.may_read(key, member.association_id):
        return ""
    if key == "id_number":
        return member.masked_id if member.id_sealed else ""
    return MEMBERS.shown(key, str(getattr(member, key) or ""))
