// The guided tour: what to tap and why. The server says what has happened.

import { act } from "./api.js";
import { el } from "./dom.js";

const code = (text) => el("code", {}, text);
const name = (text) => el("b", {}, text);

const STEPS = [
  {
    title: "Ask for a certificate",
    why: () => ["A certificate is the key to the house, one for each device. Asking is one line in a chat, and Cloudflare signs it while you look."],
    tasks: [["asked", () => ["On ", name("Anna’s"), " phone, send ", code("/newcert pixel8"), "."]]],
  },
  {
    title: "Install it on the phone",
    why: () => ["The file opens only with its password. The bot shows it when you ask, never writes it down, and removes both from the chat soon after."],
    tasks: [
      ["password", () => ["Tap ", name("Password"), " under the file, then tap the six words to copy them."]],
      ["installed", () => ["Tap ", name("Install"), " on the file and paste."]],
    ],
  },
  {
    title: "Open the door",
    why: () => ["The lock is at Cloudflare, not in the bot: every address here makes a real TLS connection to it."],
    tasks: [
      ["refused", () => ["In Anna’s ", name("Browser"), ", tap ", name("ha.example.com"), " with no certificate: 403."]],
      ["opened", () => ["Choose ", name("pixel8"), " and tap it again: the house answers."]],
    ],
  },
  {
    title: "Lose it, lock it out",
    why: () => ["A phone is gone: one line, without “are you sure”. What counts is what the door does afterwards."],
    tasks: [
      ["revoked", () => ["In the ", name("Chat"), ", send ", code("/revoke pixel8"), "."]],
      ["shut", () => ["In the ", name("Browser"), ", open the same address with pixel8: 403."]],
    ],
  },
  {
    title: "Undo, and look behind the scene",
    why: () => ["A slip of the thumb can be taken back for two minutes; later, a new certificate is as quick. Whatever happened is on the record."],
    tasks: [
      ["reopened", () => ["Tap ", name("Undo"), " in the chat (or make a new certificate), and get in again."]],
      ["looked", () => ["Open ", name("The other side"), ": the rule, the record, and switches for trouble."]],
    ],
  },
  {
    title: "A relative comes in",
    why: () => ["Kim never types a command and reads of keys, not of certificates. One tap asks, one tap lets in, and the key is made when Kim holds the phone."],
    tasks: [
      ["knocked", () => ["On ", name("Kim’s"), " phone, write ", code("hello"), " and tap ", name("Ask to come in"), "."]],
      ["let-in", () => ["On ", name("Anna’s"), " phone, tap ", name("Let in"), "."]],
      ["chosen", () => ["On Kim’s phone: what is Kim holding? Tap ", name("Android"), ", and take the name."]],
      ["fetched", () => ["Read the three steps, tap ", name("Send me the key"), ", then ", name("Password"), " and ", name("Install"), "."]],
    ],
  },
  {
    title: "A phone is stolen",
    why: () => ["Telegram was on that phone too. So the account is frozen first: whoever holds it may look and block, and gets nothing more."],
    tasks: [
      ["reported", () => ["On Kim’s phone, send ", code("/lost"), " and tap the phone."]],
      ["thief", () => ["Be the thief: send ", code("/newcert evil"), " from Kim’s phone."]],
      ["answered", () => ["On Anna’s phone, read the card and tap ", name("Freeze stays"), " (or ", name("Telegram was not on it"), ")."]],
    ],
  },
];

export class Tour {
  #current = null;
  #done = new Set();

  constructor(list, said, end) {
    this.end = end;
    this.said = said;
    this.steps = STEPS.map((step, at) => {
      const tasks = step.tasks.map(([fact, words]) => {
        const mark = el("span", { class: "mark" }, el("span", { class: "unseen" }, "To do: "));
        return { fact, mark, node: el("li", { "data-fact": fact }, mark, el("span", {}, words())) };
      });
      const details = el("details", {}, el("summary", {}, el("span", { class: "number" }, String(at + 1)), step.title), el("p", { class: "why" }, step.why()), el("ul", {}, tasks.map((task) => task.node)));
      return { tasks, details, title: step.title, node: el("li", {}, details) };
    });
    list.replaceChildren(...this.steps.map((step) => step.node));
  }

  update(facts) {
    const done = new Set(facts);
    for (const step of this.steps) {
      for (const { fact, mark, node } of step.tasks) {
        node.classList.toggle("done", done.has(fact));
        mark.firstChild.textContent = done.has(fact) ? "Done: " : "To do: ";
      }
      const complete = step.tasks.every(({ fact }) => done.has(fact));
      const before = step.tasks.every(({ fact }) => this.#done.has(fact));
      step.node.classList.toggle("done", complete);
      if (complete && !before) this.said.textContent = `Step done: ${step.title}`;
    }
    this.#done = done;
    const current = this.steps.findIndex((step) => step.tasks.some(({ fact }) => !done.has(fact)));
    this.end.hidden = current >= 0;
    if (current === this.#current) return;
    this.#current = current;
    this.steps.forEach((step, at) => {
      step.details.open = at === current;
      step.node.classList.toggle("current", at === current);
    });
  }
}

export const looked = () => act("tour", { fact: "looked" });
