// A phone's browser: an address, a certificate to show, and what really came back.

import { act } from "./api.js";
import { el } from "./dom.js";
import { day } from "./time.js";

export class Browser {
  #id;
  #chosen = "";
  #installed = "";
  #hosts = "";

  constructor(id) {
    this.#id = id;
    this.address = el("input", { type: "text", inputmode: "url", "aria-label": "Address", spellcheck: "false", autocomplete: "off", value: "https://", "data-home": "" });
    this.hosts = el("ul", { class: "hosts" });
    this.certificates = el("div", { class: "choices" });
    this.verdict = el("div", { class: "verdict", role: "status" });
    this.came = el("div", { class: "came" });
    const form = el("form", { class: "address", onsubmit: (event) => { event.preventDefault(); this.#open(); } }, this.address, el("button", { type: "submit", class: "primary" }, "Open"));
    this.node = el(
      "div",
      { class: "browser" },
      form,
      el("nav", { "aria-label": "Addresses of this home" }, this.hosts),
      el("fieldset", {}, el("legend", {}, "Certificate to show when asked"), this.certificates),
      this.verdict,
      this.came,
    );
  }

  showHosts(hosts) {
    if (this.#hosts === JSON.stringify(hosts)) return;
    this.#hosts = JSON.stringify(hosts);
    if (hosts.length && this.address.value === "https://") this.address.value = `https://${hosts[0]}/`;
    this.hosts.replaceChildren(...hosts.map((host) =>
      el("li", {}, el("button", { type: "button", class: "quiet", onclick: () => { this.address.value = `https://${host}/`; this.#open(); } }, host))));
  }

  showCertificates(installed) {
    if (this.#installed === JSON.stringify(installed) && this.certificates.childElementCount) return;
    this.#installed = JSON.stringify(installed);
    const choice = (key, name, about) => {
      const radio = el("input", { type: "radio", name: `certificate-${this.#id}`, value: key, onchange: () => { this.#chosen = key; } });
      radio.checked = key === this.#chosen;
      return el("label", {}, radio, el("span", {}, name), about ? el("small", {}, about) : null);
    };
    this.certificates.replaceChildren(
      choice("", "None", installed.length ? "" : "none is installed on this phone yet"),
      ...installed.map((each) => choice(each.key, each.name, `until ${day(new Date(each.expires))}`)),
    );
  }

  async #open() {
    this.verdict.replaceChildren(el("p", { class: "waiting" }, "Opening…"));
    this.came.replaceChildren();
    const came = await act(`phones/${this.#id}/visit`, { url: this.address.value.trim(), key: this.#chosen });
    this.verdict.replaceChildren(...verdict(came));
    if (came.body !== undefined) {
      this.came.replaceChildren(el("iframe", { sandbox: "", title: `What ${came.url} showed`, tabindex: "-1", srcdoc: page(came) }));
    }
  }
}

function verdict(came) {
  if (came.refused) return [el("p", { class: "outcome stopped" }, came.refused)];
  if (came.failed) return [el("p", { class: "outcome stopped" }, came.failed)];
  const edge = came.server === "cloudflare";
  const good = came.status < 400;
  const words = edge ? "Cloudflare stopped it. Nothing reached the house." : good ? "Let in: the service answered." : "Let in; the service has no such page.";
  const shown = came.certificate
    ? came.asked ? `Asked for a certificate; ${came.certificate} was shown.` : "No certificate was asked for."
    : came.asked ? "Asked for a certificate; none was shown." : "No certificate was asked for.";
  return [
    el("p", { class: `outcome ${edge ? "stopped" : "passed"}` }, el("b", { class: "status" }, String(came.status)), words),
    el("p", { class: "shown" }, shown),
  ];
}

// The answer goes into a frame without scripts and without this page's origin; only its look is ours.
function page(came) {
  const style = `<link rel="stylesheet" href="${location.origin}/static/visited.css">`;
  if (came.type.startsWith("text/html")) return `${came.body}${style}`;
  const text = new Option(came.body).innerHTML;
  return `${style}<pre>${text}</pre>`;
}
