"""Every page of the first day: readable for everybody, on a wide screen and a phone, light and dark, in Chinese."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from members.imports.pipeline import import_file, preview_file
from members.models import ImportBatch, Member, User
from members.setup import connect_first_member

ROSTERS = Path(__file__).resolve().parent.parent / "data" / "rosters"
# axe would load style sheets anew and write them into the page, which our content security policy forbids
QUIETLY = {"resultTypes": ["violations"], "preload": False}
WCAG = QUIETLY | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# what a change of colours alone can break
CONTRAST = QUIETLY | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# width of the screen, and what is checked there in which colours
SCREENS = {"wide": (1280, {"light": WCAG, "dark": CONTRAST}), "phone": (360, {"dark": WCAG})}

# colours change slowly; half-way they are of neither scheme
SETTLED = "Promise.all(document.getAnimations().map(each => each.finished))"

# Text of the interface, as far as it is on the screen: not the values of records.
INTERFACE = """
    label, legend, button, summary, caption, h1, h2, nav, th[scope=col], dt, .help, .tabs, .label, .badge,
    .level, .breadcrumbs, .object-tools, .paginator, .actions, .lead, .empty, #user-tools, #toolbar, #nav-sidebar
"""
READ_INTERFACE = """selector => {
  const texts = [document.title];
  for (const element of document.querySelectorAll(selector)) {
    if (element.checkVisibility()) texts.push(element.innerText);
  }
  for (const element of document.querySelectorAll("input[type=submit], input[type=button]")) texts.push(element.value);
  for (const name of ["title", "aria-label", "placeholder", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name));
  }
  return texts;
}"""
# Names that have no Chinese form, the name of the other language in its own, and texts out of records
NO_CHINESE = {"Excel", "English"}
OUT_OF_RECORDS = re.compile(r"\S+@\S+|\S+\.(?:xlsx?|ods|csv)\b|\.[a-z]{2,4}\b|\b[A-Z]{2,4}\b")


@pytest.fixture
def registry(site):
    """A register with a roster in it, and two rosters that wait for somebody's decision."""
    site.imported = import_file(ROSTERS / "jiangjin-139.xlsx", association=site.association, actor=None)
    site.waiting = []
    for name in ("values.xlsx", "identity-numbers.xlsx"):
        with open(ROSTERS / name, "rb") as file:
            batch = preview_file(file, file_name=name, association=site.association, actor=None)
        site.waiting.append(batch)
    site.member = Member.objects.filter(imported_from__isnull=False).order_by("pk").first()
    site.member.position = "首席顾问"
    site.member.save()
    return site


def staff_pages(registry):
    """{name: address} of the pages a secretary sees."""
    admin = "/admin/members"
    found = {
        "overview": "/admin/",
        "members": f"{admin}/member/",
        "search": f"{admin}/member/?q={registry.member.name[:2]}",
        "nothing found": f"{admin}/member/?q=查无此人",
        "member": f"{admin}/member/{registry.member.pk}/change/",
        "new member": f"{admin}/member/add/",
        "history": f"{admin}/member/{registry.member.pk}/history/",
        "employers": f"{admin}/employer/",
        "statistics": "/members/statistics/?cut=all",
        "statistics of two days": "/members/statistics/?cut=age&other_day=2020-12-31",
        "export": f"{admin}/member/export/",
        "upload": "/members/import/",
        "result": registry.imported.get_absolute_url(),
        "no record": "/members/me/",
    }
    values, numbers = [batch.get_absolute_url() for batch in registry.waiting]
    for tab in ("new", "question", "doubtful", "skipped"):
        found[f"values {tab}"] = f"{values}?tab={tab}"
    for tab in ("update", "error", "doubtful"):
        found[f"numbers {tab}"] = f"{numbers}?tab={tab}"
    return found


class Look:
    """Looks at pages and notes their faults."""

    def __init__(self, page, width, checks):
        self.page, self.width, self.checks, self.faults = page, width, checks, []
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", self._note)

    def _note(self, message):
        # a page that does not exist and a refused form are noted as errors by the browser itself
        if message.type == "error" and not re.search("status of (404|422)", message.text):
            self.faults.append(f"console: {message.text}")

    def at(self, name):
        """Notes what is wrong with the page as it stands."""
        for scheme, options in self.checks.items():
            self.page.emulate_media(color_scheme=scheme)
            self.page.evaluate(SETTLED)
            for violation in Axe().run(self.page, options=options).response["violations"]:
                places = [" ".join(node["target"]) for node in violation["nodes"]]
                self.faults.append(f"{name}, {scheme}: {violation['id']} at {places}")
        widest = self.page.evaluate("document.documentElement.scrollWidth")
        if widest > self.width:
            self.faults.append(f"{name}: {widest} wide on {self.width}")
        for text in self.page.evaluate(READ_INTERFACE, INTERFACE):
            words = set(re.findall(r"[A-Za-z]{4,}", OUT_OF_RECORDS.sub("", text))) - NO_CHINESE
            if words:
                self.faults.append(f"{name}: not Chinese: {text!r}")


@pytest.mark.parametrize(("width", "checks"), SCREENS.values(), ids=SCREENS)
def test_staff_pages_are_accessible_chinese_and_fit_the_screen(registry, page, width, checks):
    look = Look(page, width, checks)

    page.goto(f"{registry.url}/accounts/login/")
    look.at("sign-in")
    page.goto(f"{registry.url}/nowhere/")
    look.at("404")
    registry.sign_in(page)
    for name, address in staff_pages(registry).items():
        page.goto(registry.url + address)
        look.at(name)
    page.goto(f"{registry.url}/members/import/")
    page.get_by_label("名册文件").set_input_files({"name": "空.xlsx", "mimeType": "", "buffer": b""})
    page.get_by_role("button", name="上传并预览").click()
    look.at("refused upload")

    assert not look.faults, "\n".join(look.faults)


@pytest.mark.parametrize(("width", "checks"), SCREENS.values(), ids=SCREENS)
def test_a_members_own_page_is_accessible_chinese_and_fits_the_screen(registry, page, width, checks):
    connect_first_member(User.objects.get(email="member@example.org"), registry.association)
    look = Look(page, width, checks)

    registry.sign_in(page, "member@example.org")
    look.at("own record")

    assert not look.faults, "\n".join(look.faults)


def tab_to(page, target, *, at_most=60):
    """Press Tab until `target` has the focus, and see that the eye can follow."""
    for _ in range(at_most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            outline = target.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{target} is out of reach of the Tab key")


def test_a_roster_goes_in_by_tab_and_enter_alone(site, page):
    site.sign_in(page)
    page.goto(f"{site.url}/admin/members/member/")

    tab_to(page, page.get_by_role("link", name="导入", exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("名册文件"))
    # the dialog that a key opens here is the browser's own
    page.get_by_label("名册文件").set_input_files(ROSTERS / "values.xlsx")
    tab_to(page, page.get_by_role("button", name="上传并预览"), at_most=2)
    page.keyboard.press("Enter")
    expect(page.get_by_text("39 行可以导入")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="有疑问的单元格"))
    page.keyboard.press("Enter")
    page.wait_for_url("**tab=doubtful*")
    tab_to(page, page.get_by_role("button", name="导入 39 行"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("已导入 39 行")).to_be_visible()
    assert Member.objects.filter(imported_from__batch=ImportBatch.objects.get()).count() == 39


def test_the_preview_prints_its_rows_and_no_controls(registry, page):
    registry.sign_in(page)
    page.goto(f"{registry.url}{registry.waiting[0].get_absolute_url()}?tab=doubtful")

    page.emulate_media(media="print")

    shown = {
        selector: page.locator(selector).first.is_visible()
        for selector in (
            "#rows .message",
            ".counts",
            "h1",
            ".import .actions",
            "#nav-sidebar",
            "#header",
            "#footer",
        )
    }
    assert shown == {
        "#rows .message": True,
        ".counts": True,
        "h1": True,
        ".import .actions": False,
        "#nav-sidebar": False,
        "#header": False,
        "#footer": False,
    }
    assert page.locator("#rows").bounding_box()["width"] > 1100
