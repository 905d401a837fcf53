import os
import shutil

import pytest

# Playwright's own loop runs in this thread; the tests use the ORM beside it, one at a time
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium") or "/usr/bin/chromium")


def pytest_collection_modifyitems(items):
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def private_files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        }
    }


@pytest.fixture
def site(live_server, private_files):
    """The address of a running site with the association and the three first accounts, and their passwords."""
    from members.setup import make_first_accounts
    from organizations.setup import make_first_association

    association, _ = make_first_association()
    passwords = {user.email: password for user, password in make_first_accounts(association)}
    return Site(live_server.url, association, passwords)


class Site:
    def __init__(self, url, association, passwords):
        self.url, self.association, self.passwords = url, association, passwords

    def sign_in(self, page, email="secretary@example.org"):
        """Sign in and watch that nothing on the way breaks the content security policy or fails to load."""
        page.on("console", self._complain)
        page.goto(f"{self.url}/")
        page.get_by_label("邮箱或手机号").fill(email)
        page.get_by_label("密码", exact=True).fill(self.passwords[email])
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/admin/**" if not email.startswith("member") else "**/my/")

    @staticmethod
    def _complain(message):
        # a refused form answers 422, which the browser notes as an error of its own
        # so do pages of one's own without a record, with 404
        if message.location.get("url", "").endswith(("/my/", "/my/profile/")) and "404" in message.text:
            return
        assert message.type != "error" or "422" in message.text, message.text
