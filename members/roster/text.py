"""Cleaning of what stands in cells, before anybody asks what it means."""

import re
from unicodedata import normalize

# Characters nobody sees: soft hyphen, zero width blanks and joiners, direction marks, byte order mark.
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]+"
)
_BLANKS = re.compile(r"\s+")


def words(text):
    """The words of a list, apart from each other by blanks: easier to read and mend than one literal each."""
    return text.split()


# Marks for "nothing to say here" that filling instructions ask for instead of an empty cell.
EMPTY_MARKS = frozenset(
    words(
        "无 無 空 — —— ———— - -- --- – ― － / // ／ \\ ＼ 、 . 。 暂无 暂無 无学位 无职称 无职务 (无) （无） 无。 "
        "N/A n/a NULL null None"
    )
)
# The same without 无: in lists where 无 is a value or a riddle.
EMPTY_LINES = frozenset(mark for mark in EMPTY_MARKS if "无" not in mark and "無" not in mark)

ERROR_TEXT = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)|Err:\d{3}|#{3,}", re.IGNORECASE
)

# Traditional characters of headers and list values (never of names or other free text), with the simplified
# form at the same place. Taken from the vocabulary of this package, with its usual variants.
_TRADITIONAL = (
    "專業級編號簽證書種類別電話機碼錄聯絡繫郵訊備註職務稱單體會員歷學術貫黨團參時間門現經濟師貧開戶畢資執"
    "歸屬鎮鄉區榮譽獎勵獲個係縣標題內層階後衛醫藥農應關實獨進眾無維爾壯滿鮮達羅溫賓碩於與從組織紹費檔項國"
    "際運營財稅認監護總辦協賽銜勞動樂畫導劇寫譯設計網創銷療養閒廣場東風蘭馬麗興華陽漢韓陳劉張楊趙黃吳鄭馮"
    "鄧許蕭產處長親戰線選舉額擇對錯誤詢顧問譚續繼約貢獻責決議論壇補貼識臺灣僑傭狀態離殘異轉歲歿請審覈預積"
    "極廠礦廳庫廢辭姪遠寧飛鳳鳥龍齊齡彞僱傳銀險貿車鐵漁獸戲攝視隊勢強幾隨帶裡並擔簡裝兒婦嬰園課據點擊鏈載"
    "壓縮遷測試驗檢餘贈陣雲萬億兩雙筆劃數連聲權冊緊謂詳細須說難頗納錫倫烏薩瑤畬佈衆轄誌託製複屆爲週衹"
)
_SIMPLIFIED = (
    "专业级编号签证书种类别电话机码录联络系邮讯备注职务称单体会员历学术贯党团参时间门现经济师贫开户毕资执"
    "归属镇乡区荣誉奖励获个系县标题内层阶后卫医药农应关实独进众无维尔壮满鲜达罗温宾硕于与从组织绍费档项国"
    "际运营财税认监护总办协赛衔劳动乐画导剧写译设计网创销疗养闲广场东风兰马丽兴华阳汉韩陈刘张杨赵黄吴郑冯"
    "邓许萧产处长亲战线选举额择对错误询顾问谭续继约贡献责决议论坛补贴识台湾侨佣状态离残异转岁殁请审核预积"
    "极厂矿厅库废辞侄远宁飞凤鸟龙齐龄彝雇传银险贸车铁渔兽戏摄视队势强几随带里并担简装儿妇婴园课据点击链载"
    "压缩迁测试验检余赠阵云万亿两双笔划数连声权册紧谓详细须说难颇纳锡伦乌萨瑶畲布众辖志托制复届为周只"
)
_TO_SIMPLIFIED = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def tidy(text):
    """`text` as written, without invisible characters and without blanks at both ends; lines end in \\n."""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", ""))
    return text.strip()


def squeeze(text):
    """`text` for comparing: no blanks, full-width forms folded, traditional characters of our words simplified."""
    if text.isascii():
        return "".join(text.split())
    return _BLANKS.sub("", normalize("NFKC", tidy(text))).translate(_TO_SIMPLIFIED)


def simplify(text):
    return text.translate(_TO_SIMPLIFIED)
