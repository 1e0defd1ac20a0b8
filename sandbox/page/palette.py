"""Small PNG files: a picture of at most 256 colours, as screenshots of a plain page nearly are."""

import base64
import struct
import zlib

from playwright.async_api import Browser

# The most frequent 256 colours stay; the others (edges of letters) become the nearest of them.
_REDUCE = """async (source) => {
  const picture = await createImageBitmap(await (await fetch(source)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  const seen = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    seen.set(colour, (seen.get(colour) ?? 0) + 1);
  }
  const palette = [...seen].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const away = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  const index = new Map(palette.map((colour, at) => [colour, at]));
  for (const colour of seen.keys()) {
    if (index.has(colour)) continue;
    let best = 0;
    for (let at = 1; at < palette.length; at += 1) {
      if (away(colour, palette[at]) < away(colour, palette[best])) best = at;
    }
    index.set(colour, best);
  }
  let pixels = "";
  for (let i = 0; i < data.length; i += 4) {
    pixels += String.fromCharCode(index.get((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]));
  }
  return { width: picture.width, height: picture.height, palette, pixels: btoa(pixels) };
}"""  # noqa: E501 -- one distance on one line


async def reduced(opened: Browser, png: bytes) -> bytes:
    """The picture with a palette, as PNG (colour type 3, RFC 2083 section 4.1.1)."""
    tab = await opened.new_page()
    try:
        picture = await tab.evaluate(_REDUCE, f"data:image/png;base64,{base64.b64encode(png).decode()}")
    finally:
        await tab.close()
    width, height = picture["width"], picture["height"]
    pixels = base64.b64decode(picture["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, width * height, width))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(colour.to_bytes(3, "big") for colour in picture["palette"])),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
