// Installing a certificate from the chat, in the phone's words.

import { act } from "./api.js";
import { copied, el } from "./dom.js";
import { openSheet, toast } from "./sheet.js";

export function installSheet(phone, screen, message) {
  const name = message.document.file_name;
  const input = el("input", { type: "password", name: "password", autocomplete: "off", required: true, "aria-describedby": `wrong-${phone}` });
  const wrong = el("p", { class: "wrong", role: "alert", id: `wrong-${phone}` });
  const paste = el("button", { type: "button", class: "quiet", onclick: () => { input.value = copied(); input.focus(); } }, "Paste");
  let close = () => {};
  const form = el(
    "form",
    { class: "install", onsubmit: async (event) => {
      event.preventDefault();
      const told = await act(`phones/${phone}/install`, { message: message.message_id, password: input.value });
      if (told.refused) {
        wrong.textContent = told.refused;
        input.setAttribute("aria-invalid", "true");
        input.select();
        return;
      }
      close();
      toast(screen, `${told.name} is installed. The browser can use it.`);
    } },
    el("h3", {}, "Install certificate"),
    el("p", { class: "file-name" }, name),
    el("p", {}, "Type the password to take the certificate out of this file. It becomes a ", el("i", {}, "VPN and app user certificate"), "."),
    el("label", {}, "Password", el("span", { class: "with-button" }, input, copied() ? paste : null)),
    wrong,
    el("div", { class: "row" }, el("button", { type: "button", class: "quiet", onclick: () => close() }, "Cancel"), el("button", { type: "submit", class: "primary" }, "Install")),
  );
  close = openSheet(screen, { label: `Install ${name}`, content: form, first: input });
}
