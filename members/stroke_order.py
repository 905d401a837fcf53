"""The members' place in the order of strokes, and who has none for want of a character's strokes."""

from django.apps import apps as present_apps
from django.core.exceptions import FieldDoesNotExist

from members.models import Member
from organizations.strokes import MISSING, missing_in, refresh_keys, stroke_table, table_with

MOST_MEMBERS = 200


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


def missing_characters(user):
    """{character: [members whose place depends on it]} of those in sight of `user` whose strokes are not known.

    In the order of the list; `MOST_MEMBERS` members are looked at.
    """
    table, found = stroke_table(), {}
    members = Member.objects.staff_visible_to(user).filter(stroke_key__contains=MISSING)
    for member in members.in_stroke_order().only("pk", "name", "sort_name")[:MOST_MEMBERS]:
        for character in missing_in(member.sort_name or member.name, table):
            found.setdefault(character, []).append(member)
    return found
