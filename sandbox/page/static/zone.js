// The zone as Cloudflare has it: the rules in order, Latchkey's own taken apart, and the certificates.

import { el } from "./dom.js";
import { clockTime, day, dayOfYear, now } from "./time.js";

const LOOKS = { active: "good", revoked: "bad", pending_revocation: "bad", pending_reactivation: "soon" };
const badge = (text, kind) => el("span", { class: `badge ${kind}` }, text);
const short = (fingerprint) => `${fingerprint.slice(0, 16)}…`;

export class Zone {
  node = el("div");
  #deadlines = [];

  show({ zone, hosts, rules, slots, certificates }) {
    this.#deadlines = [];
    const names = new Map(certificates.map((each) => [each.fingerprint_sha256, each.common_name]));
    this.node.replaceChildren(
      el("h3", {}, `${zone.name} (${zone.plan} plan)`),
      el("p", {}, "Asks for a certificate at: ", hosts.length ? hosts.join(", ") : "no host"),
      el("h3", {}, "Custom rules, in order"),
      rules.length ? el("ol", { class: "rules" }, rules.map((rule) => this.#rule(rule, hosts, names))) : el("p", {}, "None: whoever comes gets in."),
      el("h3", {}, `Certificates: ${slots.used} of ${slots.quota} in use`),
      certificates.length ? table(certificates) : el("p", {}, "None yet."),
    );
    this.tick();
  }

  // Deadlines are told against the sandbox's clock, which goes on.
  tick() {
    for (const { node, closes } of this.#deadlines) {
      const text = deadline(new Date(closes * 1000));
      if (node.textContent === text) continue;
      node.textContent = text;
      node.className = closes * 1000 > now() ? "badge soon" : "badge good";
    }
  }

  #rule(rule, hosts, names) {
    const { ours, enabled, says } = rule;
    return el(
      "li",
      { class: ours ? "ours" : "foreign" },
      el(
        "p",
        { class: "rule-head" },
        badge(ours ? "Latchkey’s" : "somebody else’s", ours ? "good" : "plain"),
        badge(rule.action, "plain"),
        enabled ? null : badge("switched off", "bad"),
        el("span", {}, rule.description),
      ),
      el("div", { class: "both" }, says ? el("dl", { class: "says" }, this.#facts(rule, hosts, names)) : null, el("code", { class: "whole" }, rule.expression)),
    );
  }

  #facts({ says, length }, asked, names) {
    const fact = (words, ...told) => [el("dt", {}, words), ...told.map((each) => el("dd", {}, each))];
    const host = (name) => [name, asked.includes(name) ? null : [" ", badge("asks for no certificate", "bad")]].flat(2);
    return [
      fact("Locks", ...says.hosts.map(host)),
      fact("Lets in", says.demands.length ? `whoever shows a certificate that is ${says.demands.join(" and ")}` : "nobody, with a certificate or without"),
      says.fingerprints.length ? fact("But never", ...says.fingerprints.map((each) => [el("code", {}, short(each)), ` ${names.get(each) ?? ""}`])) : [],
      says.paths.length ? fact("Open without one", ...says.paths.map((path) => this.#path(path))) : [],
      fact("Is long", `${length} of 4,096 characters`),
      says.beacon ? fact("Shows itself at", [el("code", {}, says.beacon), " ", el("span", { class: "soft" }, "blocked for all, so the bot can see this version at the edge")]) : [],
    ].flat();
  }

  #path({ host, path, query, method, networks, closes }) {
    const node = el("span", { class: "badge" });
    this.#deadlines.push({ node, closes });
    const only = [method, networks.length ? `from ${networks.join(", ")}` : ""].filter(Boolean).join(" ");
    return [node, " ", el("span", { class: "path" }, `${host}${path}${query ? `?${query}` : ""}`), only ? ` (only ${only})` : ""];
  }
}

function deadline(end) {
  const left = Math.ceil((end - now()) / 60000);
  const at = day(end) === day(now()) ? clockTime(end) : `${dayOfYear(end)}, ${clockTime(end)}`;
  if (left <= 0) return `closed by time at ${at}`;
  const words = left < 120 ? `${left} min` : left < 2880 ? `${Math.floor(left / 60)} h` : `${Math.floor(left / 1440)} days`;
  return `open until ${at}, ${words} left`;
}

function table(certificates) {
  const head = ["Name", "State", "Valid until", "Fingerprint"].map((word) => el("th", { scope: "col" }, word));
  const row = (each) => [
    each.common_name,
    badge(each.status.replace("_", " "), LOOKS[each.status] ?? "plain"),
    day(new Date(each.expires_on)),
    el("code", {}, short(each.fingerprint_sha256)),
  ].map((told) => el("td", {}, told));
  return el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, certificates.map((each) => el("tr", {}, row(each)))));
}
