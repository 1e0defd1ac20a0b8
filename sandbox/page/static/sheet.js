// What slides over a phone's screen: a question, a pop-up. The other phones stay usable meanwhile.

import { el } from "./dom.js";

export function openSheet(screen, { label, role = "dialog", content, first, onclose = () => {} }) {
  const before = document.activeElement;
  const sheet = el("div", { class: "sheet", role, "aria-label": label }, content);
  const veil = el("div", { class: "veil" }, sheet);
  const behind = [...screen.children].filter((child) => !child.classList.contains("veil"));
  for (const each of behind) each.inert = true;
  const close = () => {
    if (!veil.isConnected) return;
    veil.remove();
    const more = [...screen.querySelectorAll(":scope > .veil")].at(-1);
    if (more) return void more.querySelector("button, input")?.focus();
    for (const each of behind) each.inert = false;
    const back = before?.isConnected && screen.contains(before) ? before : screen.querySelector("[data-home]");
    back?.focus();
    onclose();
  };
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  veil.addEventListener("click", (event) => {
    if (event.target === veil) close();
  });
  screen.append(veil);
  (first ?? sheet.querySelector("button, input"))?.focus();
  return close;
}

export function popup(screen, text) {
  let close = () => {};
  const ok = el("button", { type: "button", class: "primary", onclick: () => close() }, "OK");
  close = openSheet(screen, {
    label: "Message from Latchkey",
    role: "alertdialog",
    content: [el("p", { class: "said" }, text), el("div", { class: "row" }, ok)],
    first: ok,
  });
}

export function toast(screen, text) {
  const place = screen.querySelector(".toasts");
  const shown = el("p", {}, text);
  place.append(shown);
  setTimeout(() => shown.remove(), 2600);
}
