"""What is blotted out before anything is read: contacts, links, ids, names of accounts and firms.

Each by its own form. A mask never takes a number that has a unit: offers stand between names.
"""

from __future__ import annotations

import re

#: What makes a number one of the offer, and not an id.
_UNIT = r"(?! ?(?:[元块圆%‰倍天日人万亿折个积点]|yuan|rmb|usd|points|days))"
_ID = f"[a-z0-9](?:[a-z0-9_-]){{4,31}}(?![a-z0-9]){_UNIT}"
_TELEPHONE = (
    r"电话|手机号?|热线|专线|座机|联系方式|致电|拨打|咨询|客服|微信|短信|加微|whatsapp|"
    r"telephone|phone|"
    r"hotline|mobile|\btel\b|\bcall\b|\btext\b"
)
_ACCOUNT = r"卡号|账号|帐号|账户|帐户|工行|农行|建行|开户行|account|card number|iban"
_MESSENGER = (
    r"微信|薇信|威信|v信|vx|wx|wechat|weixin|qq群?|群号|扣扣|电报|飞机号?|telegram|tg|whatsapp|"
    r"line id|line(?=[:@])|抖音号?|快手号?|小红书号?|推特|twitter|discord|skype|kakao"
)
_CODE = (
    r"邀请码|推荐码|口令码?|暗号|验证码|invite code|invitation code|referral code|promo code|\bid"
)
_CONTACTS = (
    r"(?:https?://|www\.|t\.me/|wa\.me/)[!-~]{1,300}",
    (
        r"(?<![a-z0-9])[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,3}"
        r"\.(?:com|cn|net|org|top|xyz|vip|shop|app|cc|io|info|hk|tw|co|site|club|online|store|ltd)"
        r"(?![a-z0-9])(?:/[!-~]{0,200})?"
    ),
    r"[a-z0-9_.+-]{1,64}@[a-z0-9.-]{1,120}",
    r"@[a-z0-9_\u4e00-\u9fff]{2,24}",
    (
        f"(?:{_MESSENGER})(?:号码?|账号|id|是|为|同号|客服|咨询|联系|添加|搜索|"
        f"搜){{0,2}} ?[:：]? {{0,3}}{_ID}"
    ),
    f"(?:{_CODE}) ?[:：是为填写]{{0,3}} {{0,3}}[a-z0-9]{{4,16}}(?![a-z0-9]){_UNIT}",
    f"(?:{_TELEPHONE})[^\\d\\n,。;元%]{{0,10}}\\+?[(]?\\d[\\d() -]{{5,18}}\\d{_UNIT}",
    f"(?:{_ACCOUNT})[^\\d\\n,。;元%]{{0,8}}\\d[\\d -]{{6,26}}\\d{_UNIT}",
    r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    r"\+\d{1,3}[- ]?[(]?\d{1,4}[)]?(?:[- ]?\d{2,4}){1,4}(?!\d)",
    r"[(]0?\d{1,3}[)] ?\d{3,4}[- ]?\d{4}(?!\d)",
    r"(?<![\d.])0\d{2,3}[- ]\d{7,8}(?!\d)",
    r"(?<![\d.])0\d{1,4}[- ]\d{3,4}[- ]\d{3,4}(?!\d)",
    r"(?<![\d.])09\d{2}[- ]?\d{3}[- ]?\d{3}(?!\d)",
    r"(?<![\d.])[48]00-\d{3,4}-\d{3,4}(?!\d)",
    r"[零〇一二三四五六七八九幺]{7,18}",
    r"(?<![\d.,])\d{3}-\d{3,4}-\d{4}(?!\d)",
    # A name with a number behind it, as accounts have; no currency with its sum.
    (
        r"(?<![a-z0-9])(?!(?:usdt?|usdc|rmb|cny|hkd|twd|ntd?|eur|gbp|sgd|myr|rm)\d)"
        r"[a-z][a-z_-]{1,15}\d{3,12}(?![a-z0-9%元块.])"
    ),
    # Handles: parts joined by a low line; numbers that begin with nought and count nothing.
    r"(?<![a-z0-9_])(?=[a-z0-9_]*[a-z])[a-z0-9]+(?:_[a-z0-9]+)+(?![a-z0-9_])",
    f"(?<![\\d.,:-])0\\d{{4,6}}(?![\\d.,]){_UNIT}",
    # Letters and digits as in an id of a firm, and digits that nothing counts.
    r"(?<![a-z0-9])(?=[a-z]{0,17}\d)(?=\d{0,17}[a-z])[a-z0-9]{15,32}(?![a-z0-9])",
    f"(?<![\\d.,])\\d{{7,24}}(?![\\d.,]){_UNIT}",
    r"icp[备证]? ?\d{4,12}号?(?:-\d{1,3})?",
    r"(?:联系人|收款人|户名|开户名)[:： ]{0,2}[\u4e00-\u9fff]{2,4}",
    r"(?:公众号|视频号|店铺|旗舰店名)[:：] ?[\u4e00-\u9fffa-z0-9]{2,16}",
)
_HIDE = re.compile("|".join(f"(?:{pattern})" for pattern in _CONTACTS))
#: A name ends at one of these; it begins behind a sign, a number with its unit or a small word.
_FIRM = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|科技公司|合作社|"
    r"(?<=[\u4e00-\u9fff])集团)"
)
_LETTERS = re.compile(r"[\u4e00-\u9fff()a-z·]{1,20}$")
_BEFORE_NAME = re.compile(
    r".*(?:由|是|与|和|及|找|到|在|向|的|了|为|把|给|被|从|加入|隶属|选择|授权|旗下|来自|认准|联合|"
    r"[零一二两三四五六七八九十百千万半](?:元|块|倍|天|成|折|个月|年|人|单|万|积分)|元|倍|天)"
)
_ENGLISH_FIRM = re.compile(
    r"(?<![a-z])[a-z&'-]{2,20}(?: [a-z&'-]{2,20}){0,2},? (?:co\.,? ?ltd|ltd|inc|llc|corp|"
    r"limited|gmbh|plc)"
    r"(?![a-z])"
)
_SMALL = re.compile(r".*(?<![a-z])(?:by|from|with|of|the|at|join|via|and|to|is|in|on|for)(?= )")


def blotted(text: str) -> str:
    r"""The text with what is to be shown nowhere replaced by ``\x00``, every length kept."""
    text = _HIDE.sub(lambda match: "\x00" * len(match[0]), text)
    for name in _FIRM.finditer(text):
        text = _without(text, _firm_start(text, name.start()), name.end())
    for name in _ENGLISH_FIRM.finditer(text):
        small = _SMALL.match(name[0])
        text = _without(text, name.start() + (small.end() if small else 0), name.end())
    return text


def _without(text: str, start: int, end: int) -> str:
    return text[:start] + "\x00" * (end - start) + text[end:]


def _firm_start(text: str, end: int) -> int:
    """Where the name begins that goes on at ``end`` with what a firm is called."""
    letters = _LETTERS.search(text[max(0, end - 20) : end])
    if letters is None:
        return end
    small = _BEFORE_NAME.match(letters[0])
    return end - len(letters[0]) + (small.end() if small else 0)
