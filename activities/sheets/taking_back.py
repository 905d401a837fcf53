"""Taking back what a batch wrote of an activity or meeting: rows it made go, those it changed are as they were."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.attending import write
from activities.crediting import bring_in_line
from activities.models import Activity, Participation
from activities.sheets.lists import BEFORE
from members.imports.plans import Plan, Written
from members.models import Member, payload_opener
from members.models.imports import WRITTEN
from organizations.meetings.holding import Entry, record_attendance
from organizations.models import Attendance, Change, Meeting, change_row, current_action


@dataclass(slots=True)
class SheetPlan(Plan):
    """A `plans.Plan` with the records behind its lists."""

    gone: list = field(default_factory=list)
    """Rows that the batch made."""
    back: list = field(default_factory=list)
    """(row, {column: value}) to return to what it was."""
    activity: Activity | None = None
    """The activity that the batch made, if it goes too."""


class SheetUndoing:
    """Says what undoing a batch of this kind would do, and does it; the members it registered stay."""

    def __init__(self, batch, action=None):
        self.batch, self.action = batch, action
        self.now = timezone.now()
        self.actions = list(batch.steps.exclude(action=None).values_list("action", flat=True))
        self.is_meeting = "meeting" in batch.options
        self.model = Attendance if self.is_meeting else Participation

    def plans(self, *, lock=False):
        yield self._plan(lock)

    def finish(self):
        """Nothing is left to do when the plan is carried out."""

    def _plan(self, lock):
        plan = SheetPlan([], [], [], {})
        self.places = self._places()
        if lock:
            # as everybody does who writes to the list
            for model, key in ((Activity, "activity"), (Meeting, "meeting")):
                list(model.objects.select_for_update(of=("self",)).filter(pk=self.batch.options.get(key)))
        made, changed, touched = self._rows()
        frozen = self._is_settled_since()
        hanging = self._hanging(made)
        for row in made:
            stays = frozen or row.pk in touched or row.pk in hanging
            (plan.kept if stays else plan.removed).append(self._written(row))
            if not stays:
                plan.gone.append(row)
        before = self._before()
        for row in changed:
            values = before.get(self._key(row))
            written = self._written(row)
            if values is None or frozen or row.pk in touched:
                written.kept = ("presence",)
                plan.kept.append(written)
            else:
                plan.back.append((row, values))
                plan.restored.append(written)
        self._plan_activity(plan)
        plan.kept += [self._registered(member) for member in self._new_members()]
        return plan

    def _rows(self):
        """(rows made, rows changed, ids of those that somebody touched since) of the batch's actions."""
        kind = ContentType.objects.get_for_model(self.model)
        changes = list(Change.objects.filter(action__in=self.actions, content_type=kind).order_by("pk"))
        whole = "meeting__body" if self.is_meeting else "activity__association"
        rows = self.model.objects.select_related("member", whole).in_bulk(
            {change.object_id for change in changes}
        )
        made = {change.object_id for change in changes if change.kind == Change.Kind.CREATED}
        touched = set()
        if changes:
            others = Change.objects.filter(content_type=kind, object_id__in=rows, pk__gt=changes[0].pk)
            touched = set(others.exclude(action__in=self.actions).values_list("object_id", flat=True))
        if self.is_meeting:
            # who is entitled stays on the list
            listed = {pk for pk in made if pk in rows and rows[pk].is_entitled}
            entered = {row.pk for row in rows.values() if row.member_id in self.places}
            made, changed = made - listed, (rows.keys() - made) | (listed & entered)
        else:
            changed = rows.keys() - made
        return [rows[pk] for pk in sorted(made & rows.keys())], [rows[pk] for pk in sorted(changed)], touched

    def _is_settled_since(self):
        """Whether the attendance was settled, or the minutes signed, after the import."""
        if self.is_meeting:
            meeting = Meeting.objects.filter(pk=self.batch.options["meeting"]).first()
            return meeting is None or not meeting.is_open
        activity = Activity.objects.filter(pk=self.batch.options.get("activity")).first()
        last = self.batch.steps.order_by("-at").values_list("at", flat=True).first()
        closed = activity is not None and activity.state == Activity.State.CLOSED
        return bool(closed and activity.settled_at and last and activity.settled_at > last)

    def _hanging(self, rows):
        """Ids of those `rows` on which something of others hangs."""
        found = set()
        for relation in self.model._meta.related_objects:
            name = relation.field.name
            hung = relation.related_model._base_manager.filter(**{f"{name}__in": [row.pk for row in rows]})
            found |= set(hung.values_list(name, flat=True))
        return found

    def _before(self):
        """{id of the row, of a meeting that of the member: {column: value}} as the writer noted it."""
        opened, found = payload_opener(), {}
        rows = self.batch.rows.filter(outcome__in=WRITTEN, step__lte=self.batch.steps_applied)
        for member, payload in rows.values_list("member", "payload"):
            before = opened(payload).get("before")
            if before:
                pk = before.pop("row")
                found[member if self.is_meeting else pk] = before
        return found

    def _key(self, row):
        return row.member_id if self.is_meeting else row.pk

    def _plan_activity(self, plan):
        """An activity that the batch made goes with its list, unless something else came to it."""
        kind = ContentType.objects.get_for_model(Activity)
        made = Change.objects.filter(action__in=self.actions, content_type=kind, kind=Change.Kind.CREATED)
        activity = Activity.objects.filter(pk__in=made.values("object_id")).first()
        if activity is None:
            return
        others = Change.objects.filter(content_type=kind, object_id=activity.pk)
        gone = {row.pk for row in plan.gone}
        is_free = not others.exclude(action__in=self.actions).exists() and not any(
            relation.related_model._base_manager.filter(**{relation.field.name: activity})
            .exclude(pk__in=gone if relation.related_model is Participation else ())
            .exists()
            for relation in Activity._meta.related_objects
        )
        written = Written(None, 0, None, _("{activity} (the activity)").format(activity=activity), True)
        (plan.removed if is_free else plan.kept).append(written)
        plan.activity = activity if is_free else None

    def carry_out(self, plan):
        if plan.gone:
            _delete(plan.gone)
        if plan.back and self.is_meeting:
            meeting = plan.back[0][0].meeting
            record_attendance(
                meeting,
                {
                    row.member_id: Entry(values["presence"], values["proxy_id"], values["reason"])
                    for row, values in plan.back
                },
            )
        elif plan.back:
            for row, values in plan.back:
                for column in BEFORE:
                    setattr(row, column, _moment(values[column]) if column == "came_at" else values[column])
            write([row for row, _values in plan.back], activity=plan.back[0][0].activity)
        if plan.activity:
            plan.activity.delete()
        elif not self.is_meeting and (plan.gone or plan.back):
            bring_in_line((plan.gone or [row for row, _values in plan.back])[0].activity)

    def _places(self):
        """{id of a member, or the name of a guest: (sheet, row)} of the row about each."""
        found = {}
        rows = self.batch.rows.order_by("-position").prefetch_related("created_members")
        for row in rows:
            created = row.created_members.all()
            found[created[0].pk if created else row.member_id or row.name] = row.sheet, row.row
        return found

    def _written(self, row):
        key = row.member_id or getattr(row, "guest_name", "")
        sheet, number = self.places.get(key, (0, None))
        name = str(row.member) if row.member_id else row.guest_name
        return Written(number, sheet, row.member_id, name, True)

    def _new_members(self):
        return Member.objects.filter(imported_from__batch=self.batch).order_by("pk")

    def _registered(self, member):
        sheet, row = self.places.get(member.pk, (0, None))
        return Written(row, sheet, member.pk, _("{name} (registered as a member)").format(name=member), True)


def _delete(rows):
    """Delete `rows` of one list with their history, in few statements."""
    action = current_action()
    changes = [change_row(action, row, Change.Kind.DELETED, row.last_values()) for row in rows]
    type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).delete()
    Change.objects.bulk_create(changes)


def _moment(value):
    return dt.datetime.fromisoformat(value) if value else None
