// The other side: the zone, the record, the log, and the switches for trouble.

import { act } from "./api.js";
import { el, tabs } from "./dom.js";
import { stamp } from "./time.js";
import { Zone } from "./zone.js";

const TROUBLE = [
  ["cloudflare-slow", "Slow", "Cloudflare answers after five seconds"],
  ["cloudflare-429", "429", "Cloudflare says: too many requests"],
  ["cloudflare-500-before", "500 before", "Cloudflare fails and has done nothing"],
  ["cloudflare-500-after", "500 after", "Cloudflare fails although it has done it"],
  ["telegram-down", "Telegram down", "Telegram answers 502 to the bot"],
];
const BY_HAND = [
  ["disable", "Switch the rule off", "Latchkey’s rule stays, and does nothing"],
  ["skip", "Put a skip rule above", "“Let the app in”: whatever begins with /api/ goes past Latchkey’s rule"],
  ["delete", "Delete the rule", "Latchkey’s rule is gone"],
];

export class Drawer {
  constructor(list, panels) {
    this.zone = new Zone();
    this.audit = el("tbody");
    this.log = el("pre", { class: "log" });
    this.trouble = el("div", { class: "switches" });
    const entries = [
      ["zone", "Zone", this.zone.node],
      ["audit", "Audit trail", el("table", {}, el("thead", {}, el("tr", {}, ["When", "What", "Who", "On what", "More"].map((word) => el("th", { scope: "col" }, word)))), this.audit)],
      ["log", "Log", this.log],
      ["trouble", "Trouble", this.trouble],
    ];
    for (const [key, words, child] of entries) {
      list.append(el("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": `panel-${key}` }, words));
      panels.append(el("div", { role: "tabpanel", id: `panel-${key}`, "aria-labelledby": `tab-${key}`, tabindex: "0" }, child));
    }
    this.select = tabs(list, (chosen) => {
      for (const panel of panels.children) {
        panel.hidden = panel.id !== chosen.getAttribute("aria-controls");
        if (!panel.hidden && /log|audit/.test(panel.id)) panel.scrollTop = panel.scrollHeight;
      }
    });
    this.select(list.firstChild);
    this.#buildTrouble();
  }

  showAudit(events) {
    const detail = (event) => Object.entries(event.detail ?? {}).map(([key, value]) => `${key}: ${value}`).join(", ");
    this.#atEnd(this.audit, () => this.audit.replaceChildren(...events.map((event) =>
      el("tr", {}, [stamp(moment(event.at)), event.tag, event.actor, event.subject, detail(event)].map((text) => el("td", {}, text))))));
  }

  showLog({ lines }) {
    this.#atEnd(this.log, () => { this.log.textContent = lines.join("\n"); });
  }

  showState({ bot, trouble, byHand }) {
    for (const each of this.trouble.querySelectorAll("[data-hand]")) each.disabled = !byHand.includes(each.dataset.hand);
    for (const each of this.trouble.querySelectorAll("[data-kind]")) {
      each.setAttribute("aria-pressed", String(trouble.includes(each.dataset.kind)));
    }
    this.end.disabled = trouble.length === 0;
    this.power.textContent = { on: "Kill the bot", off: "Start the bot", starting: "Starting…" }[bot];
    this.power.disabled = bot === "starting";
    this.power.dataset.on = String(bot === "off");
  }

  #atEnd(node, change) {
    const panel = node.closest('[role="tabpanel"]');
    const atEnd = panel.scrollHeight - panel.scrollTop - panel.clientHeight < 40;
    change();
    if (atEnd) panel.scrollTop = panel.scrollHeight;
  }

  #buildTrouble() {
    const kinds = TROUBLE.map(([kind, words, about]) =>
      el("button", { type: "button", class: "quiet", "data-kind": kind, "aria-pressed": "false", title: about, onclick: (event) =>
        act("trouble", { kind, on: event.currentTarget.getAttribute("aria-pressed") !== "true" }) }, words));
    this.end = el("button", { type: "button", class: "primary", disabled: true, onclick: () => act("trouble", { end: true }) }, "Trouble ends");
    this.power = el("button", { type: "button", class: "quiet", onclick: () => act("bot", { on: this.power.dataset.on === "true" }) });
    const hands = BY_HAND.map(([kind, words, about]) =>
      el("button", { type: "button", class: "quiet", "data-hand": kind, title: about, disabled: true, onclick: () => act("hand", { kind }) }, words));
    const clocks = [["minutes", "+5 minutes"], ["hour", "+1 hour"], ["day", "+1 day"], ["year", "+1 year"]].map(([plus, words]) =>
      el("button", { type: "button", class: "quiet", onclick: () => act("clock", { plus }) }, words));
    const group = (label, about, ...buttons) => el("div", { role: "group", "aria-label": label }, el("h3", {}, label), el("p", {}, about), el("div", { class: "row" }, buttons));
    this.trouble.replaceChildren(
      group("Cloudflare’s API", "Each stays on until you turn it off. The lock itself goes on working.", ...kinds.slice(0, 4)),
      group("Cloudflare’s dashboard", "Somebody else’s hand on Latchkey’s rule. The bot looks every five minutes.", ...hands),
      group("Telegram", "What people write meanwhile waits for the bot.", kinds[4]),
      group("The bot", "Killed as if its machine stopped. Its database stays; passwords in memory are gone.", this.power),
      group("The clock", "For the bot, Telegram, Cloudflare and the door alike. It only goes forward.", ...clocks),
      group("All of it", "Back to a quiet day; the clock stays where it is.", this.end),
    );
  }
}

// SQLite keeps moments in UTC without saying so.
const moment = (text) => new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text.replace(" ", "T")}Z`);
