"""The text from which an association's notice begins: what PIPL arts. 17 and 30 ask for, out of its settings.

In Chinese, as members read it; not interface text, so without gettext. Sources: domain.md F1 and F3.
"""

from members.privacy.viewings import LEAST_DAYS
from members.resources import HEADERS
from members.rights import FIELD_CLASSES, FieldClass

KINDS = {
    FieldClass.PUBLIC: "会内公开信息",
    FieldClass.CONTACT: "联系方式",
    FieldClass.PERSONAL: "个人情况",
    FieldClass.IDENTITY: "证件信息",
}
WHO = {
    FieldClass.PUBLIC: "本会管理员、秘书、查阅人员和监事可见；经您同意后列入会员通讯录",
    FieldClass.CONTACT: "仅本会管理员和秘书可见，其他人员看到的是遮盖后的内容",
    FieldClass.PERSONAL: "仅本会管理员和秘书可见",
    FieldClass.IDENTITY: "加密存储，平时一律遮盖中间八位；确需查看全部号码的须填写事由并留下记录",
}

TEXT = """{name}（以下简称“本会”）依照《中华人民共和国个人信息保护法》处理会员的个人信息，现将有关事项告知如下。

一、处理者和联系方式
个人信息处理者：{name}。
联系人：{contact}。

二、处理目的
- 会籍管理：入会、会员编号和会员证、会员状态变更、换届和任职；
- 联络服务：通知会议和活动，答复您的申请和请求；
- 活动和履职：组织报名、签到和考勤，登记服务、捐赠和荣誉，形成您可查看、可提出异议的履职记录，不打分、不排名；
- 依法履职：向登记管理机关、业务主管单位报送负责人备案等法律法规和章程规定的材料；
- 统计分析：只形成人数等汇总数字，不反映个人情况。

三、处理方式
信息来自您本人填写、入会申请表以及您所在单位或基层组织报送的名册，存储在本会自行管理的会员系统中。工作人员凭个人账号、\
按职责权限查阅和维护；修改、导出、查看证件号码以及打开您的资料页均留有记录，您可在“我的档案”中看到。本会不利用个人信息\
进行自动化决策，不收集宗教信仰信息。

四、个人信息的种类
{kinds}
- 参会、任职、表决资格等在会内活动中形成的记录；
- 参加活动的报名、请假和签到记录（含扫码时间），报名时填写的内容（涉及个人的在活动结束后删除）；
- 志愿服务及时长、捐赠、荣誉，对履职记录提出的异议及答复，日历订阅的建立和读取时间。

五、敏感个人信息
证件号码用于核对身份、避免一人多档和依法备案，政治面貌用于党外代表人士工作和党组织建设，本会均按敏感个人信息严格保护。
泄露可能使您的人身、财产安全受到影响，因此采取加密、遮盖、分级授权和留痕等措施。您可以不提供证件号码，不影响会员权利；\
但依法须备案的负责人除外。

六、向他人提供和公开
除法律法规规定的情形外，向其他单位提供您的个人信息、公开您的姓名和照片，均须取得您的单独同意，并告知接收方、目的和种类。

七、保存期限
会籍存续期间保存；离会后保存{retention_years}年，期满后经{grace_days}天宽限予以匿名化，只保留统计数字。查阅记录至少保存\
{least_days}天，导出记录保存更长时间。

八、您的权利和行使方式
- 知情、查阅和复制：在“我的档案”中随时查看，并可下载副本；
- 更正、补充：在“我的资料”中直接修改或提交修改申请；
- 撤回同意：在“我的同意”中随时撤回，与给予同意同样方便，撤回不影响此前已进行的处理；
- 删除、停止使用、转移、要求解释处理规则：在“个人信息请求”中提出，或联系上述联系人；
- 已故会员的近亲属可为自身合法、正当利益提出请求。
本会自收到请求之日起{request_days}个工作日内答复；不予办理的说明理由。您也可以向履行个人信息保护职责的部门投诉、举报。

九、离会以后
退会、除名、转出后，本会不再将您列入通讯录，不再发送通知；资料仅为办理未了事项和依法保存而留存，按第七条到期匿名化。

十、告知书的变更
内容变更时发布新版本，注明生效日期，并请您再次阅读；以往版本可以随时查阅。
"""


def default_text(association):
    """The Chinese text of a first notice of `association`, with its settings filled in."""
    return TEXT.format(
        name=association.name,
        contact=association.data_contact or "本会秘书处",
        kinds="\n".join(_kind(each) for each in FieldClass),
        retention_years=association.retention_years,
        grace_days=association.grace_days,
        request_days=association.request_days,
        least_days=LEAST_DAYS,
    )


def _kind(field_class):
    headers = "、".join(HEADERS[key] for key, found in FIELD_CLASSES.items() if found == field_class)
    return f"- {KINDS[field_class]}：{headers}。{WHO[field_class]}；"
