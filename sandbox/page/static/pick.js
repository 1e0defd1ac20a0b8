// Picking contacts for the bot, as the app's list of them does.

import { act } from "./api.js";
import { el } from "./dom.js";
import { openSheet, toast } from "./sheet.js";

export function pickSheet(phone, screen, key, contacts) {
  const one = key.picks === 1;
  const boxes = contacts.map(({ id, name }) => {
    const box = el("input", { type: one ? "radio" : "checkbox", name: `pick-${phone}`, value: id });
    return el("label", {}, box, name);
  });
  let close = () => {};
  const form = el(
    "form",
    { class: "install", onsubmit: async (event) => {
      event.preventDefault();
      const users = [...form.querySelectorAll("input:checked")].map((box) => Number(box.value));
      if (!users.length || users.length > key.picks) {
        toast(screen, one ? "Choose one person." : `Choose up to ${key.picks} people.`);
        return;
      }
      close();
      await act(`phones/${phone}/share`, { text: key.text, users });
    } },
    el("h3", {}, key.text),
    el("p", {}, "Latchkey is told whom you choose, by name and number."),
    el("div", { class: "choices" }, boxes),
    el("div", { class: "row" }, el("button", { type: "button", class: "quiet", onclick: () => close() }, "Cancel"), el("button", { type: "submit", class: "primary" }, "Share")),
  );
  close = openSheet(screen, { label: key.text, content: form });
}
