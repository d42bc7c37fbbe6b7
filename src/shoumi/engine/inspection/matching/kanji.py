"""Old and variant forms of Han characters and the forms they are folded into.

Source: the list of old forms beside the Jōyō kanji (Cabinet Notice No. 2 of 2010), and variants that are
common in Japanese names (the government's table of reduced characters for corporate names, 2016).
Pairs only: the first of each two characters is folded into the second.  No claim that both mean the same.
"""

from __future__ import annotations

from typing import Final

_PAIRS: Final = """
亞亜 惡悪 壓圧 圍囲 醫医 爲為 壹壱 隱隠 榮栄 營営 衞衛 驛駅 圓円 鹽塩 緣縁 艷艶 應応 歐欧
毆殴 櫻桜 奧奥 橫横 溫温 穩穏 假仮 價価 畫画 會会 囘回 懷懐 壞壊 繪絵 槪概 擴拡 殼殻 覺覚
學学 嶽岳 樂楽 渴渇 罐缶 卷巻 陷陥 勸勧 寬寛 關関 歡歓 觀観 氣気 歸帰 旣既 龜亀 僞偽 戲戯
犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟 敎教 鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 惠恵 揭掲 溪渓
經経 繼継 莖茎 螢蛍 輕軽 鷄鶏 藝芸 擊撃 缺欠 儉倹 劍剣 圈圏 檢検 權権 獻献 縣県 險険 顯顕
驗験 嚴厳 效効 廣広 恆恒 黃黄 鑛鉱 號号 國国 黑黒 濟済 碎砕 齋斎 劑剤 雜雑 參参 慘惨 棧桟
蠶蚕 贊賛 殘残 絲糸 齒歯 兒児 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦
肅粛 處処 敍叙 奬奨 將将 燒焼 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 疊畳 穰穣 讓譲 釀醸
囑嘱 觸触 寢寝 愼慎 晉晋 眞真 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 瀨瀬 聲声 靜静 齊斉
竊窃 攝摂 專専 戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 爭争 窗窓 總総 聰聡
莊荘 裝装 騷騒 增増 臟臓 藏蔵 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単
擔担 膽胆 團団 彈弾 斷断 癡痴 遲遅 晝昼 蟲虫 鑄鋳 廳庁 聽聴 鎭鎮 遞逓 鐵鉄 轉転 點点 傳伝
黨党 盜盗 燈灯 當当 鬪闘 德徳 獨独 讀読 屆届 繩縄 貳弐 惱悩 腦脳 廢廃 拜拝 賣売 麥麦 發発
髮髪 拔抜 蠻蛮 祕秘 濱浜 甁瓶 拂払 佛仏 竝並 變変 邊辺 邉辺 辨弁 瓣弁 辯弁 步歩 穗穂 寶宝
豐豊 沒没 飜翻 槇槙 萬万 滿満 默黙 彌弥 藥薬 譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥
來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 壘塁 淚涙 勵励 禮礼 隸隷 靈霊 齡齢 曆暦 歷歴 戀恋
鍊錬 爐炉 勞労 樓楼 郞郎 祿禄 亙亘 巖巌 灣湾 髙高 﨑崎 嵜崎 碕崎 嶋島 嶌島 峯峰 冨富 﨔欅
埜野 槗橋 渕淵 淸清 靑青 淼渺 桒桑 栁柳 籐藤 舘館 廐厩 檜桧 曻昇 劔剣 劒剣 莵兎 濵浜 斎斉
舩船 邨村 噓嘘 鷗鴎 蔣蒋 萊莱 凜凛 煕熙 凉涼 况況 决決 冲沖 减減 凑湊 羣群 畧略 畆畝 秊年
棊棋 槀稿 稾稿 鄰隣 裡裏 崕崖 峩峨 畊耕 烱炯 苺莓 逺遠 迯逃 迠辿
"""


def pairs() -> dict[str, str]:
    """Return old or variant form → the form it is folded into; both are one UTF-16 unit."""
    found = {pair[0]: pair[1] for pair in _PAIRS.split()}
    return {old: found.get(new, new) for old, new in found.items()}
