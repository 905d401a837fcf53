"""Taking back what a batch wrote of a body: appointments voided, never deleted; what it changed as it was."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _

from members.body_rosters.fields import WORD_OF
from members.body_rosters.matching import COLUMNS
from members.imports.plans import Plan, Written
from members.models import Member
from organizations.models import Appointment, Change, Term
from organizations.services import change_all, overlapping

KEY_OF = {column: key for key, column in COLUMNS.items()}


@dataclass(slots=True)
class BodyPlan(Plan):
    """A `plans.Plan` with the records behind its lists."""

    voided: list = field(default_factory=list)
    """Appointments that the batch made."""
    terms: list = field(default_factory=list)
    """Terms that the batch began; nothing else is in them."""
    back: list = field(default_factory=list)
    """(term or appointment, {column: value}) to return to what it was, terms first."""


class BodyUndoing:
    """Says what undoing a batch of this kind would do, and does it; the members it registered stay."""

    def __init__(self, batch, action=None):
        self.batch, self.action = batch, action
        self.now = timezone.now()
        self.actions = list(batch.steps.exclude(action=None).values_list("action", flat=True))

    def plans(self, *, lock=False):
        yield self._plan(lock)

    def carry_out(self, plan):
        today = timezone.localdate()
        reason = _("import undone: {file}").format(file=self.batch.file_name)[:200]
        change_all(plan.voided, voided_on=today, void_reason=reason)
        for term in plan.terms:
            # what was entered in error keeps its body and post; the term goes, or it would stand for the running one
            change_all(list(term.appointments.select_related("body")), term=None)
            term.delete()
        for record, values in plan.back:
            for column, value in values.items():
                setattr(record, column, value)
            record.save()

    def finish(self):
        """Nothing is left to do when the plan is carried out."""

    def _plan(self, lock):
        plan = BodyPlan([], [], [], {})
        self.rows = self._rows_of_members()
        made, changed = self._changes(Appointment, lock)
        for appointment, is_touched in made:
            (plan.kept if is_touched else plan.removed).append(self._written(appointment))
            if not is_touched:
                plan.voided.append(appointment)
        voided = {appointment.pk for appointment in plan.voided}
        begun, ended = self._changes(Term, lock)
        plan.terms = [term for term, is_touched in begun if not is_touched and _is_free(term, voided)]
        kept_terms = {term.pk for term, _touched in begun} - {term.pk for term in plan.terms}
        for term, values in ended:
            if values and not kept_terms:
                plan.back.append((term, values))
        reopened = {term.pk for term, _values in plan.back}
        for appointment, values in changed:
            self._add_changed(plan, appointment, values, voided, reopened)
        plan.kept += [self._registered(member) for member in self._new_members()]
        return plan

    def _changes(self, model, lock):
        """([(record made, whether touched since)], [(record changed, {column: value to return})]) of the batch.

        What somebody touched since has nothing to return: a last day without its reason says nothing.
        """
        kind = ContentType.objects.get_for_model(model)
        changes = Change.objects.filter(action__in=self.actions, content_type=kind).order_by("pk")
        records = model.objects.all()
        if lock:
            records = records.select_for_update(of=("self",))
        related = ("member", "post", "body", "term") if model is Appointment else ("body",)
        records = records.select_related(*related).in_bulk({change.object_id for change in changes})
        others = Change.objects.filter(content_type=kind, object_id__in=records).exclude(
            action__in=self.actions
        )
        first = changes.first()
        touched = set(others.filter(pk__gt=first.pk).values_list("object_id", flat=True)) if first else set()
        made = {change.object_id for change in changes if change.kind == Change.Kind.CREATED}
        before = defaultdict(dict)
        for change in changes:
            if change.object_id not in made:
                for column, (old, _new) in change.diff.items():
                    value = model._meta.get_field(column).to_python(old)
                    before[change.object_id].setdefault(column, value)
        changed = [
            (records[pk], {} if pk in touched else values) for pk, values in before.items() if pk in records
        ]
        return [(records[pk], pk in touched) for pk in sorted(made & records.keys())], changed

    def _add_changed(self, plan, appointment, values, voided, reopened):
        written = self._written(appointment)
        term = appointment.term
        closed = term and term.ended_on and term.pk not in reopened
        if (
            values
            and not (closed and values.get("ends_on", "") is None)
            and not _taken(appointment, values, voided)
        ):
            written.back = {
                KEY_OF[column]: [_shown(getattr(appointment, column)), _shown(value)]
                for column, value in values.items()
                if column in KEY_OF
            }
            plan.back.append((appointment, values))
            plan.restored.append(written)
        else:
            written.kept = tuple(KEY_OF[column] for column in values if column in KEY_OF)
            plan.kept.append(written)

    def _rows_of_members(self):
        """{id of a member: (sheet, row)} of the first row about each."""
        rows = self.batch.rows.order_by("-position").values_list("member", "sheet", "row")
        found = {member: (sheet, row) for member, sheet, row in rows if member}
        created = self.batch.rows.order_by("-position").values_list("created_members", "sheet", "row")
        return found | {member: (sheet, row) for member, sheet, row in created if member}

    def _written(self, appointment):
        sheet, row = self.rows.get(appointment.member_id, (0, None))
        return Written(row, sheet, appointment.member_id, str(appointment), True)

    def _new_members(self):
        return Member.objects.filter(imported_from__batch=self.batch).order_by("pk")

    def _registered(self, member):
        sheet, row = self.rows.get(member.pk, (0, None))
        return Written(row, sheet, member.pk, _("{name} (registered as a member)").format(name=member), True)


def _is_free(term, voided):
    """Whether nothing is in the term but appointments that are voided anyway."""
    if set(term.appointments.valid().values_list("pk", flat=True)) - voided:
        return False
    return not any(
        relation.related_model._base_manager.filter(**{relation.field.name: term}).exists()
        for relation in Term._meta.related_objects
        if relation.related_model is not Appointment
    )


def _taken(appointment, values, voided):
    """Whether somebody has the place by now in which the appointment would be again."""
    for column, value in values.items():
        setattr(appointment, column, value)
    others = overlapping(appointment).exclude(pk__in=voided)
    if appointment.post.seats == 1:
        taken = others.filter(is_acting=appointment.is_acting).exists()
    else:
        taken = others.filter(member=appointment.member_id).exists()
    appointment.refresh_from_db(fields=list(values))
    return taken


def _shown(value):
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else WORD_OF.get(value, value)
