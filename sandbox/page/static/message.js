// One message as a node.

import { fileAddress } from "./api.js";
import { el } from "./dom.js";
import { rendered } from "./text.js";
import { clockTime } from "./time.js";

const INSTALLABLE = /\.(p12|pfx)$/i;

const size = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

// ``answered``: the message that this one answers, if any. ``hands``: copy(text), command(text),
// tap(message, row, column, text), install(message), reply(message).
export function messageNode(phone, message, answered, hands) {
  const time = new Date(message.date);
  const sender = message.from_bot ? "Latchkey" : "You";
  return el(
    "article",
    { class: `message ${message.from_bot ? "theirs" : "own"}`, tabindex: "-1", "aria-label": `${sender}, ${clockTime(time)}`, "data-message": message.message_id },
    el(
      "div",
      { class: "bubble" },
      answered ? el("p", { class: "answered" }, el("b", {}, answered.from_bot ? "Latchkey" : "You"), el("span", {}, firstLine(answered))) : null,
      message.document ? documentNode(phone, message, hands) : null,
      message.text ? el("div", { class: "text" }, rendered(message.text, message.entities, hands)) : null,
      el(
        "div",
        { class: "meta" },
        message.from_bot ? el("button", { type: "button", class: "answer", "aria-label": "Answer this message", title: "Answer", onclick: () => hands.reply(message) }, "↩") : null,
        message.quiet ? el("span", { title: "Came without a sound" }, "🔕") : null,
        message.edited ? el("span", {}, "edited") : null,
        el("time", { datetime: message.date }, clockTime(time)),
      ),
    ),
    message.rows.length ? keyboard(message, hands) : null,
  );
}

export const firstLine = (message) => (message.text || message.document?.file_name || "").split("\n")[0];

function documentNode(phone, message, hands) {
  const { file_name: name, size: bytes } = message.document;
  return el(
    "div",
    { class: "document" },
    el("span", { class: "file-icon", "aria-hidden": "true" }, name.split(".").at(-1).slice(0, 4)),
    el(
      "div",
      { class: "file-words" },
      el("span", { class: "file-name" }, name),
      el("span", { class: "file-size" }, size(bytes)),
      el(
        "span",
        { class: "file-acts" },
        INSTALLABLE.test(name)
          ? el("button", { type: "button", class: "link", "aria-label": `Install ${name} on this phone`, onclick: () => hands.install(message) }, "Install")
          : null,
        el("a", { href: fileAddress(phone, message.message_id), download: name, "aria-label": `Download ${name}` }, "Download"),
      ),
    ),
  );
}

function keyboard(message, hands) {
  return el(
    "div",
    { class: "keyboard", role: "group", "aria-label": "Buttons of this message" },
    message.rows.map((row, at) => el("div", { class: "keys" }, row.map((button, column) => key(message, button, at, column, hands)))),
  );
}

function key(message, button, row, column, hands) {
  const look = `key ${button.style ?? "plain"}`;
  if (button.kind === "url") {
    const web = /^[a-z]+:/i.test(button.value) ? button.value : `https://${button.value}`;
    return el("a", { class: look, href: web, target: "_blank", rel: "noreferrer" }, button.text, el("span", { class: "corner", "aria-hidden": "true" }, "↗"));
  }
  const act = button.kind === "copy" ? () => hands.copy(button.value) : (event) => hands.tap(event.currentTarget, message, row, column, button.text);
  const corner = button.kind === "copy" ? el("span", { class: "corner two-sheets", "aria-hidden": "true" }) : null;
  return el("button", { type: "button", class: look, onclick: act }, button.text, corner);
}
