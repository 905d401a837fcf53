"""The record in the register that stands for an application between the first review and the decision."""

from django.db import models
from django.utils.translation import gettext as _

from members.codes import Status
from members.models import Member
from organizations.services import NotPossible


def take_back_record(application):
    """Take the record of `application` out of the register again, or make it what it was before.

    One that was made for the application alone is deleted: the person is no member, and the purpose is gone (PIPL
    art. 47). Raises NotPossible where something rests on it.
    """
    if application.member_id is None:
        return
    member = Member.objects.select_for_update(of=("self",)).get(pk=application.member_id)
    application.member = None
    application.save(update_fields=["member"])
    if member.status != Status.APPLIED:
        return
    before = member.status_changes.exclude(status=Status.APPLIED).order_by("on", "pk").last()
    if before is not None:
        for step in member.status_changes.filter(status=Status.APPLIED):
            step.delete()
        member.status = before.status
        member.save(update_fields=["status"])
        return
    try:
        member.delete()
    except (models.ProtectedError, models.RestrictedError) as error:
        raise NotPossible(
            _("Something in the register rests on the record of {name}.").format(name=member)
        ) from error
