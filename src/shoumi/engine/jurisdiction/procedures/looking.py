"""Runs the eight detectors of a pack over the records of one person's last weeks, and explains every hit.

Source of what is looked for: the guide's list 五(五)3(4), as the packs' `procedures.yaml` has it, with
numbers that are proposals.  A hit is a reason to look, never a conclusion; a detector whose
logs were not given says that it did not look.  Events are values: reading log files is the caller's task.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median
from types import MappingProxyType
from typing import Final

from shoumi.engine.errors import InputError
from shoumi.engine.jurisdiction.procedures.values import Detector
from shoumi.engine.jurisdiction.values import Texts

WINDOW: Final = ("OFF-04", "window_days")  # the one number that holds for all detectors
COPYING: Final = frozenset({"download", "copy", "export", "print", "read", "open", ""})
CHANGING: Final = frozenset({"delete", "modify", "rename", "move", "write", ""})
GONE: Final = "delete"
_SHOWN: Final = 20  # rows named in one hit


class LookBackError(InputError):
    """A number lies outside what the detector takes, or a moment has no time zone."""

    code = "jurisdiction.look_back"
    message = "The look-back cannot use “{name}”: {value}."


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a log."""

    log: str  # kind of records, of `ProcedureTable.logs`
    at: datetime  # aware
    row: int  # in its file, from 1
    object: str = ""  # file, account or address it is about
    act: str = ""  # lower case, such as download or delete
    target: str = ""  # to whom or where


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that is unlike what is usual, with the numbers that made it one."""

    since: datetime
    until: datetime
    found: int
    limit: int
    why: Texts
    rows: tuple[int, ...]  # of the log, at most twenty


@dataclass(frozen=True, slots=True)
class Looked:
    """What one detector found."""

    detector: Detector
    looked: bool  # False: it had no log to look into
    missing: tuple[str, ...]  # kinds of logs that were not given
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """The events of one detector with its numbers."""

    events: Sequence[Event]
    numbers: Mapping[str, int]
    zone: tzinfo
    inside: frozenset[str]  # domains of the company's own mail

    def of(self, *logs: str) -> list[Event]:
        return [event for event in self.events if event.log in logs]

    def by_day(self, events: Iterable[Event]) -> dict[date, list[Event]]:
        days: dict[date, list[Event]] = defaultdict(list)
        for event in events:
            days[event.at.astimezone(self.zone).date()].append(event)
        return days


def look_back(  # noqa: PLR0913 - what a look-back depends on, by name
    detectors: Sequence[Detector],
    events: Iterable[Event],
    *,
    until: datetime,
    zone: tzinfo,
    numbers: Mapping[str, Mapping[str, int]] | None = None,
    given: Iterable[str] = (),
    inside: Iterable[str] = (),
) -> tuple[Looked, ...]:
    """Return what each detector finds in the events of the window that ends at `until`.

    `numbers` replaces proposals, by detector and parameter.  `given` are the kinds of logs that were handed
    in, also those without a line; `inside` the mail domains of the company.

    Raises:
        LookBackError: a number is unknown or outside its range, or a moment has no time zone.
    """
    used = {each.id: _numbers(each, (numbers or {}).get(each.id, {})) for each in detectors}
    if until.tzinfo is None:
        raise LookBackError(name="until", value=until.isoformat())
    days = used.get(WINDOW[0], {}).get(WINDOW[1], 0)
    since = until - timedelta(days=days) if days else datetime.min.replace(tzinfo=until.tzinfo)
    known = sorted(events, key=lambda event: (event.at.timestamp(), event.row))
    window = [event for event in known if since <= event.at <= until]
    logs = {*given, *(event.log for event in known)}
    domains = frozenset(name.lower() for name in inside)
    found = []
    for each in detectors:
        missing = tuple(log for log in each.needs if log not in logs)
        view = _View(window, used[each.id], zone, domains)
        looked = len(missing) < len(each.needs) and each.id in _FINDERS
        found.append(Looked(each, looked, missing, tuple(_FINDERS[each.id](view)) if looked else ()))
    return tuple(found)


def _numbers(detector: Detector, given: Mapping[str, int]) -> Mapping[str, int]:
    known = {each.id: each for each in detector.parameters}
    for name, value in given.items():
        if name not in known or not known[name].lowest <= value <= known[name].highest:
            raise LookBackError(name=f"{detector.id} {name}", value=value)
    return MappingProxyType({name: given.get(name, each.default) for name, each in known.items()})


def _hit(events: Sequence[Event], found: int, limit: int, why: Texts) -> Hit:
    return Hit(events[0].at, events[-1].at, found, limit, why, tuple(event.row for event in events[:_SHOWN]))


def _unusual(view: _View) -> Iterable[Hit]:
    """Yield days on which far more was consulted than on a usual day."""
    days = view.by_day(view.of("file_access"))
    if not days:
        return
    usual = max(1, round(median(len(events) for events in days.values())))
    limit = usual * view.numbers["times_usual"]
    for events in days.values():
        if len(events) > limit:
            number = len(events)
            yield _hit(
                events,
                number,
                limit,
                Texts(
                    zh=f"当日查阅 {number} 次，平常一天约 {usual} 次，超过 {limit} 次",
                    ja=f"この日の閲覧は {number} 回。平常の一日は約 {usual} 回で、基準は {limit} 回です",
                    en=f"{number} accesses on this day; a usual day has about {usual}, the limit is {limit}",
                ),
            )


def _not_whole(view: _View) -> Iterable[Hit]:
    """Yield files of the inventory that were deleted and did not come back."""
    listed = {event.object for event in view.of("inventory") if event.act != "missing"}
    last: dict[str, Event] = {}
    for event in view.of("file_change"):
        last[event.object] = event
    gone = [event for name, event in last.items() if event.act == GONE and (not listed or name in listed)]
    gone += [event for event in view.of("inventory") if event.act == "missing"]
    gone.sort(key=lambda event: event.at)
    if len(gone) >= view.numbers["missing_files"]:
        yield _hit(
            gone,
            len(gone),
            view.numbers["missing_files"],
            Texts(
                zh=f"有 {len(gone)} 个文件被删除或在清单中缺失，且未恢复",
                ja=f"{len(gone)} 個のファイルが削除されたか一覧から失われ、戻っていません",
                en=f"{len(gone)} files were deleted or are missing from the inventory, and did not come back",
            ),
        )


def _off_hours(view: _View) -> Iterable[Hit]:
    """Yield sign-ins outside working hours, if there are enough of them."""
    begin, end, least = (view.numbers[name] for name in ("from_hour", "until_hour", "count"))

    def outside(event: Event) -> bool:
        hour = event.at.astimezone(view.zone).hour
        return hour >= begin or hour < end if begin > end else begin <= hour < end

    events = [event for event in view.of("sign_in") if outside(event)]
    if len(events) >= least:
        number = len(events)
        yield _hit(
            events,
            number,
            least,
            Texts(
                zh=f"{begin} 时至 {end} 时之间登录 {number} 次，达到 {least} 次即提示",
                ja=f"{begin} 時から {end} 時の間のログインが {number} 回あり、{least} 回から知らせます",
                en=f"{number} sign-ins between {begin}:00 and {end}:00; told from {least} on",
            ),
        )


def _frequent(view: _View) -> Iterable[Hit]:
    """Yield days with many sign-ins."""
    limit = view.numbers["per_day"]
    for events in view.by_day(view.of("sign_in")).values():
        if len(events) >= limit:
            number = len(events)
            yield _hit(
                events,
                number,
                limit,
                Texts(
                    zh=f"当日登录 {number} 次，达到 {limit} 次即提示",
                    ja=f"この日のログインは {number} 回で、{limit} 回から知らせます",
                    en=f"{number} sign-ins on this day; told from {limit} on",
                ),
            )


def _account_changes(view: _View) -> Iterable[Hit]:
    """Yield changes of accounts."""
    events, limit = view.of("account_change"), view.numbers["count"]
    if len(events) >= limit:
        acts = ", ".join(
            f"{act or '–'} {count}" for act, count in Counter(e.act for e in events).most_common(3)
        )
        yield _hit(
            events,
            len(events),
            limit,
            Texts(
                zh=f"账户更改 {len(events)} 次（{acts}）",
                ja=f"アカウントの変更が {len(events)} 回（{acts}）",
                en=f"{len(events)} changes of accounts ({acts})",
            ),
        )


def _bulk(view: _View) -> Iterable[Hit]:
    """Yield bursts in which many files were taken within a short time."""
    events = [event for event in view.of("file_access") if event.act in COPYING]
    yield from _bursts(
        view,
        events,
        Texts(zh="查阅或下载", ja="閲覧またはダウンロード", en="files opened or downloaded"),
    )


def _deleting(view: _View) -> Iterable[Hit]:
    """Yield bursts in which many files were deleted or changed within a short time."""
    events = [event for event in view.of("file_change") if event.act in CHANGING]
    yield from _bursts(
        view, events, Texts(zh="删除或修改", ja="削除または変更", en="files deleted or changed")
    )


def _bursts(view: _View, events: Sequence[Event], what: Texts) -> Iterable[Hit]:
    limit, span = view.numbers["files"], timedelta(minutes=view.numbers["minutes"])
    start, inside, burst = 0, Counter[str](), None
    for end, event in enumerate(events):
        inside[event.object] += 1
        while event.at - events[start].at > span:
            inside[events[start].object] -= 1
            inside += Counter()  # drops what is down to nothing
            start += 1
        if len(inside) >= limit:
            burst = (burst[0] if burst and start <= burst[1] else start, end)
            if end + 1 == len(events) or events[end + 1].at - event.at > span:
                yield _burst(view, events[burst[0] : burst[1] + 1], what, limit)
                burst = None
        elif burst and start > burst[1]:
            yield _burst(view, events[burst[0] : burst[1] + 1], what, limit)
            burst = None
    if burst:
        yield _burst(view, events[burst[0] : burst[1] + 1], what, limit)


def _burst(view: _View, events: Sequence[Event], what: Texts, limit: int) -> Hit:
    number, minutes = len({event.object for event in events}), view.numbers["minutes"]
    return _hit(
        events,
        number,
        limit,
        Texts(
            zh=f"{what.zh} {number} 个文件；{minutes} 分钟内达到 {limit} 个即提示",
            ja=f"{what.ja}が {number} 個。{minutes} 分以内に {limit} 個から知らせます",
            en=f"{number} {what.en}; told from {limit} within {minutes} minutes on",
        ),
    )


def _outside_mail(view: _View) -> Iterable[Hit]:
    """Yield mail to, and sign-ins at, addresses outside the company's own domains."""

    def outside(event: Event) -> bool:
        domain = event.target.rpartition("@")[2].lower()
        return bool(domain) and domain not in view.inside and (event.log == "mail" or "mail" in domain)

    events = [event for event in view.of("mail", "sign_in") if outside(event)]
    if len(events) >= view.numbers["count"]:
        domains = Counter(event.target.rpartition("@")[2].lower() for event in events)
        most = ", ".join(f"{name} {count}" for name, count in domains.most_common(3))
        yield _hit(
            events,
            len(events),
            view.numbers["count"],
            Texts(
                zh=f"向公司以外的邮箱发送或登录 {len(events)} 次（{most}）",
                ja=f"社外のメールへの送信またはログインが {len(events)} 回（{most}）",
                en=f"{len(events)} times mail outside the company was used ({most})",
            ),
        )


_FINDERS: Final[Mapping[str, Callable[[_View], Iterable[Hit]]]] = MappingProxyType(
    {
        "OFF-04": _unusual,
        "OFF-04a": _not_whole,
        "OFF-04b": _off_hours,
        "OFF-04c": _frequent,
        "OFF-04d": _account_changes,
        "OFF-04e": _bulk,
        "OFF-04f": _deleting,
        "OFF-04g": _outside_mail,
    }
)
