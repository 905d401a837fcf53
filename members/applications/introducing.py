"""Introducers (介绍人): members who confirm that they know an applicant (domain.md A3, E4).

An applicant names them in words. Who is found among the members is asked; who is not stays a name for the staff. The
applicant is told neither way: who is a member is no stranger's business.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members.applications.fields import named_introducers
from members.codes import Status
from members.inbox import tell
from members.models import Application, Introduction, Member
from members.record_form import read_as_roster
from organizations.services import NotPossible

# links of one member that nobody has used yet
MOST_OPEN = 20


def may_introduce(member):
    """Whether `member` can introduce somebody: registered, and not suspended."""
    return member.status == Status.ACTIVE


def introducer_meant(association, name, about):
    """The one member of `association` whom an applicant means by a name and an employer or number; else None."""
    name = read_as_roster("name", name) or name
    people = Member.objects.filter(association=association, status=Status.ACTIVE, name=name)
    people = list(people.select_related("employer")[:20])
    if about and len(people) != 1:
        people = [each for each in people if about == each.number or _is_employer(each, about)]
    return people[0] if len(people) == 1 else None


def _is_employer(member, about):
    return bool(member.employer) and (about in member.employer.name or member.employer.name in about)


def ask_introducers(application):
    """Ask the members whom the application names, and no longer those whom it names no more."""
    meant = {}
    for name, about in named_introducers(application.answers):
        member = introducer_meant(application.association_id, name, about)
        if member is not None:
            meant[member.pk] = member
    asked = application.introductions.filter(state=Introduction.State.ASKED)
    for introduction in asked.exclude(member__in=meant):
        introduction.delete()
    known = set(application.introductions.values_list("member", flat=True))
    for pk, member in meant.items():
        if pk not in known:
            ask(application, member)


def ask(application, member):
    """Ask `member` to introduce the author of `application`; return the Introduction."""
    introduction = Introduction.objects.create(application=application, member=member)
    with translation.override(settings.LANGUAGE_CODE):
        title = _("{name} names you as introducer").format(name=application.name)
        text = _("Somebody who wants to join names you as introducer. Confirm it, or decline.")
    tell(member, title=title, text=text, link=reverse("portal:introductions"))
    return introduction


def unmatched(application, introductions):
    """[(name, about)] of the introducers named for whom there is no Introduction yet; for the staff alone."""
    names = {introduction.member.name for introduction in introductions}
    return [
        (name, about)
        for name, about in named_introducers(application.answers)
        if (read_as_roster("name", name) or name) not in names
    ]


@transaction.atomic
def introduce(member, *, name):
    """A draft for somebody called `name` whom `member` introduces: return the Application, with the link to send.

    Raises NotPossible for who cannot introduce, and beyond MOST_OPEN links that nobody has used.
    """
    if not may_introduce(member):
        raise NotPossible(_("Only registered members can introduce somebody."))
    mine = Introduction.objects.filter(member=member, application__state=Application.State.DRAFT)
    if mine.filter(application__notice=None).count() >= MOST_OPEN:
        raise NotPossible(_("{count} links of yours are not used yet.").format(count=MOST_OPEN))
    application = Application(association=member.association, name=name[:100])
    application.answers = {"name": name}
    application.save()
    Introduction.objects.create(
        application=application,
        member=member,
        state=Introduction.State.CONFIRMED,
        answered_at=timezone.now(),
    )
    return application


@transaction.atomic
def answer(introduction, *, confirmed, opinion=""):
    """What the introducer says; return the Introduction. Raises NotPossible once the application is decided."""
    found = Introduction.objects.select_for_update(of=("self",)).select_related("application", "member")
    introduction = found.filter(pk=introduction.pk).first()
    if introduction is None or introduction.application.state not in Application.UNDER_REVIEW:
        raise NotPossible(_("This application no longer waits for introducers."))
    if confirmed and not may_introduce(introduction.member):
        raise NotPossible(_("Only registered members can introduce somebody."))
    states = Introduction.State
    introduction.state = states.CONFIRMED if confirmed else states.DECLINED
    introduction.opinion = opinion
    introduction.answered_at = timezone.now()
    introduction.save()
    return introduction


@transaction.atomic
def enter_introducer(application, member, *, opinion=""):
    """Note that `member` has confirmed on paper; return the Introduction. Raises NotPossible."""
    if member.association_id != application.association_id or not may_introduce(member):
        raise NotPossible(_("Only registered members can introduce somebody."))
    introduction = application.introductions.filter(member=member).first()
    introduction = introduction or Introduction(application=application, member=member)
    introduction.state = Introduction.State.CONFIRMED
    introduction.opinion = opinion
    introduction.answered_at = timezone.now()
    introduction.save()
    return introduction


def confirmed_count(application):
    return application.introductions.filter(state=Introduction.State.CONFIRMED).count()
