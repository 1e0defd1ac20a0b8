// Moments in the reader's own zone and language. The sandbox's clock may be ahead of this machine's.

let ahead = 0;
export const setAhead = (seconds) => { ahead = seconds * 1000; };
export const now = () => new Date(Date.now() + ahead);

const format = (moment, options) => new Intl.DateTimeFormat(undefined, options).format(moment);
export const clockTime = (moment) => format(moment, { hour: "2-digit", minute: "2-digit" });
export const day = (moment) => format(moment, { day: "numeric", month: "long", year: "numeric" });
export const dayOfYear = (moment) => format(moment, { day: "numeric", month: "long" });
export const stamp = (moment) => format(moment, { dateStyle: "medium", timeStyle: "medium" });

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(moment) {
  const seconds = Math.round((moment - now()) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

// The format of a date_time entity: "r", or any of w (weekday), d or D (date), t or T (time of day).
export function formatted(unix, pattern, fallback) {
  const moment = new Date(unix * 1000);
  if (!pattern) return fallback;
  if (pattern === "r") return relative(moment);
  const options = {};
  if (pattern.includes("w")) options.weekday = "long";
  if (pattern.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (pattern.includes("d")) Object.assign(options, { day: "numeric", month: "numeric", year: "2-digit" });
  if (/[tT]/.test(pattern)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (pattern.includes("T")) options.second = "2-digit";
  return format(moment, options);
}
