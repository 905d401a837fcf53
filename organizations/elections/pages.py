"""What all pages of an election share: whose it is, the header with the steps, and how a change is answered."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from organizations.admin.scoped import EDIT
from organizations.elections.steps import STEPS, neighbours, progress
from organizations.frame import render_page
from organizations.models import Election
from organizations.models.appointments import all_members
from organizations.services import NotPossible

may_view = permission_required("organizations.view_election", raise_exception=True)
TITLES = {step.key: step.title for step in STEPS}


def election_in_sight(request, pk):
    """The Election with the key `pk` and all its parts: 404 out of sight, 403 for writing what one only reads.

    `may_edit` says whether the reader may work on it now.
    """
    election = get_object_or_404(Election.objects.visible_to(request.user).with_parts(), pk=pk)
    election.is_theirs = Election.objects.where_may(request.user, EDIT).filter(pk=pk).exists()
    if request.method == "POST" and not election.is_theirs:
        raise PermissionDenied
    election.may_edit = election.is_theirs and election.is_open
    return election


def step_page(request, election, key, context, *, template="", status=200):
    """The page of the step `key`, with the header of all steps."""
    before, after = neighbours(election, key)
    context = {
        "title": str(election),
        "step_title": TITLES[key],
        "election": election,
        "steps": progress(election, key),
        "step_before": before,
        "step_after": after,
        **context,
    }
    template = template or f"organizations/election_{key}.html"
    return render_page(request, template, context, status=status)


def tried(request, change, *args, **kwargs):
    """Whether `change(*args, **kwargs)` was done; if a rule forbade it, the reader is told in a message."""
    try:
        change(*args, **kwargs)
    except (NotPossible, ValidationError, IntegrityError) as error:
        messages.error(request, sentence(error))
        return False
    return True


def sentence(error):
    """What `error` says to people."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, IntegrityError):
        return _("Somebody changed this at the same moment. Please try again.")
    return str(error)


def people_in_sight(user, association_id):
    """Members of the association whose records `user` may read: who can become a candidate."""
    people = all_members()
    return people.staff_visible_to(user).filter(association=association_id)


def back_to(election, key, *args):
    return redirect(f"organizations:election_{key}", election.pk, *args)
