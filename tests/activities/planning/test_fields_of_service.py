"""The fields in which an association serves, among the settings."""

import pytest
from django.urls import reverse

from activities.models import ServiceField
from members.rights import Role
from tests.make import make_activity, make_association
from tests.members.screens import body_of, form_data, sign_in

pytestmark = pytest.mark.django_db
LIST = "admin:activities_servicefield_changelist"


def test_managers_keep_the_fields_of_their_association(client):
    home = make_association()
    field = ServiceField.objects.create(association=home, name="法律援助")
    ServiceField.objects.create(association=make_association(), name="别处的领域")
    make_activity(association=home, field=field)
    address = reverse("admin:activities_servicefield_change", args=[field.pk])

    sign_in(client, Role.SECRETARY, home)
    assert client.post(address).status_code == 403
    assert reverse(LIST) not in body_of(client.get("/admin/"))

    sign_in(client, Role.MANAGER, home)
    page = body_of(client.get(reverse(LIST)))
    assert "法律援助" in page
    assert "别处的领域" not in page
    form = client.get(address)
    data = form_data(form, name="法律服务")
    data.pop("is_offered")
    assert client.post(address, data).status_code == 302

    field.refresh_from_db()
    assert (field.name, field.is_offered) == ("法律服务", False)
    assert "法律服务</option>" not in body_of(client.get(reverse("activities:activity_new")))
    assert client.get(reverse("admin:activities_servicefield_delete", args=[field.pk])).status_code == 403
