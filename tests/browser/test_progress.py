"""A roster of 20,000 rows on the site as `manage.py start` runs it: progress seen, the page left, everybody counted."""

import os
import re
import signal
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.bench.yardsticks import gen_roster
from tests.browser.conftest import Site
from tests.config.test_installation import PRODUCTION
from tests.config.test_start import free_port, passwords, wait_for

ROWS = 20_000
LONG = 90_000  # milliseconds: two cores may be busy with other tests

pytestmark = pytest.mark.skipif(os.name != "posix", reason="gunicorn does not run here")


class Started(Site):
    """The site of `manage.py start` in a process of its own, with its worker, on an SQLite file."""

    def __init__(self, folder):
        self.database, self.port = folder / "db.sqlite3", free_port()
        environment = PRODUCTION | {
            "PATH": os.environ["PATH"],
            "REGISTRY_LOCAL": "1",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "STATIC_ROOT": str(folder / "static"),
            "PRIVATE_ROOT": str(folder / "private"),
            "ALLOWED_HOSTS": "127.0.0.1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(self.port)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        url = f"http://127.0.0.1:{self.port}"
        wait_for(f"{url}/health/")
        text = ""
        while "Ctrl+C" not in text:
            text += self.process.stdout.readline()
        super().__init__(url, None, passwords(text))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=30)

    def count(self, table, condition="1"):
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
        finally:
            connection.close()


@pytest.fixture
def started(tmp_path):
    site = Started(tmp_path)
    yield site
    site.stop()


@pytest.fixture(scope="module")
def roster(tmp_path_factory):
    path = tmp_path_factory.mktemp("roster") / "全市名册.xlsx"
    gen_roster.write(str(path), ROWS)
    return path


# tells every place of the bar as it comes: on a quick machine a phase may be over before a test asks
WATCHING = """
  new MutationObserver(() => {
    const bar = document.querySelector("#work progress[value]");
    if (bar) seen(document.querySelector("#work .lead").textContent.trim(), bar.getAttribute("value"));
  }).observe(document, {childList: true, subtree: true});
"""


def watched(page):
    """{what the work was doing: places of its bar}, filled as `page` shows them, on every page it comes to."""
    places = {}
    page.expose_function("seen", lambda doing, value: places.setdefault(doing, set()).add(value))
    page.add_init_script(WATCHING)
    return places


def test_a_roster_of_20000_goes_in_while_one_does_something_else(started, page, roster):
    places = watched(page)
    started.sign_in(page)
    page.goto(f"{started.url}/members/import/")
    page.get_by_label("名册文件").set_input_files(roster)
    page.get_by_role("button", name="上传并预览").click()

    # how far it is, by itself
    expect(page.locator("#work .lead")).to_have_text("正在读取文件", timeout=LONG)
    address = page.url
    expect(page.locator("#work .phases .now .count")).to_contain_text("行", timeout=LONG)

    # left, and come back to
    page.goto(f"{started.url}/members/import/")
    page.get_by_role("link", name="全市名册.xlsx").first.click()
    assert page.url == address
    expect(page.get_by_text(re.compile(r"20,?000\s*行可以导入"))).to_be_visible(timeout=LONG)
    before = started.count("members_member")

    page.get_by_role("button", name=re.compile(r"导入 20,?000 行")).click()
    expect(page.locator("#work .lead")).to_have_text("正在导入")
    assert started.count("members_member") == before
    expect(page.get_by_text(re.compile("20,?000 行已导入|导入 20,?000 行")).first).to_be_visible(timeout=LONG)
    assert started.count("members_member") == before + ROWS
    assert started.count("organizations_action", "kind = 'import'") == 1
    assert len(places["正在导入"]) > 1


def test_a_reading_is_cancelled_without_javascript_and_leaves_nothing(started, browser, roster):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    started.sign_in(page)
    page.goto(f"{started.url}/members/import/")
    page.get_by_label("名册文件").set_input_files(roster)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator("#work")).to_be_visible()

    page.get_by_role("link", name="再看一次").click()
    page.get_by_role("button", name="取消").click()
    while page.get_by_text("正在取消").count():
        page.get_by_role("link", name="再看一次").click()

    expect(page.get_by_text("已放弃").first).to_be_visible()
    assert started.count("members_importrow") == 0
    assert list((started.database.parent / "private" / "rosters").iterdir()) == []
    context.close()
