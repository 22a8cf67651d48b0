"""The tables of units: what may stand before and behind a number, and what it then is."""

from __future__ import annotations

import re

from model.reading.base import Unit
from model.reading.numerals import Token
from model.reading.plain import COMMA

_N = r"[\d.零〇一二两三四五六七八九十百千万半]{1,9}"
_C = r"零〇一二两三四五六七八九十"

#: Dates, times of day, anniversaries: no durations.
DATES = re.compile(
    r"(?<!\d)(?:19|20)\d\d ?[-/.年] ?\d{1,2} ?(?:[-/.月] ?(?:\d{1,2} ?[日号]?(?!\d)|底|初|"
    r"中旬|份)?)?(?![\d%])"
    r"|(?<![\d.,])(?:(?:19|20)\d\d|\d\d) ?年(?: ?\d{1,2} ?月(?:\d{1,2}[日号]|底|初|份)?|[底初度间])"
    r"|(?<![\d.,])(?:19|20)\d\d ?年(?!化)"
    r"|(?<![\d.,])\d{1,2} ?月 ?(?:\d{1,2} ?[日号]|[底初份]|[上中下]旬|(?![入薪返息收赚分化]))"
    r"|(?<=[月于])\d{1,2}[日号]"
    r"|"
    r"[零〇一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[日号])?)?"
    r"|(?<![个第一-龥])[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}[日号]|[底初份])"
    r"|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?(?![\d:])(?<!1:10)"
    r"|(?<![\d.个])\d{1,2} ?[ap]\.?m\b|(?<=[早晚午])\d{1,2}点(?:半|整|\d{1,2}分?)?"
    r"|(?<=\d)(?!\d)周年|(?<![\d.])\d{1,3} ?周年|[一二三四五六七八九十]{1,3}周年"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? \d{1,2}(?:st|nd|rd|th)?(?:,? (?:19|"
    r"20)\d\d)?(?!\d)"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|"
    r"september|"
    r"october|november|december)(?: (?:19|20)\d\d)?"
    r"|\b(?:in|since|from|until|by|of|est\.?|january|february|march|april|june|july|august|"
    r"september|"
    r"october|november|december) (?:19|20)\d\d(?![\d%,.]\d| ?[a-z%元])"
)
#: Forms that say what a number is; ``n`` is the number.
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("hundredth", rf"(?:日息|月息|年息|利息|日利率|月利率)(?P<n>{_N})分(?!红|期)"),
        ("thousandth", rf"(?:日息|月息|年息|利息|日利率|月利率)(?P<n>{_N})厘"),
        (
            "myriadth",
            (
                rf"(?<![\d{_C}百千几数])万(?P<n>[\d.]{{1,5}}|"
                rf"[{_C}])(?![\d{_C}万元块人名家单倍个分%天]|百|千)"
            ),
        ),
        ("ratio", r"(?<![\d:.])1 ?[:比] ?(?P<n>\d(?:\.\d{1,2})?|10)(?![\d:.])"),
        ("ratio", r"一比(?P<n>[一二两三四五])"),
        ("out", rf"(?P<n>\d{{1,2}}|[{_C}])(?:进(?:\d|[一二三])?)?出(?=\d|[一二])"),
        ("out", rf"排[队满]?(?P<n>\d{{1,3}}|[{_C}]{{1,3}})(?:返|出|退)"),
        ("bring", rf"(?:直?推|拉|带|邀)(?P<n>\d{{1,2}}|[{_C}])(?:返|退|免|还)"),
        ("group", rf"(?P<n>\d{{1,3}}|[{_C}]{{1,3}})人(?=一?团|组团|拼(?!中|到|得|上)|成团|一组)"),
        ("winners", rf"[拼抽]\d{{0,3}}[{_C}]{{0,3}}人?[中出](?P<n>\d{{1,3}}|[{_C}]{{1,3}})(?!奖)"),
        (
            "winners",
            r"(?<![\d.,$¥])(?P<n>\d{1,3}) (?=(?:is|are|of them|will be|wins?|lucky|random)\b)",
        ),
        ("winners", r"\b(?P<n>one|two|three|\d{1,3}) (?=of (?:them|you|the members)\b)"),
        ("days", r"(?:\bt|\bd) ?\+ ?(?P<n>\d{1,2})(?!\d)"),
    )
)
#: Words that are a number.
WORDS: tuple[tuple[re.Pattern[str], float, Unit], ...] = (
    (re.compile(r"翻两番"), 4.0, "multiple"),
    (re.compile(r"翻一?[倍番]|\bdoubl(?:e|es|ed|ing)\b|\btwice\b|\btwofold\b"), 2.0, "multiple"),
    (re.compile(r"\btripl(?:e|es|ed|ing)\b|\bthreefold\b"), 3.0, "multiple"),
    (re.compile(r"半价|\bhalf[- ]price\b|\bhalf off\b"), 0.5, "share"),
    (re.compile(r"一半|\bhalf of\b"), 0.5, "share"),
    (
        re.compile(
            r"(?:全额|全款|全数|全部|整单|100%)(?:返还?|退还?|返现|退款)|全返(?!模式|系统|"
            r"商城|平台)|全免单|"
            r"\bfull refund\b|\bfully refunded\b|\brefunded in full\b|"
            r"\ball (?:of )?your money back\b|"
            r"\bfor free after\b|\bentire purchase back\b|\bwhole purchase back\b"
        ),
        1.0,
        "multiple",
    ),
    (
        re.compile(r"次日(?=到|入|提|结)|隔日(?=到|入)|隔天(?=到)|\bnext[- ](?:business )?day\b"),
        1.0,
        "days",
    ),
)
RANGE = re.compile(
    r" ?[+]? ?(?:%|元|块|倍|天|日|个月|年|万|个点|人|代|层|度|单|usd|usdt|yuan|days|¥|\$)? ?"
    r"(?:[-~–—−‒―]{1,2}|至|到|\bto\b|\band\b) ?(?:¥|\$|£|€)?"
)
LIST = re.compile(rf"(?: ?[、,/{COMMA}] ?| (?:or|and|和|或|及) ?| {{1,2}}|和|或|及|与){{1,2}}[¥$]?")
#: What parts the cells of a table, and what the heading of a column makes of a bare number.
CELLS = re.compile(r"[|\t]| {2,}")
HEADINGS: tuple[tuple[re.Pattern[str], Unit, float], ...] = (
    (re.compile(r"积分|points|credits|券|豆"), "points", 1.0),
    (re.compile(r"倍|multiple|times"), "multiple", 1.0),
    (re.compile(r"%|比例|percent"), "share", 0.01),
    (re.compile(r"[价费额款金元]|奖励?|price|fee|cost|amount|yuan"), "money", 1.0),
)
#: Words behind which a number without a unit is money.
MONEY_VERB = re.compile(
    r"(?:[费款额]|消费|购物|充值?|投资?|投入|满|花|储|存|冲|办|交|付|缴纳?|报单|下单|买|返|"
    r"送|赠|回|赚|"
    r"补贴?|拿|价格?|"
    r"售价|日结|见单|见点|每单|薪|赚|领|得|日入|月入|奖励?|只[要需]|仅[要需]|收|卖|投资额|存|"
    r"本金|套餐|礼包|级|档|spend|spending|pay|invest|deposit|earn|"
    r"get|for|price|package|packages|plan)(?:[了满约:是] ?| )?$"
)
_MONEY = {
    "CNY": "元(?!素|旦|宇|老|首|件)|块钱|块(?!链)|圆|人民币|yuan\\b|rmb\\b|cny\\b|renminbi",
    "USD": (
        "美元|美金|美刀|刀(?!具)|us dollars?|usd(?!t)|us\\$|dollars?(?! general)\\b|bucks\\b|"
        "\\$(?![\\d])"
    ),
    "USDT": "usdt|泰达币|u(?![a-z0-9])|usdc",
    "HKD": "港[元币纸]|hkd\\b|hk dollars?|蚊",
    "TWD": "新?台币|twd\\b|ntd?\\b",
    "EUR": "欧元|euros?\\b|eur\\b|€",
    "GBP": "英镑|pounds?\\b|gbp\\b|£",
    "JPY": "日[元币]|yen\\b|jpy\\b",
    "THB": "泰铢|baht\\b|thb\\b",
    "MYR": "马币|令吉|ringgit|myr\\b|rm\\b",
    "SGD": "新加坡[元币]|新币|坡币|sgd\\b",
    "VND": "越南盾|vnd\\b|dong\\b",
    "PHP": "比索|pesos?\\b|php\\b",
    "INR": "卢比|rupees?\\b|inr\\b",
    "KRW": "韩[元币]|won\\b(?= |$)|krw\\b",
    "RUB": "卢布|rubles?\\b|rub\\b",
    "AUD": "澳[元币]|aud\\b",
    "CAD": "加[元币]|cad\\b",
    "ETH": "以太币?|eth\\b",
    "BTC": "比特币|btc\\b",
}
# 港元 before 元: what is longer says more.
_CURRENCY = re.compile(
    " ?(?:[+多余] ?)?(?:"
    + "|".join(f"(?P<{code}>{words})" for code, words in reversed(_MONEY.items()))
    + ")"
)
_PREFIXES = {
    "HKD": r"hk ?\$|hkd|港[币元]|港纸", "TWD": r"nt ?\$|ntd|twd|新?台币",
    "SGD": r"s\$|sgd", "AUD": r"a\$|au\$|aud", "CAD": r"c\$|ca\$|cad",
    "USDT": r"usdt", "USD": r"us ?\$|usd|美[元金]|(?<![a-z])\$", "EUR": r"€|eur|欧元",
    "GBP": r"£|gbp|英镑", "MYR": r"(?<![a-z])rm|myr", "JPY": r"jpy|日[元币]", "INR": r"₹|inr|rs\.?",
    "PHP": r"₱|php", "THB": r"฿|thb", "VND": r"₫|vnd", "KRW": r"₩|krw",
    "ZAR": r"zar|(?<![a-z])r(?= ?$)",
    "CNY": r"¥|rmb|cny|人民币",
}  # fmt: skip
_BEFORE = re.compile("(?:" + "|".join(f"(?P<{c}>{w})" for c, w in _PREFIXES.items()) + r"):? ?$")
_SHARES = (
    (re.compile(r" ?(?:%|个百分点|个点(?!位)|percent\b|per ?cent\b|pct\b)"), 100.0),
    (re.compile(r" ?(?:‰)"), 1000.0),
    (
        re.compile(r"成(?!为|代|会|老|交|团|功|本|交|员|立|长|都|人|品|熟|果|团|就|型|以上把握)"),
        10.0,
    ),
)
_TIMES_BEFORE = re.compile(
    r"(?<!\d[元块人个天单份])(?<!\d[%倍])[\u4e00-\u9fff)] ?(?:[×*]|乘以?) ?$"
)
_FOLD = re.compile(r" ?折(?!腾|叠|磨)")
_TIMES = re.compile(
    r" ?(?:倍(?P<half>半)?|x(?![a-z0-9])|×(?! ?\d)|times\b(?! (?:a|per|each|every|daily))|-?fold\b)"
)
_POINTS = re.compile(
    r" ?[+多余]? ?(?:个|枚|粒|颗|点)? ?(?:(?:绿色|消费|购物|等值|等额|增值|权益|贡献|商城|"
    r"平台|惠民|数字)?"
    r"(?:积分|贡献值|通证|消费券|消费金|购物金|余额|代币|资产包)|"
    r"[^\x00-\x7f送赠得返享获兑元块换抵的等和或、\ue000倍天日月年人单可就]{0,3}(?:积分|"
    r"券(?!商)|(?<=[金银绿红彩])豆|币(?!值)|绿宝|绿分|积点)|"
    r"(?:reward |bonus |green |loyalty )?(?:points?|credits?|coins?|tokens?|pts)\b|枚|"
    r"分(?!钟|红|之|享|期|公|店|批|润|销|配|为|别|级|时|数|成|给|散|佣|账|多|三|两|[\d]))"
)
_DOTS = re.compile(r"点(?![钟半整\d])")
_COLLECTED = re.compile(r"(?:[集满赠送得积累]|点数|红利|回馈) ?$")
_DIMES = (
    (re.compile(r"[毛角](?!利|度|色|落|线|笔)"), 0.1),
    (re.compile(r"分钱"), 0.01),
    (re.compile(r" ?cents?\b"), 0.01),
)
_DAYS: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(rf" ?[+多余]? ?-?(?:{words})"), days)
    for words, days in (
        (r"个半月", 30.0),
        (
            (
                r"(?:个)?(?:工作|自然|交易)[日天]|天|日(?!元|币|化|息|返|薪|用|常|活|均|赚|入)|"
                r"business days?\b|working days?\b|days?\b"
            ),
            1.0,
        ),
        (r"周(?!年|岁|末|边)|个?星期|个?礼拜|weeks?\b", 7.0),
        (r"个月|月(?=[内后]|之后|以后|返|回本)|months?\b", 30.0),
        (r"个?季度|quarters?\b", 90.0),
        (r"年(?!化|息|度|终|底|货|薪|轻|龄|级|代|会|初)|years?\b", 365.0),
        (r"个?小时|个?钟头|hours?\b|hrs?\b|h\b", 1 / 24),
        (r"分钟|minutes?\b|mins?\b", 1 / 1440),
    )
)
_AND_A_HALF = re.compile(r"半")
_NOUNS = re.compile(
    r"[ -]?[+多余]? ?(?:个|位|名|大)? ?(?P<noun>新人|会员|好友|朋友|客户|用户|消费者|老板|"
    r"合伙人|粉丝|中奖|人|单|订单|件|盒|瓶|份|次|轮|期|"
    r"代|层|级|档|星|家|套|组|团|席|户|笔|张|股|部|台|箱|斤|条|罐|包|杯|位|名|个|条|广告|"
    r"视频|任务|市场|门店|城市|区县|"
    r"(?:[a-z]{3,10} )?(?:people|persons?|friends?|orders?|buyers?|customers?|members?|recruits?|"
    r"newcomers?|winners?|users?|referrals?|partners?|families|investors?|shoppers?|"
    r"participants?)\b|"
    r"(?:(?:monthly|equal|daily|weekly|free|full|direct|active) )?(?:levels?|generations?|"
    r"tiers?|layers?|rounds?|times|cycles?|"
    r"tasks?|ads?|adverts?|advertisements?|videos?|clicks?|shops?|stores?|cities|countries|"
    r"boxes|bottles|units?|shares?|instal?ments?|"
    r"payments?|stamps?|visits?|cups?|coffees?|spots?|seats?|places?|sets?|items?|tickets?|"
    r"transactions?|lots?|packs?|stars?)\b)"
)
_ORDINAL = re.compile(r" ?(?:st|nd|rd|th)\b")
_FIRST = re.compile(
    r"(?:第|\blevels?[ -]|\bgeneration |\bgen |\btier |\bstage |\bround |\bphase |\bno\. ?|"
    r"\bstep )$"
)
_NAMES = re.compile(
    r" ?(?:个|位|名)?(?P<noun>人|单|名|代|层|级|轮|期|天|年|个月|月|周|位|次|家|个|批|步|档)?"
)
_GLUED_BEFORE = re.compile(r"(?:[a-z_.#](?<!x)|(?<![\d元%])\d\+)$")
_GLUED_AFTER = re.compile(r"\+\d(?![\d元%.天])")

#: One of something says of what another number is (一天, 一人), unless it wins or is a term.
WINS = re.compile(r"(?:拼?中|得|抽中|获)|(?: of (?:you|them))? (?:is|wins?|gets?|will|receives?)")
#: What follows a sum, or points, that have no unit: 200起提.
SUM_BY_WHAT_FOLLOWS = re.compile(
    r" ?(?:起提|起投|起购|起充|起兑|礼包|套餐|套装|大礼包|以上可提|就能提|可提现|即可提|"
    r"起(?=[,、;\\n扣\ue000]|$)|"
    r"/ ?[单套盒份件瓶桶人])"
)
POINTS_BEFORE = re.compile(r"(?:积分|绿分|豆|贡献值|points)(?:够|满|达到?|有|:|=|达标)? ?$")
IN_TENS_OF_THOUSANDS = re.compile(r"[\d两三四五六七八九十] ?[万w亿]$")
#: Behind the number of an item of a list.
NUMBERING = re.compile(r"[.、):](?!\d)")
#: What may stand behind a sum without its unit.
AFTER_SUM = re.compile(
    r"$|[^\u4e00-\u9fff]|"
    r"[返送赠得减立就即回变拿领可享全能免进成为起以的到后给再加赚参和或报换反奖当直每多分日月]"
)
_EACH_IS_TIME = re.compile(r"一(?:周|个月|年|星期|小时|天)$")
_A_TERM = re.compile(r"(?: ?内| ?后|之内|之后|以后|到账|到帐|回本|返|出局|释放完|翻|提现|结)")
_LOCKED = re.compile(r"(?:锁定?仓?|冻结|封闭|满|持有|等待?|为期|合同期?|周期|期限)[:为期]{0,2}$")


def each(text: str, start: int, end: int) -> bool:
    """Whether 一天, 一人 or 一单 is only of what another number is."""
    behind, before = text[end : end + 6], text[max(0, start - 5) : start]
    if _EACH_IS_TIME.search(text[start:end]):
        return not (_A_TERM.match(behind) or _LOCKED.search(before))
    return text[end - 1] not in "人位名个份" or not WINS.match(behind)


def formed(name: str, value: float) -> tuple[float, Unit, str]:
    """Value, unit and noun of a number of that form."""
    shares = {"hundredth": 100.0, "thousandth": 1000.0, "myriadth": 10_000.0}
    if name in shares:
        return round(value / shares[name], 12), "share", ""
    if name == "ratio":
        return value, "multiple", ""
    if name == "days":
        return value, "days", "t+"
    return value, "count", name


def small_fraction(text: str, first: Token, second: Token) -> bool:
    """Whether it is a fraction (1/3) and no date, list or price by something (1/天)."""
    proper = 1 <= first.value < second.value <= 10 and first.value == int(first.value)
    alone = not re.compile(r" ?[/%‰元块倍天人]|\.\d").match(text, second.end)
    return proper and alone and text[max(0, first.start - 1) : first.start] not in {"/", "."}


def prefix(text: str, token: Token) -> tuple[int, Unit, str] | None:
    """Where it starts, unit and currency, if a sign of money or of order stands in front."""
    before = text[max(0, token.start - 12) : token.start]
    money = _BEFORE.search(before)
    if _TIMES_BEFORE.search(before) and not text[token.end : token.end + 1].strip(
        " ,。\n)=;\ue000"
    ):
        return token.start, "multiple", "CNY"
    if money is not None and money.lastgroup:
        return token.start - len(money[0]), "money", money.lastgroup
    return None


def after_money(text: str, end: int) -> int:
    """Where a number ends whose currency stood in front, if it is named behind again."""
    again = _CURRENCY.match(text, end)
    return again.end() if again else end


def glued(text: str, token: Token) -> bool:
    """Whether letters make it a name (v1, x9) and no number."""
    if token.spelt:
        return False
    before = text[max(0, token.start - 3) : token.start]
    return bool(_GLUED_BEFORE.search(before) or _GLUED_AFTER.match(text, token.end))


def suffix(text: str, token: Token) -> tuple[int, float, Unit, str, str] | None:
    """End, value, unit, currency and noun by what stands behind; None if nothing does."""
    at, value = token.end, token.value
    if _FIRST.search(text[max(0, token.start - 12) : token.start]):
        name = _NAMES.match(text, at)
        return (
            (name.end() if name else at),
            value,
            "ordinal",
            "CNY",
            (name["noun"] or "") if name else "",
        )
    for pattern, scale in _SHARES:
        if (match := pattern.match(text, at)) and not (scale == 10.0 and value > 10):
            return match.end(), round(value / scale, 12), "share", "CNY", ""
    if (match := _FOLD.match(text, at)) and 0 < value < 100:
        return match.end(), round(value / (10 if value < 10 else 100), 12), "share", "CNY", "折"
    if match := _TIMES.match(text, at):
        return match.end(), value + (0.5 if match["half"] else 0), "multiple", "CNY", ""
    return _money(text, token) or _days(text, token) or _counted(text, token)


def _money(text: str, token: Token) -> tuple[int, float, Unit, str, str] | None:
    at, value = token.end, token.value
    if match := _CURRENCY.match(text, at):
        code = match.lastgroup or "CNY"
        end = match.end()
        more = re.compile(r"([1-9一二三四五六七八九])(?![\d.%百千万])").match(text, end)
        if code == "CNY" and match[0].endswith("块") and more:
            digit = "一二三四五六七八九".find(more[1]) + 1 or float(more[1])
            return more.end(), round(value + digit / 10, 6), "money", code, ""
        return end, value, "money", code, ""
    for pattern, scale in _DIMES:
        if match := pattern.match(text, at):
            return (
                match.end(),
                round(value * scale, 6),
                "money",
                "CNY" if scale == 0.1 else _cents(match[0]),
                "",
            )
    return None


def _cents(word: str) -> str:
    return "USD" if "cent" in word else "CNY"


def _days(text: str, token: Token) -> tuple[int, float, Unit, str, str] | None:
    for pattern, days in _DAYS:
        if match := pattern.match(text, token.end):
            value, end = token.value * days, match.end()
            if value == 182.5:
                value = 180.0  # half a year: six months
            if match[0].strip() == "个半月":
                value += 15
            elif days >= 1 and text.startswith("半", end) and not text.startswith("半价", end):
                value, end = value + days / 2, end + 1
            return (end, round(value, 9), "days", "CNY", "") if value <= 36_500 else None
    return None


def _counted(text: str, token: Token) -> tuple[int, float, Unit, str, str] | None:
    at = token.end
    if match := _ORDINAL.match(text, at):
        return match.end(), token.value, "ordinal", "CNY", ""
    if _DOTS.match(text, at) and _COLLECTED.search(text[max(0, token.start - 4) : token.start]):
        return at + 1, token.value, "points", "CNY", ""
    if match := _POINTS.match(text, at):
        return match.end(), token.value, "points", "CNY", ""
    if (match := _NOUNS.match(text, at)) and token.value == int(token.value):
        return match.end(), token.value, "count", "CNY", match["noun"].strip()
    return None


def scale_of(surface: str) -> float:
    """By how much a bare neighbour of this number is scaled: 3 of "3-5%" is 0.03."""
    if re.search(r"%|个点|百分点|percent|per cent", surface):
        return 0.01
    if "‰" in surface:
        return 0.001
    if re.search(r"[\d两三四五六七八九]成", surface) or "折" in surface:
        return 0.1
    for sign, size in (("万", 1e4), ("千", 1e3), ("k", 1e3), ("million", 1e6)):
        if re.search(rf"\d ?{sign}", surface):
            return size
    for words, days in (
        (("周", "星期", "week"), 7),
        (("个月", "month"), 30),
        (("年", "year"), 365),
        (("小时", "hour"), 1 / 24),
    ):
        if any(word in surface for word in words):
            return days
    return 1.0
