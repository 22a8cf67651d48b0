"""The text as it is read: half-width, small, and for the tables in simplified characters."""

from __future__ import annotations

import re
import unicodedata

from model.reading.base import MAX_TEXT

#: Stands for a full-width comma, which never groups the digits of a number as ``,`` may.
COMMA = "\ue000"

#: Numbers of a list in circles, brackets, boxes: they would become digits of what follows.
_BULLET = re.compile("[①-⓿❶-➓㈠-㈩㊀-㊉]|[0-9]\ufe0f?\u20e3|🔟")

#: Traditional characters of our tables, and under each the simplified one.
_TRADITIONAL = (
    "並么佈佔併來侷係倉個們傘備傢傭債僅價億償優儲兌內兩冊凈凍別創劃動務勵匯區卽厤參叄員單噹嚮國園"
    "圓團報場塊壺夠夢夥奬學實審寶專對導層屬嵗帳帶幣幫幷幾廣廳弔張強彆彙後從復徵態戶拚掛換損搶摺撥"
    "擁擇敗數斷於旂昇時晉曆曏書會朮東査條業榮樂標機檔檢檯檻櫃權歐歲歷歸毀決沒沖淨減湊準滙滿漲潤澱"
    "瀏為無熱營燬爛爲牴獃獎獨獲獻現環產産畢當疊發盃盤盧眾碼礦禮稅積穩穫競筆箇簽籌籤糰約紅納紙級紹"
    "終組結絕給統絲絶經綜綠綫維網綵緑線緻縣縮總績繫繳續纍纔罰羣聯職脩脫臺與舉舖艦萬葯蒐蓆蓋蔘薦藥"
    "處號衆術衕衝裏補裝裡複覈見規視親覽觀訂計託設訴註証詐評詢試話認誠課請諮證譭議護變讓讚負財貢貨"
    "責貳買費貼資賣質賬賴賺購贈贊贖車載輕輪轄轉辦農迴連週進運過達違遞選還邊郵鄉釋釐釦鈡銀銖銷鋪錢"
    "鍾鎊鎖鎭鎮鏈鐘長門閉開間閤闆闇陞陸隊隨隸隻離電靜鞦韆韓頂項順須預領頭頻顆額類颱飛養餘饋馬騙騰"
    "驗體髮鬚麪麫麵點齊齡齣"
)
_SIMPLIFIED = (
    "并幺布占并来局系仓个们伞备家佣债仅价亿偿优储兑内两册净冻别创划动务励汇区即历参叁员单当向国园"
    "圆团报场块壶够梦伙奖学实审宝专对导层属岁帐带币帮并几广厅吊张强别汇后从复征态户拼挂换损抢折拨"
    "拥择败数断于旗升时晋历向书会术东查条业荣乐标机档检台槛柜权欧岁历归毁决没冲净减凑准汇满涨润淀"
    "浏为无热营毁烂为抵呆奖独获献现环产产毕当叠发杯盘卢众码矿礼税积稳获竞笔个签筹签团约红纳纸级绍"
    "终组结绝给统丝绝经综绿线维网彩绿线致县缩总绩系缴续累才罚群联职修脱台与举铺舰万药搜席盖参荐药"
    "处号众术同冲里补装里复核见规视亲览观订计托设诉注证诈评询试话认诚课请咨证毁议护变让赞负财贡货"
    "责贰买费贴资卖质账赖赚购赠赞赎车载轻轮辖转办农回连周进运过达违递选还边邮乡释厘扣钟银铢销铺钱"
    "钟镑锁镇镇链钟长门闭开间合板暗升陆队随隶只离电静秋千韩顶项顺须预领头频颗额类台飞养余馈马骗腾"
    "验体发须面面面点齐龄出"
)
_FOLD = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def plain(text: str) -> str:
    """Half-width, small letters, at most :data:`MAX_TEXT` characters, with :data:`COMMA`.

    Applied twice it changes nothing.
    """
    whole = _BULLET.sub("•", text[:MAX_TEXT].replace("，", COMMA))
    whole = whole.replace("\x00", " ").replace("\r\n", "\n")
    # Small letters of a few capitals are not in this form, nor small: until nothing changes.
    for _ in range(4):
        again = unicodedata.normalize("NFKC", whole).lower()
        if again == whole:
            break
        whole = again
    return whole[:MAX_TEXT]


def simplified(text: str) -> str:
    """The text with the traditional characters of our tables exchanged, each in its place."""
    return text.translate(_FOLD)
