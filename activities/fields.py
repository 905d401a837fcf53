"""The fields in which an association serves."""

from activities.models import ServiceField

# Source: the association's own wording of its services, as in the issue on activities; each association changes its own
DEFAULTS = ("经济建设", "志愿服务", "法律援助", "保护青少年", "网络宣传", "乡村振兴")


def ensure_fields(association):
    """The fields of service of `association`, a queryset in order; one that has none yet gets the usual ones."""
    rows = ServiceField.objects.filter(association=association)
    if not rows.exists():
        ServiceField.objects.bulk_create(
            [
                ServiceField(association=association, name=name, place=place)
                for place, name in enumerate(DEFAULTS, start=1)
            ],
            ignore_conflicts=True,
        )
    return rows


def offered_fields(associations):
    """The fields that the `associations` (ids) offer now, in order."""
    return ServiceField.objects.filter(association__in=associations, is_offered=True)
