"""What the staff decide about an application: first review (初审), what the meeting said, the announcement (公示).

Source: domain.md E4 and D2 (written application, council or standing council, announcement if the charter says so).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members import emails
from members.admissions import admit_or_announce, register
from members.applications.applying import locked
from members.applications.fields import ApplicationForm
from members.applications.introducing import confirmed_count
from members.applications.records import take_back_record
from members.codes import Status
from members.merging import employer_in
from members.models import Application, Consent, Introduction, Member
from members.models.member import IN_FORCE, LEFT
from members.privacy.consents import give_consent
from members.record_form import ONCE
from members.services import change_status
from organizations.models import Association, acting
from organizations.services import NotPossible

State = Application.State


class RecordOfApplication(ApplicationForm):
    """The answers of an application written into a record: what exists once is looked at now."""

    once = ONCE


def _open(application, version, states):
    """`application` locked, as whoever decides saw it at `version`. Raises NotPossible if it has moved on."""
    application = locked(application)
    if application.version != version or application.state not in states:
        raise NotPossible(
            _("The application has changed since you opened it. Look at it once more, then decide.")
        )
    return application


def _decided(application, state, *, actor, answer=""):
    application.state = state
    application.answer = answer
    application.decided_by = actor
    application.decided_at = timezone.now()
    application.save()
    transaction.on_commit(lambda: emails.send_application_state(application))
    return application


@transaction.atomic
def send_back(application, *, version, answer, actor):
    """Return `application` to its author to be completed, with an `answer` that says what is missing."""
    application = _open(application, version, {State.SUBMITTED})
    return _decided(application, State.RETURNED, actor=actor, answer=answer)


@transaction.atomic
def refuse(application, *, version, answer, actor):
    """Refuse `application` at any stage, with the reason; the record made for it is gone. Raises NotPossible."""
    application = _open(application, version, {State.SUBMITTED, State.RETURNED, State.REVIEWED, State.NOTICE})
    take_back_record(application)
    application.introductions.filter(state=Introduction.State.ASKED).delete()
    return _decided(application, State.REFUSED, actor=actor, answer=answer)


@transaction.atomic
def pass_review(application, *, version, actor, member=None, reason=""):
    """The first review is passed: a record of the status "applied" goes before the meeting. Return the Application.

    `member`: the record of somebody who was a member before, or whom the staff have entered already; what the
    application says is written into it, blank answers erase nothing. `reason` is needed where fewer introducers have
    confirmed than the association wants, and stays in the history. Raises NotPossible.
    """
    application = _open(application, version, {State.SUBMITTED})
    wanted, confirmed = application.association.introducers, confirmed_count(application)
    if confirmed < wanted and not reason:
        raise NotPossible(
            _("{confirmed} of {wanted} introducers have confirmed. To go on, say why.").format(
                confirmed=confirmed, wanted=wanted
            )
        )
    note = ""
    if confirmed < wanted:
        note = _("Passed with {confirmed} of {wanted} introducers: {reason}").format(
            confirmed=confirmed, wanted=wanted, reason=reason
        )[:500]
    # in the order in which an import locks: the association, then members
    Association.objects.select_for_update(no_key=True).get(pk=application.association_id)
    with acting(actor, note=note, association=application.association):
        application.member = _write_record(application, member, actor)
        if application.notice_id:
            give_consent(
                application.member,
                Consent.Purpose.NOTICE,
                way=Consent.Way.APPLICATION,
                actor=actor,
                notice=application.notice,
            )
        application.introductions.filter(state=Introduction.State.ASKED).delete()
        return _decided(application, State.REVIEWED, actor=actor)


def may_stand_for(member):
    """Whether an application can be written into the record of `member`: gone, or applied without one."""
    return member.status in LEFT or (member.status == Status.APPLIED and not hasattr(member, "application"))


def _write_record(application, member, actor):
    answers = application.answers
    if member is not None:
        member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if member.association_id != application.association_id or not may_stand_for(member):
            raise NotPossible(
                _("{name} is a member, or another application stands there.").format(name=member)
            )
        answers = {name: getattr(member, name) for name in RecordOfApplication.Meta.fields} | answers
        answers.setdefault("employer", str(member.employer or ""))
        answers.setdefault("id_number", member.id_number)
    keywords = {} if member is None else {"instance": member}
    form = RecordOfApplication(answers, application=application, complete=True, **keywords)
    if not form.is_valid():
        said = [
            f"{capfirst(form.fields[key].label)}: {error}" if key in form.fields else error
            for key, errors in form.errors.items()
            for error in errors
        ]
        raise NotPossible(" ".join(said))
    record = form.instance
    record.employer = employer_in(application.association_id, form.cleaned_data["employer"])
    record.save()
    on = timezone.localdate(application.submitted_at).isoformat()
    return change_status(record, to=Status.APPLIED, on=on, actor=actor).member


@transaction.atomic
def admit_on_paper(application, *, version, actor, on, decided_by, document):
    """The meeting admitted the applicant, whose minutes are not in the register; return the Application.

    Announced first where the association does so. `on`: the date of the decision. Raises NotPossible.
    """
    application = _open(application, version, {State.REVIEWED})
    Association.objects.select_for_update(no_key=True).get(pk=application.association_id)
    admit_or_announce(application.member, on=on, actor=actor, decided_by=decided_by, document=document)
    application.refresh_from_db()
    return application


@transaction.atomic
def settle(application, *, version, actor):
    """Close `application`, whose record somebody has registered by hand; return it. Raises NotPossible."""
    application = _open(application, version, {State.REVIEWED, State.NOTICE})
    if application.member is None or application.member.status not in IN_FORCE:
        raise NotPossible(_("The record in the register is not that of a member in force."))
    return _decided(application, State.ADMITTED, actor=actor)


@transaction.atomic
def note_objection(application, *, version, text, actor):
    """Note an objection made during the announcement; earlier ones stay. Return the Application."""
    application = _open(application, version, {State.NOTICE})
    line = f"{timezone.localdate():%Y-%m-%d} {text}"
    application.objections = f"{application.objections}\n{line}".strip()[:4000]
    application.save(update_fields=["objections"])
    return application


@transaction.atomic
def admit_announced(application, *, version, actor, on):
    """The announcement is over: the applicant is a member from the date `on`. Return the Application.

    Raises NotPossible while it runs, and for a day before its end.
    """
    application = _open(application, version, {State.NOTICE})
    if timezone.localdate() <= application.announced_until:
        raise NotPossible(
            _("The announcement runs until {day}.").format(day=application.announced_until.isoformat())
        )
    if on <= application.announced_until:
        raise NotPossible(_("This day lies before the end of the announcement."))
    Association.objects.select_for_update(no_key=True).get(pk=application.association_id)
    resolution = application.resolution
    register(
        application.member,
        on=on,
        actor=actor,
        decided_by=str(resolution.meeting)[:100] if resolution else _decision(application)[0],
        document=resolution.document if resolution else _decision(application)[1],
        resolution=resolution,
    )
    application.refresh_from_db()
    return application


def _decision(application):
    """(who decided, document) as noted when the admission was announced."""
    step = application.member.status_changes.filter(status=Status.APPLIED).order_by("pk").last()
    return (step.decided_by, step.document) if step else ("", "")
