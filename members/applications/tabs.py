"""Two windows on one application: the second is shown what the first has saved, and chooses.

A step carries, signed, what it was opened with. When it comes back, whoever changed an answer alone has it their way;
where both did, nothing of the step is saved until one of the two texts is chosen.
"""

from dataclasses import dataclass

from django.core import signing

from members.applications.applying import kept

SAVED, TYPED = "saved", "typed"


@dataclass(frozen=True)
class Conflict:
    key: str
    label: str
    saved: str
    typed: str

    @property
    def choice(self):
        """Name of the input by which one chooses."""
        return f"choice-{self.key}"


class TypedStep:
    """What was typed into the fields of `form` (by which its keys and labels are known), beside what is saved."""

    def __init__(self, data, form, *, answers):
        self.conflicts = []
        base = read_opened(data.get("opened", ""), form.application)
        if base is None:
            base = answers
        self.values = {}
        for key, field in form.fields.items():
            saved, opened = answers.get(key, ""), base.get(key, "")
            typed = kept(data.get(key, ""))
            if typed != saved and saved != opened:
                if typed == opened:
                    typed = saved
                else:
                    self.conflicts.append(Conflict(key, field.label, saved, typed))
            if data.get(f"choice-{key}") == SAVED:
                typed = saved
            self.values[key] = typed


def sign_opened(form, answers):
    """The text of the hidden input that says what `form` was opened with."""
    opened = {key: answers[key] for key in form.fields if key in answers}
    return signing.dumps(opened, salt=_salt(form.application), compress=True)


def read_opened(text, application):
    """{key: text} of the answers that a step was opened with, None if `text` does not say it."""
    try:
        return signing.loads(text, salt=_salt(application))
    except signing.BadSignature:
        return None


def _salt(application):
    return f"members.application.{application.pk}"
