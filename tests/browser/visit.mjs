// Opening the deck as somebody would, for all tests of the browser.

import path from "node:path";
import { after, before } from "node:test";
import { pathToFileURL } from "node:url";

import { deckDir, launch, serve, slideIds } from "./browser.mjs";

/** The browser, the deck's addresses and ways to open them, for one file of tests. */
export function visitor(headers = {}) {
  const dir = deckDir();
  const visit = { dir, file: pathToFileURL(path.join(dir, "index.html")).href, open, withPage, onEverySlide };
  let browser;
  let server;

  before(async () => {
    browser = await launch();
    server = await serve(dir, headers);
    visit.served = server.url;
    visit.browser = browser;
  });

  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens an address at the projector's size; `trouble` fills up by itself. */
  async function open(address, options = {}) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 720 },
      colorScheme: "light",
      ...options,
    });
    const page = await context.newPage();
    const trouble = [];
    const requested = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) trouble.push(message.text());
    });
    page.on("pageerror", (error) => trouble.push(String(error)));
    page.on("requestfailed", (request) => trouble.push(`failed: ${request.url()}`));
    page.on("response", (response) => {
      if (response.status() >= 400) trouble.push(`${response.status()}: ${response.url()}`);
    });
    page.on("request", (request) => requested.push(request.url()));
    await page.goto(address);
    return { page, trouble, requested, close: () => context.close() };
  }

  async function withPage(address, use, options) {
    const { page, close } = await open(address, options);
    const value = await use(page);
    await close();
    return value;
  }

  return visit;
}

/** Walks the deck and returns what `look` finds on each slide, as sentences. */
async function onEverySlide(page, look) {
  const found = [];
  for (const [index, id] of (await slideIds(page)).entries()) {
    await page.evaluate((slide) => Reveal.slide(slide), index);
    for (const fault of await page.evaluate(look)) found.push(`${id}: ${fault}`);
  }
  return found;
}
