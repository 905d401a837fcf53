"""Two people in one member's record: organizations/opened.py, and the identity number, which is no plain field."""

from django.core import signing
from django.utils.translation import gettext as _

from members import identity
from organizations.opened import THEIRS, OpenedForm


class OpenedMemberForm(OpenedForm):
    """A form of a member that knows what it was opened with: of the number a mark, which tells nothing about it."""

    # the number is written by one of two inputs
    apart = OpenedForm.apart | {"id_number", "remove_id"}

    def more_to_keep(self):
        return _mark(self.instance)

    def name_in_form(self, name):
        return "id_number" if name == "id_sealed" else name

    def reconcile_more(self, opened, undecided):
        name = "id_number"
        if name not in self.fields:
            return
        typed, removed = (
            self.data.get(self.add_prefix(name), "").strip(),
            self.data.get(self.add_prefix("remove_id")),
        )
        moved = _mark(self.instance) != opened.more
        if not (typed or removed) or _same_number(typed, self.instance):
            if moved:
                self.taken_over.append(name)
        elif moved or self.is_undecided(name, opened):
            if not moved and self.chosen(name) == THEIRS:
                self.take_theirs(name, "")
                self.data.pop(self.add_prefix("remove_id"), None)
            else:
                undecided[name] = ""
                mine = identity.mask_id_number(identity.clean_number(typed)) if typed else ""
                self.ask(name, _("not kept"), self.instance.masked_id, mine)


def _mark(member):
    """What changes whenever the number is written; the ciphertext is another each time and says nothing."""
    return (
        signing.Signer(salt="members.number").signature(bytes(member.id_sealed).hex())
        if member.id_sealed
        else ""
    )


def _same_number(typed, member):
    try:
        return bool(typed) and identity.read_id_number(typed, member.id_kind).number == member.id_number
    except identity.InvalidNumber:
        return False
