"""Every page of the first day: readable for everybody, on a wide screen and a phone, light and dark, in Chinese."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from members.imports.pipeline import import_file, preview_file
from members.models import Employer, ImportBatch, ListedWord, Member, SavedList, User
from members.setup import connect_first_member
from organizations.models import Change
from tests.members.imports.sheets import workbook

ROSTERS = Path(__file__).resolve().parent.parent / "data" / "rosters"
# axe would load style sheets anew and write them into the page, which our content security policy forbids
QUIETLY = {"resultTypes": ["violations"], "preload": False}
WCAG = QUIETLY | {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# width of the screen for axe, and the width at which nothing may stick out
SCREENS = {"wide": (1280, 1280), "phone": (390, 360)}

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
NO_CHINESE = {
    *("Excel", "English", "jiangjin"),
    *("iPhone", "iPad", "Outlook", "Word", "PowerPoint", "docx", "xlsx", "pptx"),
}
OUT_OF_RECORDS = re.compile(
    r"\{[^}]*\}|https?://\S+|\S+@\S+|\S+\.(?:xlsx?|ods|csv)\b|\.[a-z]{2,4}\b|\b[A-Z]{2,4}\b"
)

# a list by conditions of every shape, the panel in which they are written open
CONDITIONS = (
    "g=category:is:自由职业人员;sex:is:女&g=age:between:,40"
    "&edit=category:is:自由职业人员;age:between:30,40;joined:between:2019,&edit=township:is:几江街道;mobile:missing"
)


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
    namesake = [site.member.name, None, None, None, None, str(site.member.employer)]
    site.ambiguous = preview_file(
        workbook(namesake), file_name="roster.xlsx", association=site.association, actor=None
    )
    site.change = Change.objects.of(site.member).order_by("pk").last()
    secretary = User.objects.get(email="secretary@example.org")
    site.saved_list = SavedList.objects.create(
        owner=secretary, name="女会员", kind="conditions", groups=["sex:is:女;category:present"]
    )
    return site


def staff_pages(registry):
    """{name: address} of the pages a secretary sees."""
    admin = "/admin/members"
    found = {
        "overview": "/admin/",
        "members": f"{admin}/member/",
        "search": f"{admin}/member/?q={registry.member.name[:2]}",
        "nothing found": f"{admin}/member/?q=查无此人",
        "member": registry.member.get_absolute_url(),
        "section": f"{registry.member.get_absolute_url()}edit/association/",
        "whole member": f"{admin}/member/{registry.member.pk}/change/",
        "identity number": f"{registry.member.get_absolute_url()}reveal/",
        "photo": f"{registry.member.get_absolute_url()}photo/",
        "registration form": f"{registry.member.get_absolute_url()}form/",
        "conditions": f"{admin}/member/?{CONDITIONS}",
        "conditions nobody understands": f"{admin}/member/?g=sex:is:1;无此条件",
        "saved lists": f"{admin}/member/lists/",
        "open list": f"{registry.saved_list.get_absolute_url()}&g=sex:is:女",
        "save a list": f"{admin}/member/lists/add/?g=sex:is:女",
        "delete a list": f"{admin}/member/lists/{registry.saved_list.pk}/delete/",
        "set the status": f"{admin}/member/bulk/status/?g=sex:is:女",
        "assign a category": f"{admin}/member/bulk/category/?ids={registry.member.pk}",
        "assign a township": f"{admin}/member/bulk/township/",
        "add to a list": f"{admin}/member/bulk/list/",
        "new member": f"{admin}/member/add/",
        "history": f"{admin}/member/{registry.member.pk}/history/",
        "changes": "/admin/organizations/change/?record=members.member",
        "restore": f"{admin}/member/{registry.member.pk}/history/{registry.change.pk}/restore/?field=position",
        "employers": f"{admin}/employer/",
        "statistics": "/members/statistics/?cut=all",
        "statistics of two days": "/members/statistics/?cut=age&other_day=2020-12-31",
        "export": f"{admin}/member/export/",
        "export of nobody": f"{admin}/member/export/?q=查无此人",
        "log of exports": "/members/disclosures/",
        "upload": "/members/import/",
        "result": registry.imported.get_absolute_url(),
        "undoing": f"{registry.imported.get_absolute_url()}undo/",
        "kept columns": f"{registry.imported.get_absolute_url()}columns/",
        "members to choose from": registry.ambiguous.get_absolute_url(),
        "one row": f"{registry.ambiguous.get_absolute_url()}rows/{registry.ambiguous.rows.get().pk}/",
        "word lists": f"{admin}/listedword/",
        "no record": "/my/profile/",
    }
    for batch in registry.waiting:
        found[f"columns of {batch.file_name}"] = f"{batch.get_absolute_url()}columns/"
    values, numbers = [batch.get_absolute_url() for batch in registry.waiting]
    for tab in ("new", "question", "doubtful", "skipped"):
        found[f"values {tab}"] = f"{values}?tab={tab}"
    for tab in ("update", "error", "doubtful"):
        found[f"numbers {tab}"] = f"{numbers}?tab={tab}"
    return found


def manager_pages(registry):
    """{name: address} of the pages of Django's admin that only a manager sees, one of each kind."""
    association, user = registry.association, User.objects.get(email="secretary@example.org")
    # two spellings of one firm
    kept = Employer.objects.create(association=association, name="重庆某某科技有限公司")
    alike = Employer.objects.create(association=association, name="重庆市某某科技有限责任公司")
    word = ListedWord.objects.create(association=association, word_list="occupation", name="茶艺师")
    return {
        "duplicates": "/admin/members/employer/duplicates/",
        "merging employers": f"/admin/members/employer/merge/{kept.pk}/{alike.pk}/",
        "word": f"/admin/members/listedword/{word.pk}/change/",
        "associations": "/admin/organizations/association/",
        "association": f"/admin/organizations/association/{association.pk}/change/",
        "accounts": "/admin/members/user/",
        "account": f"/admin/members/user/{user.pk}/change/",
        "new account": "/admin/members/user/add/",
        "delete a member": f"/admin/members/member/{registry.member.pk}/delete/",
        "delete an employer in use": f"/admin/members/employer/{registry.member.employer_id}/delete/",
        "popup": "/admin/members/employer/add/?_popup=1",
    }


OPEN_PAGES = {
    "sign-in": "/accounts/login/",
    "closed sign-up": "/accounts/signup/",
    "forgotten password": "/accounts/password/reset/",
    "forgotten password, sent": "/accounts/password/reset/done/",
    "forgotten password, old link": "/accounts/password/reset/key/1-old/",
    "forgotten password, done": "/accounts/password/reset/key/done/",
    "closed account": "/accounts/inactive/",
    "404": "/nowhere/",
}
ACCOUNT_PAGES = {
    "password": "/accounts/password/change/",
    "e-mail addresses": "/accounts/email/",
    "two steps": "/accounts/2fa/",
    "two steps, app": "/accounts/2fa/totp/activate/",
    "two steps, keys": "/accounts/2fa/webauthn/",
    "two steps, new key": "/accounts/2fa/webauthn/add/",
    "devices": "/accounts/sessions/",
    "confirm it is you": "/accounts/reauthenticate/",
    "sign out": "/accounts/logout/",
}


class Look:
    """Looks at pages, in both colour schemes, and notes their faults."""

    def __init__(self, page, width, narrowest):
        self.page, self.width, self.narrowest, self.faults = page, width, narrowest, []
        self.resize(width)
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.faults.append(f"script at {page.url}: {error}"))

    def _note(self, message):
        # a page that does not exist and a refused form are noted as errors by the browser itself
        if message.type == "error" and not re.search("status of (404|422)", message.text):
            self.faults.append(f"console: {message.text}")

    def resize(self, width):
        self.page.set_viewport_size({"width": width, "height": 900})

    def at(self, name):
        """Notes what is wrong with the page as it stands; where a click was still leading to it, looks once more."""
        try:
            found = list(self._faults(name))
        except PlaywrightError:  # the document went away under the look
            self.page.wait_for_load_state("networkidle")
            found = list(self._faults(name))
        self.faults += found

    def _faults(self, name):
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.evaluate(SETTLED)
            for violation in Axe().run(self.page, options=WCAG).response["violations"]:
                places = [" ".join(node["target"]) for node in violation["nodes"]]
                yield f"{name}, {scheme}: {violation['id']} at {places}"
        self.resize(self.narrowest)
        widest = self.page.evaluate("document.documentElement.scrollWidth")
        if widest > self.narrowest:
            yield f"{name}: {widest} wide on {self.narrowest}"
        self.resize(self.width)
        for text in self.page.evaluate(READ_INTERFACE, INTERFACE):
            words = set(re.findall(r"[A-Za-z]{4,}", OUT_OF_RECORDS.sub("", text))) - NO_CHINESE
            if words:
                yield f"{name}: not Chinese: {text!r}"

    def at_each(self, url, pages):
        """Goes to each of `pages`, {name: address below `url`}, and notes what is wrong."""
        for name, address in pages.items():
            self.page.goto(url + address)
            self.at(name)

    def passes(self):
        assert not self.faults, "\n".join(self.faults)


@pytest.fixture(params=SCREENS.values(), ids=SCREENS)
def look(request, page):
    return Look(page, *request.param)


def test_staff_pages_are_accessible_chinese_and_fit_the_screen(registry, page, look):
    registry.sign_in(page)

    look.at_each(registry.url, staff_pages(registry))

    look.passes()


def test_states_of_the_staff_pages_are_accessible_chinese_and_fit_the_screen(registry, page, look):
    registry.sign_in(page, "manager@example.org")

    look.at_each(registry.url, manager_pages(registry))
    page.goto(f"{registry.url}/admin/members/employer/add/")
    page.locator("[name=_save]").click()
    look.at("refused form")
    page.locator("#user-tools summary").click()
    look.at("account menu")
    if look.width < 768:
        page.locator("#nav-toggle").click()
        look.at("phone menu")
    page.goto(f"{registry.url}/members/import/")
    page.get_by_label("名册文件").set_input_files({"name": "空.xlsx", "mimeType": "", "buffer": b""})
    page.get_by_role("button", name="上传并预览").click()
    look.at("refused upload")
    page.goto(f"{registry.url}/admin/members/member/export/")
    page.get_by_role("button", name="全部字段").click()
    page.get_by_role("button", name="下一步：核对并导出").click()
    page.get_by_role("button", name="导出", exact=True).click()
    page.get_by_text("列的次序").click()
    look.at("export without a reason")

    look.passes()


def test_pages_before_signing_in_are_accessible_chinese_and_fit_the_screen(registry, page, look):
    look.at_each(registry.url, OPEN_PAGES)
    page.goto(f"{registry.url}/accounts/login/")
    page.get_by_label("邮箱或手机号").fill("nobody@example.org")
    page.get_by_label("密码", exact=True).fill("nothing")
    page.keyboard.press("Enter")
    page.locator(".summary").wait_for()
    look.at("refused sign-in")

    look.passes()


def test_a_members_own_pages_are_accessible_chinese_and_fit_the_screen(registry, page, look):
    connect_first_member(User.objects.get(email="member@example.org"), registry.association)
    registry.sign_in(page, "member@example.org")

    look.at("own record")
    look.at_each(registry.url, ACCOUNT_PAGES)

    look.passes()


def tab_to(page, target, *, key="Tab", at_most=60):
    """Press Tab (or what else goes from one to the next) until `target` has the focus; see that the eye can follow."""
    for _ in range(at_most):
        page.keyboard.press(key)
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
    # back from the rows, each of which may be typed into
    tab_to(page, page.get_by_role("button", name="导入 39 行"), key="Shift+Tab")
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
