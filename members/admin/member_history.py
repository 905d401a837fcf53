"""The history of one member, under the field classes of its reader."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from members.models import FurtherCategory, Member
from members.rights import FIELD_CLASSES, mask


class HistoryScreen:
    """The part of the member's admin that says which changes belong to a member and who may read them."""

    def history_of(self, obj):
        condition = super().history_of(obj)
        for relation in (obj.status_changes, obj.further_categories):
            kind = ContentType.objects.get_for_model(relation.model)
            keys = list(relation.values_list("pk", flat=True))
            condition |= Q(content_type=kind, object_id__in=keys)
        kind = ContentType.objects.get_for_model(FurtherCategory)
        # a further category taken away is found by what it belonged to
        return condition | Q(content_type=kind) & (Q(diff__member__0=obj.pk) | Q(diff__member__1=obj.pk))

    def history_reader(self, request, obj):
        rights = request.user.rights

        def read(model, name, text):
            if model is not Member or name not in FIELD_CLASSES or rights.may_read(name, obj.association_id):
                return text
            return mask(name, text)

        return read
