"""The answers of an application in words, for its author and for the staff."""

from dataclasses import dataclass

from django.utils.text import capfirst

from members import identity
from members.applications.fields import STEPS, ApplicationForm
from members.rights import FIELD_CLASSES


@dataclass(frozen=True)
class Answer:
    key: str
    label: str
    text: str


def answers_by_step(application, rights=None):
    """[(Step, [Answer])]; with the `rights` of a reader those that they may not read are masked.

    Of an identity number the middle is shown to nobody.
    """
    form, answers = ApplicationForm(application=application), application.answers
    found = []
    for step in STEPS:
        keys = [key for key in form.fields if key in step.fields]
        if step is STEPS[-1]:
            keys += [key for key in form.fields if key.startswith("introducer")]
        found.append((step, [_answer(form, key, answers.get(key, ""), application, rights) for key in keys]))
    return found


def _answer(form, key, written, application, rights):
    field = form.fields.get(key)
    text = str(dict(getattr(field, "choices", ())).get(written, written)) if written else ""
    if key == "id_number":
        text = identity.mask_id_number(identity.clean_number(written))
    if rights is not None and key in FIELD_CLASSES:
        text = rights.shown(key, text, application.association_id)
    return Answer(key, capfirst(field.label) if field else "", text)
