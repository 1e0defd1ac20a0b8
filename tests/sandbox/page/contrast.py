"""How well text stands out from what is behind it, measured in the browser (WCAG 2.2, success criterion 1.4.3)."""

from playwright.async_api import Page as Tab

# Colours are read back from a canvas, so that whatever CSS wrote (light-dark(), color-mix()) has become red,
# green, blue and alpha. Layers are laid over each other from the page's ground up, also where several are half
# transparent.
_MEASURE = """() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const read = new Map();
  const rgba = (colour) => {
    if (!read.has(colour)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
      read.set(colour, [r, g, b, a / 255]);
    }
    return read.get(colour);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];
  const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const chain = (element) => {
    const all = [];
    for (let each = element; each; each = each.parentElement) all.push(each);
    return all;
  };
  const canvas = getComputedStyle(document.documentElement).colorScheme.includes("light")
    && !matchMedia("(prefers-color-scheme: dark)").matches ? [255, 255, 255] : [18, 18, 18];
  // What is painted behind a point: the elements under it, those that lie outside of the text's own ancestors too.
  const behind = (element, x, y) => {
    const under = document.elementsFromPoint(x, y);
    const from = under.indexOf(element);
    const layers = from < 0 ? chain(element) : under.slice(from);
    let ground = canvas;
    for (const layer of layers.reverse()) ground = over(rgba(getComputedStyle(layer).backgroundColor), ground);
    return ground;
  };
  const told = [];
  const named = (element) => {
    const id = element.closest("[id]")?.id;
    const classes = [...element.classList].map((one) => `.${one}`);
    return [id ? `#${id} ` : "", element.tagName.toLowerCase(), ...classes].join("");
  };
  const measure = (element, style, box, text) => {
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
    const ground = behind(element, x, y);
    const opacity = chain(element).reduce((product, each) => product * Number(getComputedStyle(each).opacity), 1);
    const [r, g, b, a] = rgba(style.color);
    if (a === 0) return;  // not there to be read: a sign stands in its place
    const ink = over([r, g, b, a * opacity], ground);
    const [dark, bright] = [light(ink), light(ground)].sort((one, other) => one - other);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    told.push({
      text: text.trim().slice(0, 60),
      where: named(element),
      ratio: (bright + 0.05) / (dark + 0.05),
      least: large ? 3 : 4.5,
      colours: `${ink.map(Math.round)} on ${ground.map(Math.round)}`,
    });
  };
  const seen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !element.closest(":disabled, .unseen, [aria-hidden=true]");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !seen(element) || /^(SCRIPT|STYLE|NOSCRIPT|OPTION)$/.test(element.tagName)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = [...range.getClientRects()].find((one) => one.width > 1 && one.height > 1);
    if (box) measure(element, getComputedStyle(element), box, node.data);
  }
  for (const field of document.querySelectorAll("input, textarea")) {
    if (!seen(field) || !field.placeholder || field.value) continue;
    measure(field, getComputedStyle(field, "::placeholder"), field.getBoundingClientRect(), field.placeholder);
  }
  return told;
}"""


async def too_faint(tab: Tab) -> list[str]:
    """A line for each visible text whose contrast is below 4.5:1, or 3:1 for large text. Disabled controls are exempt.

    Raises:
        AssertionError: there was no text to measure.
    """
    told = await tab.evaluate(_MEASURE)
    assert told, "there is no text on the page"
    return sorted(
        {
            f"{one['where']} “{one['text']}”: {one['ratio']:.2f} < {one['least']} ({one['colours']})"
            for one in told
            if one["ratio"] < one["least"]
        }
    )
