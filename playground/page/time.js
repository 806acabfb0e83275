/** Times as people read them, and relative ones that stay right while the page is open. */

import { h } from "./dom.js";
import { locale, t } from "./i18n.js";

const DAY_MS = 86_400_000;
const LIVE_EVERY_MS = 1_000;

/** Discord's timestamp styles (`<t:…:R>` apart) as options of Intl.DateTimeFormat. */
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

const STEPS = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const formats = new Map();

function format(date, options) {
  const key = locale() + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale(), options));
  return formats.get(key).format(date);
}

/** Hour and minute. */
export function clock(date) {
  return format(date, { timeStyle: "short" });
}

/** "Today at 15:04", "Yesterday at …", or the date. */
export function when(date) {
  const days = daysAgo(date);
  if (days === 0) return t("time.today", { time: clock(date) });
  if (days === 1) return t("time.yesterday", { time: clock(date) });
  return format(date, { dateStyle: "medium", timeStyle: "short" });
}

/** The day alone, as a day separator shows it. */
export function dayName(date) {
  return format(date, { dateStyle: "full" });
}

/** Everything, for tooltips. */
export function fully(date) {
  return format(date, { dateStyle: "full", timeStyle: "medium" });
}

/** True when both fall on the same day of this computer's calendar. */
export function sameDay(a, b) {
  return a.toDateString() === b.toDateString();
}

function daysAgo(date) {
  const midnight = (day) => new Date(day).setHours(0, 0, 0, 0);
  return Math.round((midnight(new Date()) - midnight(date)) / DAY_MS);
}

/** "3 minutes ago", "in 2 hours". */
function relative(date, now = Date.now()) {
  const seconds = Math.round((date.getTime() - now) / 1000);
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  return words.format(Math.trunc(seconds / size), unit);
}

/** The element for a timestamp in text; style `R` keeps itself up to date. */
export function timestamp(seconds, style = "f") {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode(`<t:${seconds}:${style}>`);
  const live = style === "R";
  return h(
    "time",
    {
      class: "timestamp",
      datetime: date.toISOString(),
      title: fully(date),
      data: live ? { relative: date.getTime() } : {},
    },
    live ? relative(date) : format(date, STYLES[style] ?? STYLES.f),
  );
}

/** Refreshes the relative times on the page once a second, as long as it is looked at. */
export function keepTimesLive() {
  setInterval(() => {
    if (document.hidden) return;
    for (const element of document.querySelectorAll("time[data-relative]")) {
      const text = relative(new Date(Number(element.dataset.relative)));
      if (element.textContent !== text) element.textContent = text;
    }
  }, LIVE_EVERY_MS);
}
