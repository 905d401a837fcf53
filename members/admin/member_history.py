"""The history of one member, under the field classes of its reader."""

from django.utils.translation import gettext_lazy as _

from members.models import FurtherCategory, Member
from members.rights import FIELD_CLASSES, mask

# columns of a member in the history under another name than the field's key
KEYS = {"id_sealed": "id_number"}


class HistoryScreen:
    """The part of the member's admin that says who may read which changes, and what can be brought back."""

    restorable = True
    restored_elsewhere = {
        "status": _("A status comes back by a new change of status, with its date and basis."),
    }
    restorable_parts = (FurtherCategory,)

    def reads_history(self, request, obj, model, name):
        key = KEYS.get(name, name)
        return (
            model is not Member
            or key not in FIELD_CLASSES
            or request.user.rights.may_read(key, obj.association_id)
        )

    def searches_history(self, request, model, name):
        key = KEYS.get(name, name)
        return model is not Member or key not in FIELD_CLASSES or request.user.rights.may_search(key)

    def history_reader(self, request, obj):
        def read(model, name, text):
            return text if self.reads_history(request, obj, model, name) else mask(name, text)

        return read
