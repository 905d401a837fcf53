"""Which papers can be made of which record, and by whom: whoever edits the record prints its papers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.admin.scoped import EDIT
from organizations.models import Appointment, Body, Election, Meeting
from organizations.papers.contexts import bodies, elections, meetings
from organizations.papers.forms import DayForm, ElectionForm, NoticeForm, PaperForm
from organizations.papers.kinds import KINDS, PaperKind
from organizations.papers.making import pdf_is_there


@dataclass(frozen=True)
class Maker:
    """How papers of one kind are made of one sort of record: what is asked for, and what is filled in."""

    form: type[PaperForm]
    fill: object
    """(record, user, cleaned data) → Filled."""


@dataclass(frozen=True)
class Source:
    """A sort of record that papers are made of."""

    rows: object
    """user → queryset of the records whose papers the user may make."""
    makers: dict[str, Maker]
    """{key of a kind: Maker}."""
    body: object = lambda record: record.body_id
    """record → key of the body that a paper of it tells of, or None."""
    place: tuple = ("organizations:bodies", _("Bodies"))
    """Name of the address of the list in which the record stands, and what it is called."""


def _hidden_body(election):
    """One of the bodies of `election` that hides its people, if any."""
    return next((part.body_id for part in election.bodies.all() if part.body.hides_people), None)


def _bodies(user):
    return Body.objects.where_may(user, EDIT).select_related("association")


def _appointments(user):
    rows = Appointment.objects.valid().filter(body__in=Body.objects.where_may(user, EDIT))
    return rows.select_related("body__association", "post", "term", "member")


def _meetings(user):
    rows = Meeting.objects.where_may(user, EDIT)
    return rows.select_related("body__association", "joint_with", "term")


def _filing(body, user, data):
    identity = data.get("identity", False)
    return bodies.filing(body, user=user, day=data["on"], with_identity=identity)


def _elections(user):
    return Election.objects.where_may(user, EDIT).with_parts()


def _of_contests(fill):
    """A maker of the paper that `fill` fills for the contests asked for."""
    return lambda election, user, data: fill(election, name=data["name"], contests=data["contests"])


SOURCES = {
    "body": Source(
        _bodies,
        {
            "roster": Maker(DayForm, lambda body, user, data: bodies.roster(body, user=user, day=data["on"])),
            "letter": Maker(
                DayForm, lambda body, user, data: bodies.letters(body, user=user, day=data["on"])
            ),
            "filing": Maker(DayForm, _filing),
        },
        body=lambda body: body.pk,
    ),
    "appointment": Source(
        _appointments,
        {
            "letter": Maker(
                PaperForm,
                lambda appointment, user, data: bodies.letter(appointment, user=user),
            )
        },
    ),
    "meeting": Source(
        _meetings,
        {
            "notice": Maker(
                NoticeForm,
                lambda meeting, user, data: meetings.notice(
                    meeting,
                    contact=data["contact"],
                    phone=data["phone"],
                    answer_by=data["answer_by"],
                    sent_on=data["sent_on"],
                ),
            ),
            "agenda": Maker(PaperForm, lambda meeting, user, data: meetings.agenda(meeting)),
            "sign_in": Maker(PaperForm, lambda meeting, user, data: meetings.sign_in(meeting, user=user)),
            "minutes": Maker(PaperForm, lambda meeting, user, data: meetings.minutes(meeting)),
        },
    ),
    "election": Source(
        _elections,
        {
            "candidates": Maker(
                ElectionForm,
                lambda election, user, data: elections.candidates(
                    election, name=data["name"], contests=data["contests"], user=user
                ),
            ),
            "ballot": Maker(ElectionForm, _of_contests(elections.ballot)),
            "count": Maker(ElectionForm, _of_contests(elections.counting_sheet)),
            "result": Maker(ElectionForm, _of_contests(elections.result)),
            "letter": Maker(PaperForm, lambda election, user, data: elections.letters(election, user=user)),
            "filing": Maker(
                PaperForm,
                lambda election, user, data: elections.filing(
                    election, user=user, with_identity=data.get("identity", False)
                ),
            ),
        },
        body=_hidden_body,
    ),
}


@dataclass(frozen=True)
class Offer:
    """A paper that the reader of a page may make."""

    kind: PaperKind
    address: str
    asks: bool
    """Whether something is asked for first; else one press makes it."""
    has_pdf: bool


def offers(source, record, day=None):
    """[Offer] of the papers of `record`, for the template ``organizations/_papers.html``; `source` is a key of SOURCES.

    Those that ask for a day begin with `day`. Whether the reader may edit the record the caller knows.
    """
    has_pdf, found = pdf_is_there(), []
    for key, maker in SOURCES[source].makers.items():
        if _fits(key, record):
            address = reverse("organizations:paper_make", args=[source, record.pk, key])
            if day and maker.form is DayForm:
                address += f"?on={day.isoformat()}"
            asks = maker.form is not PaperForm or KINDS[key].asks_reason
            found.append(Offer(KINDS[key], address, asks, has_pdf))
    return found


def page_of(record):
    """The address of the page on which the papers of `record` are offered."""
    return (record.body if isinstance(record, Appointment) else record).get_absolute_url()


def _fits(key, record):
    """The leaders are filed once for the association, on its council's page; of an election once they are in office."""
    if isinstance(record, Election):
        return key not in ("letter", "filing") or elections.has_officers(record)
    return key != "filing" or not isinstance(record, Body) or record.kind == Body.Kind.COUNCIL
