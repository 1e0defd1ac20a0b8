// Building nodes. Strings become text nodes, never markup.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// Inline text that can be tapped. A button would not break over lines.
export function tappable(node, role, act) {
  node.setAttribute("role", role);
  node.tabIndex = 0;
  node.addEventListener("click", act);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act(event);
    }
  });
  return node;
}

// Tabs as the ARIA practices describe them: arrow keys move, one tab is in the tab order.
export function tabs(list, onselect) {
  const all = () => [...list.querySelectorAll('[role="tab"]')];
  const select = (tab, focus = false) => {
    for (const each of all()) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
    }
    if (focus) tab.focus();
    onselect(tab);
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) select(tab);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const there = all();
    const at = there.indexOf(document.activeElement);
    if (at < 0 || (!step && event.key !== "Home" && event.key !== "End")) return;
    event.preventDefault();
    const to = event.key === "Home" ? 0 : event.key === "End" ? there.length - 1 : (at + step + there.length) % there.length;
    select(there[to], true);
  });
  return select;
}

let lastCopied = "";
export const copied = () => lastCopied;

export async function copy(text) {
  lastCopied = text;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the right to the clipboard the page's own memory still serves "Paste".
  }
}
