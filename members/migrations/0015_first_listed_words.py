from django.db import migrations

# Professions by category: domain.md A2, start values; kinds of employer: B1, unit_kind
OCCUPATIONS = {
    "民营企业和外商投资企业管理技术人员": "企业高级管理人员 部门经理 工程师 研发人员 技术人员 财务管理 人力资源管理 法务管理",
    "中介组织和社会组织从业人员": "律师 注册会计师 税务师 资产评估师 房地产估价师 土地估价师 造价工程师 监理工程师 专利代理师 公证员 "
    "拍卖师 经纪人 司法鉴定人 咨询人员 社会组织秘书长 社会组织专职工作人员 民办学校人员 民办医院人员 民办养老机构人员 社会工作者",
    "自由职业人员": "撰稿人 作家 演员 歌手 画家 书法家 独立导演 独立音乐人 设计师 摄影师 翻译 独立讲师",
    "新媒体从业人员": "新媒体经营管理 采编 主播 自媒体运营 公众号运营 网络技术人员 网络作家",
}
EMPLOYER_KINDS = "机关 事业单位 国有企业 民营企业 外商投资企业 中介组织 社会团体 基金会 民办非企业单位 个体工商户 自由职业"


def add_words(apps, schema_editor):
    ListedWord = apps.get_model("members", "ListedWord")
    ListedWord.objects.bulk_create(
        [
            ListedWord(word_list="occupation", category=category, name=name)
            for category, names in OCCUPATIONS.items()
            for name in names.split()
        ]
        + [ListedWord(word_list="employer_kind", name=name) for name in EMPLOYER_KINDS.split()]
    )


def remove_words(apps, schema_editor):
    apps.get_model("members", "ListedWord").objects.filter(association=None).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0014_word_lists")]

    operations = [migrations.RunPython(add_words, remove_words)]
