"""Default templates of the papers of activities; called without Django: see organizations.papers.kinds.add_kinds."""

from organizations.papers.defaults import LIST, OFFICIAL
from organizations.papers.sheet import CENTER, HEI, LEFT, RIGHT, SIZE_SMALL_4, Sheet


def sign_in():
    sheet = Sheet(margins=LIST)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 活动名称 }}签到表", after=8)
    sheet.text("时间：{{ 活动时间 }}", size=SIZE_SMALL_4, align=LEFT)
    sheet.text("地点：{{ 活动地点 }}　　主办：{{ 主办单位 }}", size=SIZE_SMALL_4, align=LEFT)
    sheet.text(
        "应到：{{ 应到人数 }}人　　实到：____人　　请假：____人　　缺席：____人　　（{{ 排序方式 }}）",
        size=SIZE_SMALL_4,
        align=LEFT,
        after=4,
    )
    table = sheet.table([11, 20, 52, 28, 32, 32])
    table.heads("序号", "姓名", "单位", "职务", "联系电话", "签名")
    table.rows(
        "人", "名单", "{{ 人.序号 }}", "{{ 人.姓名 }}", "{{ 人.工作单位 }}", "{{ 人.职务 }}", "{{ 人.联系电话 }}",
        "{{ 人.备注 }}", align=(CENTER, CENTER, LEFT, CENTER, CENTER, CENTER), height=11,
    )  # fmt: skip
    sheet.page_number()
    return sheet.content("活动签到表")


def notice():
    sheet = Sheet(margins=OFFICIAL)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("关于开展“{{ 活动名称 }}”的通知", after=20)
    sheet.text("各位会员：", align=LEFT)
    sheet.text("现将“{{ 活动名称 }}”有关事项通知如下：", indent=True)
    for lead, line in (
        ("一、活动时间：", "{{ 活动时间 }}。"),
        ("二、活动地点：", "{{ 活动地点 }}。"),
        ("三、主办单位：", "{{ 主办单位 }}。"),
    ):
        sheet.text(line, lead=lead, indent=True)
    sheet.tag("{%p if 活动内容 %}")
    sheet.text("{{ 活动内容 }}", lead="四、活动内容：", indent=True)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if 活动安排 %}")
    sheet.text("活动安排：", font=HEI, indent=True)
    sheet.tag("{%p for 项 in 活动安排 %}")
    sheet.text("{{ 项.内容 }}", indent=True)
    sheet.tag("{%p endfor %}")
    sheet.tag("{%p endif %}")
    sheet.text(
        "{% if 报名截止 %}请于{{ 报名截止 }}前报名。{% endif %}请准时参加，因故不能参加的，请提前请假。"
        "联系人：{{ 联系人 }}{% if 联系电话 %}，电话：{{ 联系电话 }}{% endif %}。",
        lead="报名与要求：",
        indent=True,
    )
    sheet.text("{{ 协会名称 }}", align=RIGHT, before=28).paragraph_format.keep_with_next = True
    sheet.text("{{ 通知日期 }}", align=RIGHT).paragraph_format.right_indent = 2 * 203200
    sheet.page_number()
    return sheet.content("活动通知")
