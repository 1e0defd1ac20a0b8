// A chat: messages that come, change and go in place; the composer; the command menu; the reply keyboard.

import { act, sendFile } from "./api.js";
import { copy, el } from "./dom.js";
import { installSheet } from "./install.js";
import { firstLine, messageNode } from "./message.js";
import { pickSheet } from "./pick.js";
import { popup, toast } from "./sheet.js";
import { day } from "./time.js";

const LEAVES_AFTER = 450;
const NEAR_THE_END = 120;
// Telegram shows an action for five seconds, or until the next message.
const TYPES_FOR = 5000;

export class Chat {
  #id;
  #screen;
  #list;
  #nodes = new Map();
  #fresh = true;
  #typing = null;
  #file = null;
  #answers = null;
  #menu = [];
  #contacts = [];
  #atEnd = true;

  constructor(id, screen) {
    this.#id = id;
    this.#screen = screen;
    this.#list = el("div", { class: "messages", role: "log", "aria-label": "Messages", tabindex: "0" });
    this.#list.addEventListener("scroll", () => { this.#atEnd = this.#isAtEnd(); });
    new ResizeObserver(() => { if (this.#atEnd) this.#toEnd(); }).observe(this.#list);
    this.gone = el("p", { class: "unseen", role: "status" });
    this.who = el("span", { class: "subtitle" }, "bot");
    this.start = el("button", { type: "button", class: "primary start", onclick: () => this.#say("/start") }, "Start");
    this.node = el(
      "div",
      { class: "chat" },
      el("div", { class: "chat-title" }, el("img", { src: "/static/icon.svg", alt: "", width: 34, height: 34 }), el("div", {}, el("strong", {}, "Latchkey"), this.who)),
      this.#list,
      this.gone,
      this.#composer(),
    );
    this.hands = {
      copy: async (text) => {
        await copy(text);
        toast(this.#screen, "Copied to the clipboard");
      },
      command: (text) => this.#say(text),
      tap: (node, message, row, column, text) => this.#tap(node, message, row, column, text),
      reply: (message) => this.#answer(message),
      install: (message) => installSheet(this.#id, this.#screen, message),
    };
  }

  update(state) {
    this.#menu = state.menu;
    this.#contacts = state.contacts;
    this.#showKeyboard(state.keyboard);
    this.#showMessages(state.messages);
    this.start.hidden = state.messages.length > 0;
  }

  moment({ kind, text }) {
    if (kind === "popup") popup(this.#screen, text);
    else if (kind === "toast") toast(this.#screen, text);
    else this.#type();
  }

  #type() {
    this.who.textContent = "typing…";
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => { this.who.textContent = "bot"; }, TYPES_FOR);
  }

  #showMessages(messages) {
    const list = this.#list;
    const atEnd = this.#fresh || this.#isAtEnd();
    const wanted = new Map();
    for (const message of messages) {
      const date = day(new Date(message.date));
      if (!wanted.has(date)) wanted.set(date, null);
      wanted.set(message.message_id, message);
    }
    for (const [key, entry] of this.#nodes) {
      if (!wanted.has(key)) this.#leave(key, entry.node);
    }
    const nodes = [...wanted].map(([key, message]) => this.#current(key, message, wanted.get(message?.reply_to)));
    if (this.#answers && !wanted.has(this.#answers)) this.#drop();
    let cursor = list.firstChild;
    for (const node of nodes) {
      while (cursor?.dataset.leaving) cursor = cursor.nextSibling;
      if (node === cursor) cursor = cursor.nextSibling;
      else list.insertBefore(node, cursor);
    }
    if (atEnd) this.#toEnd();
    this.#fresh = false;
  }

  #isAtEnd() {
    return this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < NEAR_THE_END;
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#atEnd = true;
  }

  #current(key, message, answered) {
    const text = JSON.stringify([message, answered && firstLine(answered)]);
    const known = this.#nodes.get(key);
    if (known?.text === text) return known.node;
    const node = message ? messageNode(this.#id, message, answered, this.hands) : el("p", { class: "day" }, key);
    if (known) {
      const held = known.node.contains(document.activeElement);
      known.node.replaceWith(node);
      node.classList.add("changed");
      if (held) node.focus();
    } else if (!this.#fresh) {
      node.classList.add("new");
      if (message?.from_bot) {
        clearTimeout(this.#typing);
        this.who.textContent = "bot";
      }
    }
    this.#nodes.set(key, { text, node });
    return node;
  }

  #leave(key, node) {
    this.#nodes.delete(key);
    if (node.contains(document.activeElement)) this.#list.focus();
    if (typeof key === "number") this.gone.textContent = `Removed from the chat at ${new Date().toLocaleTimeString()}`;
    node.dataset.leaving = "yes";
    node.inert = true;
    node.style.setProperty("--height", `${node.offsetHeight}px`);
    node.classList.add("leaving");
    setTimeout(() => node.remove(), LEAVES_AFTER);
  }

  async #say(text) {
    this.#hideMenu();
    const answers = this.#answers;
    if (answers) this.#drop();
    await act(`phones/${this.#id}/send`, { text, answers });
    this.#toEnd();
  }

  async #tap(node, message, row, column, text) {
    node.classList.add("pressed");
    setTimeout(() => node.classList.remove("pressed"), 600);
    const told = await act(`phones/${this.#id}/tap`, { message: message.message_id, row, column, text });
    if (told.refused) toast(this.#screen, told.refused);
  }

  #composer() {
    this.input = el("textarea", { rows: "1", placeholder: "Message", "aria-label": "Message", "data-home": "" });
    this.commands = el("ul", { class: "commands", hidden: true, id: `commands-${this.#id}` });
    this.menuButton = el("button", { type: "button", class: "menu", "aria-expanded": "false", "aria-controls": this.commands.id, onclick: () => this.#toggleMenu() }, "Menu");
    this.picker = el("input", { type: "file", class: "unseen", tabindex: "-1", "aria-label": "File to send", onchange: () => this.#choose(this.picker.files[0] ?? null) });
    this.chip = el("p", { class: "chip", hidden: true });
    this.reply = el("div", { class: "reply-keyboard", role: "group", "aria-label": "Suggested answers", hidden: true });
    const attach = el("button", { type: "button", class: "round", "aria-label": "Attach a file", onclick: () => this.picker.click() }, "📎");
    const send = el("button", { type: "submit", class: "round send", "aria-label": "Send" }, "➤");
    const form = el("form", { class: "composer", onsubmit: (event) => this.#submit(event) }, this.commands, this.start, this.chip, el("div", { class: "line" }, this.menuButton, this.input, this.picker, attach, send), this.reply);
    this.input.addEventListener("keydown", (event) => this.#typed(event, form));
    this.input.addEventListener("input", () => this.#offer());
    this.commands.addEventListener("keydown", (event) => this.#walk(event));
    return form;
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    const file = this.#file;
    if (!text && !file) return;
    this.input.value = "";
    if (!file) return void this.#say(text);
    this.#drop();
    await sendFile(this.#id, file, text);
  }

  #choose(file) {
    this.#drop();
    this.#file = file;
    if (!file) return;
    this.input.placeholder = "Caption";
    this.#chipSays(`📄 ${file.name} `);
  }

  #answer(message) {
    this.#drop();
    this.#answers = message.message_id;
    this.#chipSays(`↩ ${firstLine(message)} `);
  }

  // Neither a file nor an answer.
  #drop() {
    this.#file = this.#answers = null;
    this.picker.value = "";
    this.input.placeholder = "Message";
    this.chip.hidden = true;
    this.chip.replaceChildren();
  }

  #chipSays(text) {
    this.chip.hidden = false;
    this.chip.replaceChildren(el("span", {}, text), el("button", { type: "button", class: "link", onclick: () => this.#drop() }, "Remove"));
    this.input.focus();
  }

  #typed(event, form) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      this.#hideMenu();
    } else if (event.key === "ArrowDown" && !this.commands.hidden) {
      event.preventDefault();
      this.commands.querySelector("button")?.focus();
    }
  }

  #offer() {
    const typed = this.input.value;
    if (/^\/\w*$/.test(typed)) this.#showMenu(this.#menu.filter(([command]) => `/${command}`.startsWith(typed)));
    else this.#hideMenu();
  }

  #toggleMenu() {
    if (!this.commands.hidden) return this.#hideMenu();
    this.#showMenu(this.#menu);
    this.commands.querySelector("button")?.focus();
  }

  #showMenu(commands) {
    const lines = commands.map(([command, words]) =>
      el("li", {}, el("button", { type: "button", onclick: () => this.#pick(command) }, el("b", {}, `/${command}`), ` ${words}`)));
    this.commands.replaceChildren(...(lines.length ? lines : [el("li", { class: "none" }, "No commands")]));
    this.commands.hidden = false;
    this.menuButton.setAttribute("aria-expanded", "true");
  }

  #hideMenu() {
    const held = this.commands.contains(document.activeElement);
    this.commands.hidden = true;
    this.menuButton.setAttribute("aria-expanded", "false");
    if (held) this.input.focus();
  }

  async #pick(command) {
    this.input.value = "";
    await this.#say(`/${command}`);
    this.input.focus();
  }

  #walk(event) {
    if (event.key === "Escape") {
      this.#hideMenu();
      this.input.focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...this.commands.querySelectorAll("button")];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
  }

  #showKeyboard(rows) {
    const text = JSON.stringify(rows);
    if (this.reply.dataset.shown === text) return;
    this.reply.dataset.shown = text;
    this.reply.hidden = rows.length === 0;
    this.reply.replaceChildren(...rows.map((row) => el("div", { class: "keys" }, row.map((key) =>
      el("button", { type: "button", class: `key ${key.style ?? "plain"}`, onclick: () => this.#use(key) }, key.text)))));
  }

  async #use(key) {
    if (key.picks) pickSheet(this.#id, this.#screen, key, this.#contacts);
    else await act(`phones/${this.#id}/key`, { text: key.text });
  }
}
