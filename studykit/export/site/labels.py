"""The fixed words of the site, in Chinese or English; ``{}`` stands for a number or a value."""

from __future__ import annotations

from dataclasses import dataclass

from studykit.errors import ConfigError

__all__ = ["SITE_LABELS", "SiteLabels", "site_labels_named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLabels:
    """One language's wording."""

    code: str
    """``zh`` or ``en``, which of two texts comes first."""
    language: str
    title: str
    lead: str
    skip: str
    menu: str
    terms: str
    layers: str
    talks: str
    demos: str
    search: str
    placeholder: str
    results: str
    no_results: str
    kind_term: str
    kind_talk: str
    kind_demo: str
    map: str
    map_lead: str
    map_heat: str
    count_terms: str
    count_mentions: str
    count_talks: str
    said_in: str
    most_said: str
    latest_talks: str
    all: str
    runnable: str
    for_translators: str
    download_lead: str
    by_english: str
    by_chinese: str
    letters: str
    other_letter: str
    abbreviation: str
    also: str
    also_zh: str
    stays_english: str
    read: str
    misunderstanding: str
    speakers_say: str
    verdicts: dict[str, str]
    neighbours: str
    where_said: str
    newest_first: str
    never_said: str
    no_talks: str
    month: str
    paragraph: str
    doubtful: str
    play: str
    demo: str
    more_demos: str
    claim: str
    program: str
    output: str
    switched_off: str
    as_it_is: str
    differs: str
    try_this: str
    path: str
    path_lead: str
    on_path: str
    before: str
    next: str
    run_it: str
    how_to_read: str
    demo_finds: str
    run_here: str
    run_about: str
    run_program: str
    run_seed: str
    run_button: str
    run_stop: str
    run_reset: str
    run_output: str
    run_starting: str
    run_running: str
    run_holds: str
    run_broken: str
    run_error: str
    run_stopped: str
    run_failed: str
    run_lacks_numpy: str
    run_needs_script: str
    cannot_show: str
    turn: str
    turn_lead: str
    claim_holds: str
    claim_fails: str
    reset: str
    gallery_lead: str
    gallery_shown: str
    longest: str
    any_time: str
    up_to_seconds: str
    known: str
    only_known: str
    builds_on: str
    comma: str
    demo_terms: str
    about_seconds: str
    stored_on: str
    untimed: str
    bilingual: str
    footer: str
    colon: str


SITE_LABELS = {
    "zh": SiteLabels(
        code="zh",
        language="zh-Hans",
        title="术语与讲座",
        lead="大语言模型的术语，每一条都能找到它在你的讲座里被说到的地方。",
        skip="跳到正文",
        menu="导航",
        terms="术语",
        layers="分层",
        talks="讲座",
        demos="演示",
        search="搜索",
        placeholder="KV cache、键值缓存、jianzhi…",
        results="{} 条结果",
        no_results="没有找到",
        kind_term="术语",
        kind_talk="讲座",
        kind_demo="演示",
        map="技术栈地图",
        map_lead="从原始数据到成品。点一格，看这一块的术语。",
        map_heat="颜色越深，你的讲座里说到得越多。",
        count_terms="{} 条术语",
        count_mentions="{} 处",
        count_talks="{} 场讲座",
        said_in="{} 处，见于 {} 场讲座",
        most_said="说得最多",
        latest_talks="最近的讲座",
        all="全部",
        runnable="能跑的演示",
        for_translators="翻译用词表",
        download_lead="整份术语表，可导入翻译软件：",
        by_english="按英文",
        by_chinese="按中文",
        letters="按字母跳转",
        other_letter="其他",
        abbreviation="缩写",
        also="也写作",
        also_zh="也译作",
        stays_english="中文里通常保留英文",
        read="参考",
        misunderstanding="常见误解",
        speakers_say="讲者怎么说",
        verdicts={"yes": "成立", "partly": "部分成立", "no": "不成立", "open": "尚无定论"},
        neighbours="相关术语",
        where_said="在哪里说到过",
        newest_first="新整理的在前",
        never_said="你的讲座里还没有说到。",
        no_talks="数据库里还没有讲座。studykit notes 文件名 会加入一场。",
        month="{year} 年 {month} 月",
        paragraph="第 {} 段",
        doubtful="此段对应存疑",
        play="从 {} 播放",
        demo="演示",
        more_demos="还有演示",
        claim="说法",
        program="程序",
        output="运行输出",
        switched_off="关掉关键机制",
        as_it_is="原样运行",
        differs="有底色的行两边不同；其中的解说都是针对原样运行写的。",
        try_this="可以试试",
        path="一小时十二个演示",
        path_lead="一个接着一个，每一步都说明新在哪里。",
        on_path="十二个演示之 {}",
        before="上一个",
        next="下一个",
        run_it="在自己的机器上运行",
        how_to_read="怎么看输出",
        demo_finds="演示结果",
        run_here="在这里运行",
        run_about="程序就在网页里运行，不用联网；第一次要等几秒启动 Python。改一改，看看说法还成不成立。",
        run_program="程序，可以改",
        run_seed="随机种子",
        run_button="运行",
        run_stop="停止",
        run_reset="恢复原样",
        run_output="这次运行的输出",
        run_starting="正在启动 Python……",
        run_running="正在运行……",
        run_holds="说法成立。",
        run_broken="说法不再成立，这一条没有通过：{}",
        run_error="程序出错了，说法没有检验。",
        run_stopped="已停止。",
        run_failed="无法运行：{}",
        run_lacks_numpy="这个演示要用 numpy，生成网站时没能取得浏览器版的 numpy，只能在自己的机器上运行。",
        run_needs_script="在网页里运行需要 JavaScript。",
        cannot_show="演示不了的",
        turn="动手调一调",
        turn_lead="一次调一个，其余不变。结果都是事先算好的（种子为 0），有底色的行与原样运行不同。",
        claim_holds="这样设置，说法成立。",
        claim_fails="这样设置，说法不成立，错在：{}",
        reset="恢复原样",
        gallery_lead="从底层往上排。每个演示只讲一个想法，几秒内跑完。",
        gallery_shown="现在列出 {} 个演示。",
        longest="运行时间",
        any_time="不限",
        up_to_seconds="不超过 {} 秒",
        known="我已经懂的术语",
        only_known="只列靠这些术语就能看懂的",
        builds_on="先要懂",
        comma="、",
        demo_terms="说明的术语",
        about_seconds="约 {} 秒",
        stored_on="整理于 {}",
        untimed="无时间",
        bilingual="中英对照",
        footer="由 studykit 生成，可离线使用。",
        colon="：",
    ),
    "en": SiteLabels(
        code="en",
        language="en",
        title="Terms and talks",
        lead="The terms of large language models, each with every place where your talks say it.",
        skip="Skip to content",
        menu="Menu",
        terms="Terms",
        layers="Layers",
        talks="Talks",
        demos="Demos",
        search="Search",
        placeholder="KV cache, 键值缓存, jianzhi…",
        results="{} results",
        no_results="Nothing found",
        kind_term="term",
        kind_talk="talk",
        kind_demo="demo",
        map="Map of the stack",
        map_lead="From raw data to the finished product. Choose a box to see its terms.",
        map_heat="The deeper the colour, the more often your talks mention it.",
        count_terms="{} terms",
        count_mentions="{} places",
        count_talks="{} talks",
        said_in="{} places in {} talks",
        most_said="Most mentioned",
        latest_talks="Latest talks",
        all="All",
        runnable="Demos to run",
        for_translators="For translators",
        download_lead="The whole term base, for translation software:",
        by_english="By English",
        by_chinese="By Chinese",
        letters="Jump to a letter",
        other_letter="Other",
        abbreviation="Abbreviation",
        also="Also written",
        also_zh="Also translated",
        stays_english="Usually left in English in Chinese text",
        read="Read",
        misunderstanding="A common misunderstanding",
        speakers_say="What speakers say",
        verdicts={"yes": "holds", "partly": "holds in part", "no": "does not hold", "open": "open"},
        neighbours="Neighbours",
        where_said="Where it was said",
        newest_first="newest notes first",
        never_said="Not said in your talks yet.",
        no_talks="There are no talks in the database yet. studykit notes FILE adds one.",
        month="{year}-{month:02}",
        paragraph="paragraph {}",
        doubtful="alignment doubtful here",
        play="play from {}",
        demo="Demo",
        more_demos="More demos",
        claim="Claim",
        program="Program",
        output="Recorded output",
        switched_off="Switched off",
        as_it_is="As it is",
        differs="Marked lines differ; comments in both describe the normal run.",
        try_this="Try this",
        path="Twelve demos in an hour",
        path_lead="Each builds on the ones before it; a sentence says what is new.",
        on_path="Number {} of twelve demos",
        before="Before",
        next="Next",
        run_it="Run it yourself",
        how_to_read="How to read the output",
        demo_finds="The demo finds",
        run_here="Run it here",
        run_about="The program runs in this page, without a network; the first time, Python takes a few "
        "seconds to start. Change it, run it again, and see whether the claim still holds.",
        run_program="Program, yours to change",
        run_seed="Seed",
        run_button="Run",
        run_stop="Stop",
        run_reset="Reset the program",
        run_output="Output of this run",
        run_starting="Starting Python …",
        run_running="Running …",
        run_holds="The claim holds.",
        run_broken="The claim no longer holds. It fails at: {}",
        run_error="The program ended with an error, so the claim was not checked.",
        run_stopped="Stopped.",
        run_failed="It cannot be run: {}",
        run_lacks_numpy="This demo needs numpy, which could not be had for browsers when this site was made; "
        "run it on your own machine.",
        run_needs_script="Running it in the page takes JavaScript.",
        cannot_show="What it cannot show",
        turn="Turn it",
        turn_lead="One thing at a time; the rest stays as it is. All runs are recorded, with seed 0. "
        "Marked lines differ from the normal run.",
        claim_holds="With this setting the claim holds.",
        claim_fails="With this setting the claim fails at: {}",
        reset="Reset",
        gallery_lead="From the ground of the stack up. Each demo shows one idea and runs in seconds.",
        gallery_shown="{} demos are listed.",
        longest="Running time",
        any_time="any",
        up_to_seconds="up to {} s",
        known="Terms I know",
        only_known="Only demos that I can follow with these",
        builds_on="builds on",
        comma=", ",
        demo_terms="Terms it explains",
        about_seconds="about {} s",
        stored_on="stored on {}",
        untimed="untimed",
        bilingual="bilingual",
        footer="Made by studykit. Works offline.",
        colon=": ",
    ),
}


def site_labels_named(name: str) -> SiteLabels:
    """The wording ``zh`` or ``en``; raises ``ConfigError`` for another name."""
    try:
        return SITE_LABELS[name]
    except KeyError:
        raise ConfigError("labels", f"{name!r} is not one of {', '.join(SITE_LABELS)}") from None
