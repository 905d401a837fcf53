"""Kinds of rules: what each says, its numbers, and the function that finds where it is broken.

A kind is written as a function in `rules/` under the decorator `kind`. It takes the facts, a body where it is about
one (a kind with `bodies`), and its parameters by name, and yields `Found`. It reads nothing else: no database, no
clock, so that its test is a table of facts and findings.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy


class Group(TextChoices):
    """Under which heading the rules stand."""

    ASSOCIATION = "association", pgettext_lazy("rules", "Association")
    ASSEMBLY = "assembly", pgettext_lazy("rules", "Members' assembly")
    COUNCIL = "council", pgettext_lazy("rules", "Council")
    STANDING_COUNCIL = "standing_council", pgettext_lazy("rules", "Standing council")
    LEADERS = "leaders", pgettext_lazy("rules", "Officers (负责人)")
    SUPERVISORS = "supervisors", pgettext_lazy("rules", "Supervisory board")
    RE_ELECTION = "re_election", pgettext_lazy("rules", "Terms and re-election")
    MEETINGS = "meetings", pgettext_lazy("rules", "Meetings and votes")
    FILINGS = "filings", pgettext_lazy("rules", "Filings and reports")
    PARTY_BRANCH = "party_branch", pgettext_lazy("rules", "Party branch")
    RECORDS = "records", pgettext_lazy("rules", "Records")


@dataclass(frozen=True)
class Kind:
    key: str
    group: str
    title: str
    says: str
    """The rule as a sentence with its parameters in braces."""
    find: Callable
    parameters: tuple = ()
    bodies: tuple = ()
    """Kinds of bodies it is about, each with a rule of its own; none: the association as a whole."""
    on_drafts: bool = True
    """Whether it is asked of a list that would be elected, too."""

    def clean(self, values):
        """`values` ({name: as written}) as they are kept. Raises ValidationError by the names of the parameters."""
        errors, cleaned = {}, {}
        for parameter in self.parameters:
            if parameter.name not in values:
                errors[parameter.name] = _("“{label}” is missing.").format(label=parameter.label)
                continue
            try:
                cleaned[parameter.name] = parameter.clean(values[parameter.name])
            except ValidationError as error:
                errors[parameter.name] = error
        if errors:
            raise ValidationError(errors)
        return cleaned

    def read(self, values):
        """{name: value that the rule works with}."""
        return {parameter.name: parameter.read(values[parameter.name]) for parameter in self.parameters}

    def sentence(self, values):
        """The rule in words, with its numbers."""
        return str(self.says).format(
            **{parameter.name: parameter.say(values[parameter.name]) for parameter in self.parameters}
        )


KINDS = {}


def kind(key, group, title, says, *, parameters=(), bodies=(), on_drafts=True):
    """Decorator: the function below is the rule of this kind."""

    def register(find):
        KINDS[key] = Kind(key, group, title, says, find, tuple(parameters), tuple(bodies), on_drafts)
        return find

    return register
