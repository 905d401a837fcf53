"""What staff may do about one person on the list of an activity: each is a form of its own on the person's page."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Participation, Presence
from activities.signing_up import by_staff
from activities.signing_up.forms import GUEST_FIELDS, REASON_LENGTH, CorrectionForm, GuestForm, QuestionsForm
from activities.signing_up.services import save_answers

State = Participation.State


class LeaveNoteForm(CorrectionForm):
    leave_reason = forms.CharField(label=_("reason"), max_length=REASON_LENGTH)
    field_order = ["leave_reason", "correction"]


@dataclass(frozen=True)
class RowForm:
    """`is_offered` and `form` get the row, `form` what was sent too; `do` gets the row, the valid form, the user."""

    key: str
    label: str
    is_offered: Callable
    form: Callable
    do: Callable
    said: str
    note: str = ""
    verb: str = ""
    """On the button, where it is not the label."""
    is_grave: bool = False


@dataclass
class Offered:
    """One of the ROW_FORMS on the page of a row."""

    kind: RowForm
    form: forms.Form


def offered_forms(row, *, personal, sent="", data=None):
    """{key: Offered} of what may be done about `row`; the form with the key `sent` holds `data`."""
    return {
        each.key: Offered(
            each,
            each.form(row, data if each.key == sent else None, personal=personal, auto_id=f"{each.key}-%s"),
        )
        for each in ROW_FORMS
        if each.is_offered(row, personal=personal)
    }


def _plain(row, data=None, *, personal, **kwargs):
    return CorrectionForm(data, activity=row.activity, **kwargs)


def _guest(row, data=None, *, personal, **kwargs):
    values = {name: getattr(row, name) for name in GUEST_FIELDS}
    return GuestForm(data, activity=row.activity, initial=values, **kwargs)


def _questions(row, data=None, *, personal, **kwargs):
    answers = row.answers.all()
    return QuestionsForm(data, activity=row.activity, answers=answers, personal=personal, **kwargs)


def _leave(row, data=None, *, personal, **kwargs):
    return LeaveNoteForm(data, activity=row.activity, **kwargs)


def _change_guest(row, form, user):
    fields = {name: form.cleaned_data[name] for name in GUEST_FIELDS}
    by_staff.change_guest(row, actor=user, reason=form.why, **fields)


def _is_changeable(row):
    return row.activity.state != Activity.State.CANCELLED


def _asks(row, *, personal):
    questions = row.activity.questions.all()
    if not personal:
        questions = questions.filter(is_personal=False)
    listed = row.state in (State.SIGNED_UP, State.WAITING)
    return _is_changeable(row) and listed and questions.exists()


ROW_FORMS = (
    RowForm(
        "place",
        _("Give a place"),
        lambda row, **_kwargs: _is_changeable(row) and row.state != State.SIGNED_UP,
        _plain,
        lambda row, form, user: by_staff.give_place(row, actor=user, reason=form.why),
        _("{name} is signed up."),
        note=_("Out of turn, above the number of places if need be. The member is told."),
    ),
    RowForm(
        "guest",
        _("Guest"),
        lambda row, **_kwargs: _is_changeable(row) and row.member_id is None,
        _guest,
        _change_guest,
        _("{name}: saved."),
        verb=_("Save"),
    ),
    RowForm(
        "answers",
        _("Answers"),
        _asks,
        _questions,
        lambda row, form, user: save_answers(row, form.answers()),
        _("{name}: saved."),
        verb=_("Save"),
    ),
    RowForm(
        "leave",
        _("Note leave"),
        lambda row, **_kwargs: _is_changeable(row) and row.is_expected and not row.presence,
        _leave,
        lambda row, form, user: by_staff.note_leave(
            row, leave_reason=form.cleaned_data["leave_reason"], actor=user, reason=form.why
        ),
        _("The leave of {name} is noted."),
    ),
    RowForm(
        "comes",
        _("Comes after all"),
        lambda row, **_kwargs: _is_changeable(row) and row.presence == Presence.LEAVE,
        _plain,
        lambda row, form, user: by_staff.take_back_leave(row, actor=user, reason=form.why),
        _("{name} is no longer on leave."),
    ),
    RowForm(
        "remove",
        _("Take off the list"),
        lambda row, **_kwargs: _is_changeable(row) and not row.presence,
        _plain,
        lambda row, form, user: by_staff.remove(row, actor=user, reason=form.why),
        _("{name} is no longer on the list."),
        note=_("Answers go too. The member is told; whoever is first in line moves up."),
        is_grave=True,
    ),
)
