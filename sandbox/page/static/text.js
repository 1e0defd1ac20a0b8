// A message's text and entities as nodes. Offsets are UTF-16 units, as in JavaScript's strings.

import { el, tappable } from "./dom.js";
import { formatted, stamp } from "./time.js";

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };
const COMMAND = /(^|[\s(])(\/[a-z0-9_]{1,32})(?![\w/])/gi;
const LINK = /^(https?|tg|mailto):/i;

// ``hands``: copy(text) and command(text).
export function rendered(text, entities, hands) {
  return build(text, 0, text.length, entities, hands, true);
}

function build(text, from, to, entities, hands, commands) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length;) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    let next = i + 1;
    while (next < entities.length && entities[next].offset < end) next += 1;
    nodes.push(...plain(text.slice(at, entity.offset), hands, commands));
    const inCode = entity.type === "code" || entity.type === "pre";
    const inside = build(text, entity.offset, end, entities.slice(i + 1, next), hands, commands && !inCode);
    nodes.push(wrapped(entity, text.slice(entity.offset, end), inside, hands));
    at = end;
    i = next;
  }
  nodes.push(...plain(text.slice(at, to), hands, commands));
  return nodes;
}

function plain(text, hands, commands) {
  if (!commands) return text ? [text] : [];
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(COMMAND)) {
    const begin = found.index + found[1].length;
    nodes.push(text.slice(at, begin));
    nodes.push(tappable(el("span", { class: "command" }, found[2]), "button", () => hands.command(found[2])));
    at = begin + found[2].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

function wrapped(entity, text, inside, hands) {
  switch (entity.type) {
    case "code":
    case "pre":
      return tappable(
        el(entity.type, { class: "copies", title: "Tap to copy", "aria-description": "Copies itself" }, inside),
        "button",
        () => hands.copy(text),
      );
    case "spoiler":
      return spoiler(inside);
    case "blockquote":
      return el("blockquote", {}, inside);
    case "expandable_blockquote":
      return expandable(inside);
    case "text_link":
      return LINK.test(entity.url) || !entity.url.includes(":")
        ? el("a", { href: LINK.test(entity.url) ? entity.url : `https://${entity.url}`, target: "_blank", rel: "noreferrer" }, inside)
        : el("span", {}, inside);
    case "date_time":
      return el(
        "time",
        { datetime: new Date(entity.unix_time * 1000).toISOString(), title: stamp(new Date(entity.unix_time * 1000)) },
        formatted(entity.unix_time, entity.date_time_format, text),
      );
    case "bot_command":
      return tappable(el("span", { class: "command" }, text), "button", () => hands.command(text));
    default:
      return el(SIMPLE[entity.type] ?? "span", {}, inside);
  }
}

function spoiler(inside) {
  const hidden = el("span", { class: "hidden-text", "aria-hidden": "true" }, inside);
  const node = el("span", { class: "spoiler", "aria-label": "Hidden text: show it" }, hidden);
  const show = () => {
    node.classList.add("shown");
    hidden.removeAttribute("aria-hidden");
    for (const name of ["aria-label", "role", "tabindex"]) node.removeAttribute(name);
  };
  return tappable(node, "button", show);
}

function expandable(inside) {
  const body = el("span", { class: "quoted" }, inside);
  const node = el("blockquote", { class: "expandable" }, body);
  const toggle = el("button", { type: "button", class: "more", "aria-expanded": "false", "aria-label": "Show the whole quote" }, "⌄");
  toggle.addEventListener("click", () => {
    const open = node.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  });
  node.append(toggle);
  return node;
}
