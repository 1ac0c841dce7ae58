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
    page.on("requestfailed", (request) => {
      if (!isLetGo(request)) trouble.push(`failed: ${request.url()}`);
    });
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

/** Whether a page that was left or reloaded let go of what was on its way, such as the picture on its tab. */
export const isLetGo = (request) => request.failure()?.errorText === "net::ERR_ABORTED";

/** Walks the deck, or its slides that have such a part, and returns what `look` finds on each, as sentences. */
async function onEverySlide(page, look, part) {
  return sentences(await lookAtEverySlide(page, { look }, part), "look");
}

/** Walks the deck once for several looks, by name: for each slide its id and what each look returns. */
export async function lookAtEverySlide(page, looks, part = "*") {
  const slides = [];
  for (const id of await slideIds(page)) {
    const isAsked = await page.evaluate(
      ([slide, selector]) => {
        const found = document.getElementById(slide);
        if (!found.querySelector(selector)) return false;
        Reveal.slide(Reveal.getSlides().indexOf(found));
        return true;
      },
      [id, part],
    );
    if (!isAsked) continue;
    const slide = { id };
    for (const [name, look] of Object.entries(looks)) slide[name] = await page.evaluate(look);
    slides.push(slide);
  }
  return slides;
}

/** What the look of that name found wrong, each with its slide's id in front. */
export const sentences = (slides, name) =>
  slides.flatMap((slide) => slide[name].map((fault) => `${slide.id}: ${fault}`));
