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
      ["works", () => ["In the ", name("Chat"), ", tap ", name("It works"), ": file and password go."]],
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
  {
    chapter: "The lock itself",
    title: "Lock another door",
    why: () => ["Nobody ever locked ", code("www.example.com"), ". One line does it: Cloudflare is told to ask, a rule demands, and the bot looks until the edge has it."],
    tasks: [
      ["wide-open", () => ["In Anna’s ", name("Browser"), ", tap ", name("www.example.com"), " with no certificate: anybody gets in."]],
      ["protected", () => ["In the ", name("Chat"), ", send ", code("/protect www.example.com"), "."]],
      ["kept-out", () => ["Open it again with no certificate: 403."]],
      ["admitted", () => ["Choose ", name("pixel8"), ": it opens."]],
    ],
  },
  {
    title: "Prove that it locks",
    why: () => ["Not what is set up counts, but who gets in. The bot knocks from outside: without a certificate, with a live one, with a revoked one."],
    tasks: [["proven", () => ["Send ", code("/prove"), " and see it turn green."]]],
  },
  {
    title: "A webhook for an hour",
    why: () => ["A caller without a certificate needs one exact path. It opens, and the rule at Cloudflare says until when."],
    tasks: [
      ["path-open", () => ["Send ", code("/openpath https://www.example.com/api/webhook/abc 1h"), "."]],
      ["hook", () => ["In the Browser, with no certificate, open that address: the service answers."]],
      ["neighbour", () => ["Change its last letter: 403."]],
    ],
  },
  {
    title: "It closes by itself",
    why: () => ["The deadline is Cloudflare’s to keep. So the bot may be off: look at the rule under ", name("Zone"), " meanwhile."],
    tasks: [
      ["bot-off", () => ["Under ", name("The other side"), ", ", name("Trouble"), ", tap ", name("Kill the bot"), ", then ", name("+1 hour"), "."]],
      ["hook-shut", () => ["Open the webhook’s address again, with no certificate: 403."]],
      ["path-told", () => ["Tap ", name("Start the bot"), ": it tells Anna that the path is closed."]],
    ],
  },
  {
    title: "Out, by its fingerprint",
    why: () => ["A revoke needs a while at Cloudflare. So the rule names the lost phone as well, and turns it away from the next second on."],
    tasks: [["listed", () => ["Send ", code("/revoke pixel8"), " and find its fingerprint in the rule, under ", name("Zone"), "."]]],
  },
];

// How much of what is done stays in sight above the current step, in pixels.
const ABOVE = 64;

export class Tour {
  #current = null;
  #done = new Set();

  constructor(list, said, end) {
    this.panel = list.parentElement;
    new ResizeObserver(() => this.#follow()).observe(this.panel);
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
    list.replaceChildren(...this.steps.flatMap((step, at) => {
      const { chapter } = STEPS[at];
      return chapter ? [el("li", { class: "chapter" }, chapter), step.node] : [step.node];
    }));
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
    this.#follow();
  }

  // On a wide screen the tour has a scrollbar of its own; the page itself stays where it is.
  #follow() {
    if (this.#current > 0) this.panel.scrollTop = this.steps[this.#current].node.offsetTop - ABOVE;
    else if (this.#current < 0) this.panel.scrollTop = this.panel.scrollHeight;
  }
}

export const looked = () => act("tour", { fact: "looked" });
