"""Which activity or meeting a sign-in sheet goes to, and what else was decided for the whole file."""

import contextlib
import datetime as dt
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Activity
from members.imports.kinds import NotWritable
from members.models.imports import OF_ASSOCIATION
from members.rights import Ability
from organizations.models import Body, Meeting
from organizations.services import NotPossible

USUAL_HOURS = 2


@contextlib.contextmanager
def told():
    """What a service refuses keeps the import from being written, with the service's own sentence."""
    try:
        yield
    except NotPossible as reason:
        raise NotWritable(str(reason)) from reason


class Target:
    """What `batch.options` say, as records: an activity to be made is unsaved.

    The options: ``activity`` or ``meeting``, its id; or ``make``, of an activity to be made: {title, kind, on, starts,
    ends, place, host}, with ISO dates and times and the id of a body; ``blank``, the presence of who has neither mark
    nor word; ``correction``, why a settled attendance is changed; ``stated``, the numbers that the sheet states;
    ``pictures``, how many the file holds; ``of_association`` as in `ImportBatch`. `batch.body` is the host.
    """

    def __init__(self, batch):
        self.batch = batch

    @property
    def options(self):
        return self.batch.options

    @cached_property
    def activity(self):
        """The Activity, saved or not; None if it is none or nobody knows which."""
        rows = Activity.objects.filter(association=self.batch.association_id)
        if pk := self.options.get("activity"):
            return rows.select_related("association", "host").filter(pk=pk).first()
        if wanted := self.options.get("make"):
            return self._to_be_made(wanted)
        return None

    @cached_property
    def meeting(self):
        """The Meeting, None if it is none."""
        pk = self.options.get("meeting")
        rows = Meeting.objects.filter(body__association=self.batch.association_id)
        return rows.select_related("body", "term", "joint_with").filter(pk=pk).first() if pk else None

    def _to_be_made(self, wanted):
        starts_at = moment(wanted["on"], wanted.get("starts") or "09:00")
        ends_at = moment(wanted["on"], wanted["ends"]) if wanted.get("ends") else None
        if ends_at is None or ends_at <= starts_at:
            ends_at = starts_at + dt.timedelta(hours=USUAL_HOURS)
        return Activity(
            association=self.batch.association,
            host=self.batch.body,
            kind=wanted["kind"],
            title=wanted["title"],
            place=wanted.get("place", ""),
            starts_at=starts_at,
            ends_at=ends_at,
            # it is over: nobody is asked to sign up, nor reminded
            sign_up=Activity.SignUp.NONE,
            remind_days=None,
            state=Activity.State.PUBLISHED,
        )

    @property
    def thing(self):
        return self.activity or self.meeting

    @property
    def is_complete(self):
        """Whether rows can be understood at all."""
        return self.thing is not None

    @property
    def is_settled(self):
        """Whether a change to who was there needs a reason."""
        return bool(self.activity and self.activity.state == Activity.State.CLOSED)

    @property
    def blank(self):
        return self.options.get("blank", "")

    def establish(self, actor):
        """Make the activity where it is to be made. Raises NotWritable with a sentence for people."""
        if not self.is_complete:
            raise NotWritable(_("Choose the activity first."))
        if not self._may_write(actor):
            raise NotWritable(_("You may not write the attendance of “{name}”.").format(name=self.thing))
        if self.activity and self.activity.pk is None:
            try:
                self.activity.full_clean(validate_unique=False)
            except ValidationError as reason:
                raise NotWritable(" ".join(reason.messages)) from reason
            self.activity.published_at = timezone.now()
            self.activity.save()
            options = {key: value for key, value in self.options.items() if key != "make"}
            self.batch.options = options | {"activity": self.activity.pk}

    def check_reason(self):
        """Raises NotWritable where a settled attendance would be changed without a reason."""
        if self.is_settled and not self.options.get("correction"):
            raise NotWritable(_("The attendance is settled: say why this is corrected, under “Change …”."))

    def _may_write(self, actor):
        if actor is None:
            return False
        thing = self.thing
        if self.meeting:
            return Meeting.objects.where_may(actor, Ability.EDIT).filter(pk=thing.pk).exists()
        if thing.pk:
            return Activity.objects.where_may(actor, Ability.EDIT).filter(pk=thing.pk).exists()
        if thing.host_id:
            return Body.objects.where_may(actor, Ability.EDIT).filter(pk=thing.host_id).exists()
        return actor.rights.may(Ability.EDIT, thing.association_id)


def moment(day, time):
    """An ISO date and time of here as an aware datetime."""
    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(time)))


def options_for(thing):
    """(body, options) of a batch whose sheet goes to an Activity or Meeting."""
    if isinstance(thing, Meeting):
        return thing.body, {"meeting": thing.pk}
    return thing.host, {"activity": thing.pk} | ({} if thing.host_id else {OF_ASSOCIATION: True})
