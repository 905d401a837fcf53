"""The members' place in the order of strokes, after the software or its table of strokes changed."""

from django.apps import apps as present_apps
from django.core.exceptions import FieldDoesNotExist

from organizations.strokes import refresh_keys, table_with


def keep(using, apps=present_apps, **kwargs):
    """After migrations ran: give every member the key that the table of this version gives.

    `apps` are the models as the migrations left them; before the column was there nothing is done.
    """
    try:
        apps.get_model("members", "Member")._meta.get_field("stroke_key")
        overrides = apps.get_model("organizations", "StrokeOverride").objects.using(using)
    except (LookupError, FieldDoesNotExist):
        return
    table = table_with(overrides.values_list("character", "forms", "place"))
    for association in apps.get_model("organizations", "Association").objects.using(using):
        refresh_keys(association.members.all(), association.name_order, table)
