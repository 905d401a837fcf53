"""What tests of the staff screens share: signing in, addresses, sending back a form as a browser would."""

from django.urls import reverse

from tests.make import grant, make_user


def sign_in(client, role, *associations, **fields):
    """The new user whom `client` is from now on, with `role` in the associations."""
    user = make_user(**fields)
    for association in associations:
        grant(user, role, association)
    client.force_login(user)
    return user


def change_url(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def history_url(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_history", args=[obj.pk])


def page_of(member, name="detail", **kwargs):
    return reverse(f"admin:members_member_{name}", kwargs={"pk": member.pk, **kwargs})


def section_of(member, section):
    return page_of(member, "section", section=section)


def form_data(response, **changes):
    """What a browser would send back from the admin's form, with changes."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                value = "on"
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data | changes


def opened_with(client, address):
    """The field by which the form at `address` knows with what it was opened, {} where there is none."""
    page = client.get(address)
    form = page.context["adminform"].form if page.status_code == 200 else None
    return {"opened": form["opened"].value()} if form and "opened" in form.fields else {}


def body_of(response):
    page = response.content.decode()
    return page[page.index("<body") :]


def messages_of(response):
    """The messages that the page the response leads to will show."""
    return [str(message) for message in response.wsgi_request._messages]
