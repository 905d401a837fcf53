import pytest
from django.core.cache import cache

from members.rights import Role
from tests.make import make_association
from tests.members.screens import sign_in


@pytest.fixture(autouse=True)
def nothing_tried_yet():
    """Tries are counted in the cache, which the tests of a process share."""
    cache.clear()


@pytest.fixture
def home():
    return make_association("江津联合会", code="jiangjin")


@pytest.fixture
def secretary(client, home):
    return sign_in(client, Role.SECRETARY, home, name="陈秘书")
