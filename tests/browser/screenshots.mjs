// Takes a picture of every slide: DECK_DIR=deck OUT=pictures node screenshots.mjs
// SCHEME=dark takes the dark ones.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { deckDir, launch, slideIds } from "./browser.mjs";

const dir = deckDir();
const out = process.env.OUT;
if (!out) throw new Error("OUT is not set: say which folder the pictures go to");
await mkdir(out, { recursive: true });

const browser = await launch();
const page = await browser.newPage({
  viewport: { width: 1280, height: 720 },
  colorScheme: process.env.SCHEME === "dark" ? "dark" : "light",
});
await page.goto(pathToFileURL(path.join(dir, "index.html")).href);
const ids = await slideIds(page);
for (const [index, id] of ids.entries()) {
  await page.evaluate((slide) => Reveal.slide(slide), index);
  const number = String(index + 1).padStart(2, "0");
  await page.screenshot({ path: path.join(out, `${number}-${id}.png`) });
}
await browser.close();
console.log(`${ids.length} pictures in ${out}`);
