// One phone: whose it is, its chat and its browser, and whether it is lost.

import { act } from "./api.js";
import { Browser } from "./browser.js";
import { Chat } from "./chat.js";
import { el, tabs } from "./dom.js";
import { clockTime, now } from "./time.js";

export class Phone {
  #state = null;

  constructor(id) {
    this.id = id;
    this.screen = el("div", { class: "screen" });
    this.chat = new Chat(id, this.screen);
    this.browser = new Browser(id);
    this.name = el("h2", { id: `name-${id}` });
    this.role = el("span", { class: "role" });
    this.lose = el("button", { type: "button", class: "quiet", onclick: () => act(`phones/${id}/lose`, { lost: !this.#state.lost }) });
    this.banner = el("div", { class: "thief", role: "status", hidden: true });
    this.clock = el("span", { class: "clock" });
    this.#assemble();
  }

  #assemble() {
    const panel = (name, child) => el("div", { role: "tabpanel", id: `${name}-${this.id}`, "aria-labelledby": `tab-${name}-${this.id}`, class: "panel" }, child);
    const tab = (name, words) => el("button", { type: "button", role: "tab", id: `tab-${name}-${this.id}`, "aria-controls": `${name}-${this.id}` }, words);
    const panels = [panel("chat", this.chat.node), panel("browser", this.browser.node)];
    const list = el("div", { class: "apps", role: "tablist", "aria-label": "Apps" }, tab("chat", "Chat"), tab("browser", "Browser"));
    this.select = tabs(list, (chosen) => {
      for (const each of panels) each.hidden = each.id !== chosen.getAttribute("aria-controls");
    });
    this.screen.append(
      el("div", { class: "status-bar", "aria-hidden": "true" }, this.clock, el("span", {}, "▮▮▮ 5G")),
      this.banner,
      el("div", { class: "panels" }, panels),
      list,
      el("div", { class: "toasts", role: "status" }),
    );
    this.node = el(
      "section",
      { class: "phone", "aria-labelledby": `name-${this.id}`, "data-phone": this.id },
      el("div", { class: "caption" }, this.name, this.role, this.lose),
      this.screen,
    );
    this.select(list.firstChild);
    this.tick();
  }

  tick() {
    this.clock.textContent = clockTime(now());
  }

  update(state) {
    this.#state = state;
    this.name.textContent = state.name;
    this.role.textContent = state.blocked ? `${state.role}, blocked the bot` : state.role;
    this.role.dataset.role = state.role;
    this.lose.textContent = state.lost ? "Found again" : "Lose this phone";
    this.node.classList.toggle("lost", state.lost);
    this.#showBanner(state);
    this.chat.update(state);
    this.browser.showCertificates(state.installed);
  }

  #showBanner(state) {
    this.banner.hidden = !state.lost;
    if (!state.lost) return this.banner.replaceChildren();
    const names = state.installed.map((each) => each.name).join(", ");
    this.banner.replaceChildren(
      el("strong", {}, "Lost. This is what the finder sees:"),
      ` the whole chat, and ${names ? `the installed ${names}. ` : "no certificate. "}`,
      el("button", { type: "button", class: "link", onclick: () => this.select(this.screen.querySelector(`#tab-browser-${this.id}`), true) }, "Try the door as the finder"),
    );
  }
}
