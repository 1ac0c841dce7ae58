// Reads the pages of a PDF that Chromium printed: each page's text and links.
// It knows what Skia writes (plain objects, deflated streams, fonts with a
// ToUnicode map) and is no reader of other PDFs.

import { inflateSync } from "node:zlib";

/** The pages, in order: `{ width, height, text, links }`, sizes in CSS pixels. */
export function pdfPages(bytes) {
  const objects = readObjects(bytes);
  const get = (reference) => objects.get(Number(reference));
  const root = [...objects.values()].find(({ head }) => /\/Type\s*\/Catalog/.test(head));
  const leaves = (number) => {
    const { head } = get(number);
    const kids = /\/Kids\s*\[([^\]]*)\]/.exec(head);
    if (!kids) return [head];
    return references(kids[1]).flatMap(leaves);
  };
  const fonts = new Map();
  const fontNamed = (resources, name) => {
    const found = new RegExp(`/${name}\\s+(\\d+) 0 R`).exec(resources);
    if (!found) return undefined;
    const map = /\/ToUnicode (\d+) 0 R/.exec(get(found[1]).head);
    if (!map) return undefined;
    if (!fonts.has(map[1])) fonts.set(map[1], toUnicode(get(map[1]).stream()));
    return fonts.get(map[1]);
  };
  return leaves(/\/Pages (\d+) 0 R/.exec(root.head)[1]).map((head) => {
    const [, , width, height] = /\/MediaBox\s*\[([^\]]*)\]/.exec(head)[1].trim().split(/\s+/).map(Number);
    const drawn = references(/\/Contents\s*(\[[^\]]*\]|\d+ 0 R)/.exec(head)[1]);
    const named = /\/Annots\s*(\[[^\]]*\]|\d+ 0 R)/.exec(head);
    const notes = named ? references(named[1]).map((note) => get(note).head) : [];
    return {
      width: (width * 96) / 72,
      height: (height * 96) / 72,
      text: drawn.map((number) => words(get(number).stream(), (name) => fontNamed(head, name))).join(""),
      links: notes.flatMap((note) => /\/URI \(([^)]*)\)/.exec(note)?.[1] ?? []),
    };
  });
}

function readObjects(bytes) {
  const text = bytes.toString("latin1");
  const objects = new Map();
  const begins = /(?:^|\n)(\d+) 0 obj\s/g;
  for (let found = begins.exec(text); found; found = begins.exec(text)) {
    const start = found.index + found[0].length;
    const end = text.indexOf("endobj", start);
    const body = text.slice(start, end);
    const at = /stream\r?\n/.exec(body);
    const head = at ? body.slice(0, at.index) : body;
    const data = at ? start + at.index + at[0].length : 0;
    const size = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    if (at) begins.lastIndex = data + size;
    const stream = () => {
      const raw = bytes.subarray(data, data + size);
      return (/FlateDecode/.test(head) ? inflateSync(raw) : raw).toString("latin1");
    };
    objects.set(Number(found[1]), { head, stream });
  }
  return objects;
}

const references = (text) => [...text.matchAll(/(\d+) 0 R/g)].map((found) => Number(found[1]));

/** Glyph to text, from a ToUnicode map. */
function toUnicode(map) {
  const glyphs = new Map();
  const decode = (hex) => Buffer.from(hex, "hex").swap16().toString("utf16le");
  for (const [, block] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, from, to] of block.matchAll(/<(\w+)>\s*<(\w+)>/g)) glyphs.set(parseInt(from, 16), decode(to));
  }
  for (const [, block] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, first, last, to] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const start = parseInt(first, 16);
      for (let glyph = start; glyph <= parseInt(last, 16); glyph += 1) {
        glyphs.set(glyph, String.fromCodePoint(parseInt(to, 16) + glyph - start));
      }
    }
  }
  return glyphs;
}

/** What a page's drawing commands write. */
function words(drawing, fontNamed) {
  let font;
  let text = "";
  for (const [, name, hex] of drawing.matchAll(/\/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
    if (name) font = fontNamed(name);
    else for (const glyph of hex.match(/.{4}/g) ?? []) text += font?.get(parseInt(glyph, 16)) ?? "";
  }
  return text;
}
