"""What tests of requests for changes share: the two sides, and filling in a form as a browser would."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.change_requests.asking import ask_for_changes
from tests.make import make_user

NEW = reverse("portal:request_new")
LIST = reverse("portal:requests")
QUEUE = reverse("members:change_requests")


def own_page(asked):
    return reverse("portal:request", args=[asked.pk])


def page_of(asked, name="change_request"):
    return reverse(f"members:{name}", args=[asked.pk])


def signed_in_member(client, member):
    """The user of the record `member`, whom `client` is from now on."""
    user = member.user or make_user(name=member.name)
    member.user = user
    member.save()
    client.force_login(user)
    return user


def asks(member, reason="", **wanted):
    """The request of `member` (who gets an account) for `wanted`."""
    if member.user is None:
        member.user = make_user(name=member.name)
        member.save()
    return ask_for_changes(member, wanted, reason=reason, actor=member.user)


def filled_in(response, **typed):
    """What a browser sends back from the member's form of `response`, with `typed`."""
    data = {}
    for bound in response.context["form"]:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = value
        if bound.field.show_hidden_initial:
            data[bound.html_initial_name] = bound.form.data.get(bound.html_initial_name, value or "")
    return data | typed


def decided(response, answer="", **choices):
    """What a browser sends back from the page of a request: True, or the answer of a refusal, for each field."""
    data = {"answer": answer}
    for row, seen, choice, reply in response.context["form"].lines():
        data[seen.html_name] = seen.value()
        if choice and row.key in choices:
            wish = choices[row.key]
            data[choice.html_name] = "accept" if wish is True else "refuse"
            data[reply.html_name] = "" if wish is True else wish
    return data


def statements(client, url):
    """How many statements the page takes when it is not opened for the first time."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
