"""What an applicant does: begin, write step by step, submit, withdraw (domain.md E4)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.applications.fields import LONGEST, problems
from members.applications.introducing import ask_introducers
from members.applications.records import take_back_record
from members.models import Application, Introduction, Notice
from members.models.links import new_token
from organizations.models import Association
from organizations.services import NotPossible

# days after which a draft that nobody touches is thrown away (members/retention)
DRAFT_DAYS = 90


def notice_for(association):
    """The Notice that an applicant of `association` reads, None without one: then nothing may be asked."""
    return Notice.objects.in_force_on(association, timezone.localdate()).first()


def taking_applications():
    """[Association] whose form is open to everybody today."""
    today = timezone.localdate()
    rows = Association.objects.filter(takes_applications=True, notices__valid_from__lte=today)
    return list(rows.distinct())


def takes_applications(association):
    """Whether the form of `association` is open to everybody today."""
    return association.takes_applications and notice_for(association) is not None


def begin_application(association, *, name, mobile, notice):
    """A draft by somebody who has read `notice`; return the Application."""
    application = Application(association=association, name=name[:100], notice=notice)
    application.answers = {"name": name, "mobile": mobile}
    application.save()
    return application


@transaction.atomic
def take_over(application, *, name, mobile, notice):
    """The draft that an introducer has begun becomes its author's own, under a link that the introducer has not."""
    application = locked(application)
    if application.notice_id:
        raise NotPossible(_("This link was used already."))
    application.name, application.notice = name[:100], notice
    application.answers = {"name": name, "mobile": mobile}
    application.token = new_token()
    application.save()
    return application


def locked(application):
    """`application` as it is now, locked until the transaction ends. Raises NotPossible if it is gone."""
    rows = Application.objects.select_for_update(of=("self",)).select_related("association")
    found = rows.filter(pk=application.pk).first()
    if found is None:
        raise NotPossible(_("This application is no longer there."))
    return found


def kept(text):
    """What is stored of a text that was typed."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()[:LONGEST]


@transaction.atomic
def save_answers(application, values):
    """Keep `values` {key: text}, however unfinished; return the Application. Raises NotPossible once submitted."""
    application = locked(application)
    _must_be_open(application)
    answers = {**application.answers, **{key: kept(value) for key, value in values.items()}}
    answers = {key: value for key, value in answers.items() if value}
    if answers != application.answers:
        application.answers = answers
        application.name = answers.get("name", "")[:100]
        application.save()
    return application


def _must_be_open(application):
    if not application.is_open_to_author:
        raise NotPossible(_("This application is submitted: it cannot be changed now."))


@transaction.atomic
def submit(application, *, version):
    """Hand in `application` as its author saw it at `version`; return it. Raises NotPossible.

    The introducers named are asked, as far as they are found among the members.
    """
    application = locked(application)
    _must_be_open(application)
    if application.version != version:
        raise NotPossible(
            _("The application was changed in another window meanwhile. Look through it once more.")
        )
    if problems(application, application.answers):
        raise NotPossible(_("Something is still missing or wrong."))
    application.state = Application.State.SUBMITTED
    application.submitted_at = timezone.now()
    application.answer = ""
    application.save()
    ask_introducers(application)
    return application


@transaction.atomic
def withdraw(application):
    """Take `application` back: a draft is thrown away, what was submitted is closed. Raises NotPossible.

    Nothing but the fact stays of it: what the applicant wrote is deleted, and the record made for it with it.
    """
    application = locked(application)
    if application.state in Application.CLOSED:
        raise NotPossible(_("This application is closed already."))
    if application.state == Application.State.DRAFT:
        application.delete()
        return None
    take_back_record(application)
    application.state = Application.State.WITHDRAWN
    application.answers = {}
    application.decided_at = timezone.now()
    application.save()
    Introduction.objects.filter(application=application, state=Introduction.State.ASKED).delete()
    return application
