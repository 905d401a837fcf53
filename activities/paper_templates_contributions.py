"""The default templates of the papers of contributions. Called without Django: nothing but sheet.py is imported."""

from organizations.papers.sheet import (
    CENTER,
    HEI,
    KAI,
    LEFT,
    RED,
    RIGHT,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_SMALL_4,
    Sheet,
)


def receipt():
    sheet = Sheet(margins=(25, 25, 25, 25))
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("捐赠收据", after=6)
    sheet.text("编号：{{ 收据编号 }}", size=SIZE_SMALL_4, align=RIGHT, after=4)
    table = sheet.table([30, 55, 30, 45], size=SIZE_SMALL_4)
    table.row("捐赠人", "{{ 捐赠人 }}", "捐赠日期", "{{ 捐赠日期 }}", height=11)
    table.row("捐赠方式", "{{ 捐赠方式 }}", "用　　途", "{{ 用途 }}", height=11)
    table.row("金额（小写）", "￥{{ 金额 }}", "受 赠 方", "{{ 受赠方 }}", height=11)
    table.row("金额（大写）", "人民币{{ 大写金额 }}", height=11, spans=(1, 3), align=(CENTER, LEFT))
    sheet.tag("{%p if 物资清单 %}")
    sheet.text("物资清单", size=SIZE_SMALL_4, font=HEI, before=8, after=2)
    table = sheet.table([12, 55, 38, 28, 27], size=SIZE_SMALL_4)
    table.heads("序号", "名称", "规格", "数量", "折价（元）")
    table.rows(
        "物资", "物资清单", "{{ 物资.序号 }}", "{{ 物资.名称 }}", "{{ 物资.规格 }}", "{{ 物资.数量 }}",
        "{{ 物资.折价 }}", align=(CENTER, LEFT, CENTER, CENTER, RIGHT),
    )  # fmt: skip
    sheet.tag("{%p endif %}")
    sheet.text("以上捐赠已收讫，谨致谢忱。", size=SIZE_4, indent=True, before=12)
    sheet.text("收款单位（盖章）：{{ 协会名称 }}", size=SIZE_SMALL_4, align=LEFT, before=20)
    sheet.text("经办人：____________　　　　复核人：____________", size=SIZE_SMALL_4, align=LEFT, before=8)
    sheet.text("{{ 制作日期 }}", size=SIZE_SMALL_4, align=RIGHT, before=8)
    return sheet.content("捐赠收据")


def certificate():
    sheet = Sheet(landscape=True, margins=(28, 45, 22, 45), size=SIZE_3)
    sheet.title("捐赠证书", size=44, after=8, color=RED)
    sheet.text("编号：{{ 收据编号 }}", size=SIZE_SMALL_4, font=KAI, align=RIGHT, after=6)
    sheet.text("{{ 捐赠人 }}：", size=SIZE_2, align=LEFT, line=38)
    sheet.text(
        "您（贵单位）于{{ 捐赠日期 }}捐赠{{ 捐赠方式 }}"
        "{% if 物资清单 %}（{% for 物资 in 物资清单 %}{{ 物资.名称 }}{{ 物资.数量 }}{% if not loop.last %}、{% endif %}"
        "{% endfor %}），折合{% endif %}人民币{{ 大写金额 }}（￥{{ 金额 }}）"
        "{% if 用途 == '非定向' %}{% else %}，用于{{ 用途 }}{% endif %}。",
        size=SIZE_3,
        indent=True,
        line=34,
    )
    sheet.text("感谢您（贵单位）的爱心善举，特颁此证。", size=SIZE_3, indent=True, line=34)
    sheet.text("{{ 协会名称 }}", size=SIZE_3, align=RIGHT, before=22, line=30)
    sheet.text("{{ 制作日期 }}", size=SIZE_3, align=RIGHT, line=30)
    return sheet.content("捐赠证书")


def service():
    sheet = Sheet(margins=(30, 26, 25, 28))
    sheet.title("志愿服务证明", size=26, after=14)
    sheet.text(
        "兹证明{{ 姓名 }}{% if 会员编号 %}（会员编号：{{ 会员编号 }}）{% endif %}系{{ 协会名称 }}会员，"
        "自{{ 起始日期 }}至{{ 截止日期 }}参加志愿服务{{ 服务次数 }}次，累计服务时长{{ 总时长 }}小时。",
        indent=True,
    )
    sheet.tag("{%p if 领域列表 %}")
    sheet.text("服务领域", size=SIZE_SMALL_4, font=HEI, before=8, after=2)
    table = sheet.table([60, 40, 40], size=SIZE_SMALL_4)
    table.heads("领域", "次数", "时长（小时）")
    table.rows("类", "领域列表", "{{ 类.领域 }}", "{{ 类.次数 }}", "{{ 类.时长 }}")
    sheet.text("服务记录", size=SIZE_SMALL_4, font=HEI, before=8, after=2)
    table = sheet.table([12, 26, 56, 28, 30, 18], size=SIZE_SMALL_4)
    table.heads("序号", "日期", "服务内容", "领域", "服务对象", "时长")
    table.rows(
        "项", "服务清单", "{{ 项.序号 }}", "{{ 项.日期 }}", "{{ 项.内容 }}", "{{ 项.领域 }}", "{{ 项.对象 }}",
        "{{ 项.时长 }}", align=(CENTER, CENTER, LEFT, CENTER, LEFT, CENTER),
    )  # fmt: skip
    sheet.tag("{%p endif %}")
    sheet.text("特此证明。", indent=True, before=10)
    sheet.text("{{ 协会名称 }}（盖章）", align=RIGHT, before=24)
    sheet.text("{{ 制作日期 }}", align=RIGHT)
    sheet.page_number()
    return sheet.content("志愿服务证明")
