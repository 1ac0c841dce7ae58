// What the tests and the screenshots share: the browser, the built deck, a server.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const slides = path.resolve(here, "../../slides");

/** The folder of the built deck, from the environment variable DECK_DIR. */
export function deckDir() {
  const dir = path.resolve(process.env.DECK_DIR ?? "deck");
  if (existsSync(path.join(dir, "index.html"))) return dir;
  throw new Error(
    `cannot open the deck\n  in \`${dir}\`: no index.html\n` +
      "  build it with `stage deck build --out FOLDER` and set DECK_DIR=FOLDER",
  );
}

/** A headless Chromium of the system: CHROMIUM, or the first one on PATH. */
export async function launch() {
  // Chromium refuses its sandbox to root, and a container's /dev/shm is small.
  const args = process.getuid?.() === 0 ? ["--no-sandbox", "--disable-dev-shm-usage"] : [];
  return playwright().chromium.launch({ executablePath: findChromium(), args });
}

/** Waits until the deck stands and returns the ids of its slides, in order. */
export async function slideIds(page) {
  await page.waitForFunction(() => globalThis.Reveal?.isReady());
  return page.evaluate(() => Reveal.getSlides().map((slide) => slide.id));
}

/** Serves a folder on loopback, as any file server would, until closed. */
export async function serve(dir, headers = {}) {
  const server = createServer(async (request, response) => {
    const asked = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const file = path.join(dir, asked.endsWith("/") ? `${asked}index.html` : asked);
    try {
      const bytes = await readFile(file);
      const type = TYPES[path.extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, ...headers }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

function playwright() {
  return required("playwright-core");
}

/** Where the rules of axe stand, to be put into a page. */
export const axePath = () => createRequire(path.join(slides, "package.json")).resolve("axe-core/axe.min.js");

function required(name) {
  try {
    return createRequire(path.join(slides, "package.json"))(name);
  } catch (error) {
    throw new Error(
      `cannot load \`${name}\`\n  in \`${slides}\`: ${error.code ?? error.message}\n` +
        "  install it with `npm ci` in that folder",
    );
  }
}

function findChromium() {
  const asked = process.env.CHROMIUM;
  if (asked) {
    if (existsSync(asked)) return asked;
    throw new Error(`cannot start a browser\n  CHROMIUM is \`${asked}\`: no such file`);
  }
  const names = ["chromium", "chromium-browser", "google-chrome"];
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(folder, name);
      if (existsSync(file)) return file;
    }
  }
  throw new Error(
    `cannot find a browser\n  looked for ${names.join(", ")} on PATH\n` +
      "  install one, on Debian with `apt-get install chromium`, or set CHROMIUM to its path",
  );
}
