// The page: puts what the server tells in its place.

import { act, listen } from "./api.js";
import { el, tabs } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Phone } from "./phone.js";
import { looked, Tour } from "./tour.js";
import { now, setAhead, stamp } from "./time.js";

const at = (id) => document.getElementById(id);
const phones = new Map();
const tour = new Tour(at("tour-steps"), at("tour-said"), at("tour-end"));
const drawer = new Drawer(at("drawer-tabs"), at("drawer-panels"));
let names = [];
let wanted = null;

const selectPhone = tabs(at("phone-tabs"), (tab) => {
  for (const [id, phone] of phones) phone.node.classList.toggle("chosen", String(id) === tab.dataset.phone);
});

function showPhones(list) {
  for (const { id, name, lost } of list) {
    if (!phones.has(id)) {
      const phone = new Phone(id);
      phones.set(id, phone);
      phone.browser.showHosts(names);
      phone.node.id = `phone-${id}`;
      at("phones").append(phone.node);
      at("phone-tabs").append(el("button", { type: "button", role: "tab", "data-phone": id, "aria-controls": phone.node.id, "aria-selected": "false", tabindex: "-1" }));
    }
    at("phone-tabs").querySelector(`[data-phone="${id}"]`).textContent = lost ? `${name} (lost)` : name;
  }
  choosePhone();
}

// The new phone may be told of before or after the answer to who asked for it.
function choosePhone() {
  const tab = at("phone-tabs").querySelector(`[data-phone="${wanted}"]`) ?? at("phone-tabs").querySelector('[tabindex="0"]');
  if (tab?.dataset.phone === String(wanted)) wanted = null;
  selectPhone(tab ?? at("phone-tabs").firstChild);
}

function showState(state) {
  setAhead(state.aheadSeconds);
  drawer.showState(state);
  const trouble = state.trouble.length ? ` · trouble on: ${state.trouble.length}` : "";
  const words = { on: "The bot runs", off: "The bot is off", starting: "The bot starts" }[state.bot];
  const ahead = state.aheadSeconds > 60 ? ` · the clock is ahead: ${stamp(now())}` : "";
  at("state").replaceChildren(el("span", { class: "lamp", "data-bot": state.bot, "aria-hidden": "true" }), `${words}${trouble}${ahead}`);
  tick();
}

function tick() {
  drawer.zone.tick();
  for (const phone of phones.values()) phone.tick();
}

function showSection(name, content) {
  if (name === "world") showState(content);
  else if (name === "phones") showPhones(content);
  else if (name.startsWith("phone:")) phones.get(content.id).update(content);
  else if (name === "audit") drawer.showAudit(content);
  else if (name === "log") drawer.showLog(content);
  else if (name === "tour") tour.update(content);
  else if (name === "zone") {
    names = content.names;
    drawer.zone.show(content);
    for (const phone of phones.values()) phone.browser.showHosts(names);
  }
}

function toggles(button, panel, onopen = () => {}) {
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) onopen();
  });
}

toggles(at("tour-toggle"), at("tour"));
toggles(at("drawer-toggle"), at("drawer"), () => {
  looked();
  at("drawer").scrollIntoView({ block: "nearest" });
});

const dialog = at("join");
at("add-phone").addEventListener("click", () => dialog.showModal());
dialog.querySelector('[value="cancel"]').addEventListener("click", () => dialog.close());
dialog.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const told = await act("phones", { name: form.elements.name.value });
  form.querySelector(".wrong").textContent = told.refused ?? "";
  if (told.refused) return;
  form.reset();
  dialog.close();
  wanted = told.id;
  choosePhone();
});

setInterval(tick, 5000);

listen({
  onsection: showSection,
  onmoment: (moment) => phones.get(moment.phone)?.chat.moment(moment),
  onconnected: (yes) => { at("disconnected").hidden = yes; },
});
