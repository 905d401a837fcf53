"""What the staff's pages of contributions have in common."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect

from members.rights import Ability
from organizations.frame import render_page


def may_change(user, row):
    """Whether `user` may change `row` (a Service or Honour in sight): an editor of its member."""
    name = row._meta.model_name
    return user.has_perm(f"activities.change_{name}") and user.rights.may(
        Ability.EDIT, row.member.association_id
    )


def form_page(request, form, template, context, *, done):
    """The page of a `form` that a service saves; `done`: function of what was saved that gives (message, address)."""
    if request.method == "POST" and form.is_valid() and form.attempt():
        message, address = done(form.result)
        messages.success(request, message)
        return redirect(address)
    status = 422 if form.is_bound else 200
    return render_page(request, template, {"form": form, **context}, status=status)


def tabs_of(rows, states):
    """[(value, label, count)] of the `states` (choices) among `rows`."""
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    return [(value, label, counts.get(value, 0)) for value, label in states]
