// Measures the deck beside the same slides as reveal.js's client-side Markdown,
// in one run, in turns: node tests/bench/deck.mjs [ROUNDS]
//
// It prints the lines of docs/measurements.md. It needs ./setup.sh test to have
// been run. Slidev is not measured: it asks for Node 22.12, the deck for Node 20.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { launch } from "../browser/browser.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const stage = path.join(root, ".venv/bin/stage");
const rounds = Number(process.argv[2] ?? 9);
const temporary = mkdtempSync(path.join(tmpdir(), "deck-bench-"));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const row = (...cells) => console.log(`| ${cells.join(" | ")} |`);

try {
  // The aims were set on about 40 slides: the first three sections have 48. All
  // sections add the same text to both sides, so the ratio of bytes grows.
  const few = repository(sectionFiles().slice(0, 3));
  await pages(few, "0.10");
  await pages(repository(sectionFiles()), "");
  row("what", "CPU seconds", "the aim");
  row("---", "---", "---");
  builds();
} finally {
  rmSync(temporary, { recursive: true });
}

/** The same slides in both, loaded over HTTP, compressed, with an empty cache. */
async function pages(clone, bytesAim) {
  const ours = path.join(clone, "ours");
  const theirs = path.join(clone, "theirs");
  execFileSync(stage, ["deck", "build", "--out", ours], { cwd: clone });
  clientSide(theirs, readdirSync(path.join(clone, "slides")).filter(isSection));
  const browser = await launch();
  const found = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, dir] of [["ours", ours], ["theirs", theirs]]) found[name].push(await load(browser, dir));
  }
  await browser.close();
  const slides = new Set([...found.ours, ...found.theirs].map((one) => one.slides));
  if (slides.size !== 1) throw new Error(`not the same slides: ${[...slides].join(" and ")}`);
  const of = (name, key) => median(found[name].map((one) => one[key]));
  const ratio = (key) => median(found.ours.map((one, index) => one[key] / found.theirs[index][key]));
  row("what", "ours", "client-side Markdown", "ours over theirs", "the aim");
  row("---", "---", "---", "---", "---");
  for (const [what, key, unit, aim] of [
    ["bytes loaded, gzip -9", "bytes", 0, bytesAim],
    ["requests", "requests", 0, ""],
    ["ready, ms after the first byte was asked for", "ready", 0, "0.50"],
    ["key to the second frame after it, ms", "frame", 1, "1.00"],
  ]) {
    row(what, of("ours", key).toFixed(unit), of("theirs", key).toFixed(unit), ratio(key).toFixed(3), aim);
  }
  console.log(`\n${[...slides][0]} slides, medians of ${rounds} rounds, ratios of pairs.\n`);
}

/** reveal.js as its documentation starts it: Markdown plugin, highlight plugin, a theme. */
function clientSide(folder, files) {
  const reveal = path.join(root, "slides/node_modules/reveal.js/dist");
  mkdirSync(path.join(folder, "plugin"), { recursive: true });
  for (const name of ["reveal.js", "reveal.css", "reset.css", "theme/black.css"]) {
    cpSync(path.join(reveal, name), path.join(folder, path.basename(name)));
  }
  for (const name of ["markdown.js", "highlight.js", "notes.js", "search.js"]) {
    cpSync(path.join(reveal, "plugin", name), path.join(folder, name));
  }
  const monokai = path.join(reveal, "plugin/highlight/monokai.css");
  cpSync(monokai, path.join(folder, "monokai.css"));
  const sections = [];
  for (const name of files) {
    writeFileSync(path.join(folder, name), markdown(readFileSync(path.join(root, "slides", name), "utf8")));
    sections.push(
      `<section data-markdown="${name}" data-separator="^=====$" data-separator-notes="^Note:$"></section>`,
    );
  }
  const styles = ["reset.css", "reveal.css", "black.css", "monokai.css"];
  const scripts = ["reveal.js", "notes.js", "search.js", "markdown.js", "highlight.js"];
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,">
${styles.map((name) => `<link rel="stylesheet" href="${name}">`).join("\n")}</head><body>
<div class="reveal"><div class="slides">${sections.join("\n")}</div></div>
${scripts.map((name) => `<script src="${name}"></script>`).join("\n")}
<script>Reveal.initialize({ hash: true, transition: "none", width: 1280, height: 720,
plugins: [RevealMarkdown, RevealHighlight, RevealNotes, RevealSearch] });</script></body></html>`;
  writeFileSync(path.join(folder, "index.html"), html);
}

function isSection(name) {
  return /^\d\d-.*\.md$/.test(name);
}

function sectionFiles() {
  return readdirSync(path.join(root, "slides")).filter(isSection);
}

/** A clone whose deck has these sections, as they stand in the work tree, and reveal.js. */
function repository(files) {
  const clone = mkdtempSync(path.join(temporary, "clone-"));
  execFileSync("git", ["clone", "-q", root, clone]);
  const modules = path.join(clone, "slides/node_modules/reveal.js");
  cpSync(path.join(root, "slides/node_modules/reveal.js/dist"), path.join(modules, "dist"), { recursive: true });
  for (const name of sectionFiles().filter((one) => !files.includes(one))) {
    rmSync(path.join(clone, "slides", name), { force: true });
    const stem = name.replace(/\.md$/, "");
    for (const room of ["solutions", "slides/steps", "tests/wrong"]) {
      rmSync(path.join(clone, room, stem), { recursive: true, force: true });
    }
  }
  for (const name of files) cpSync(path.join(root, "slides", name), path.join(clone, "slides", name));
  return clone;
}

/** Our Markdown in the dialect of reveal.js's plugin. */
function markdown(text) {
  const body = text.replace(/^---\n[\s\S]*?\n---\n/, "");
  return body
    .split(/\n---\n\n(?=<!-- slide)/)
    .map((slide) =>
      slide
        .replace(/<!-- slide[^>]*-->\n/, "")
        .replace(/^```(\w+).*$/gm, "```$1")
        .replace(/<details><summary>Speaker notes<\/summary>([\s\S]*?)<\/details>/, "Note:\n$1"),
    )
    .join("\n\n=====\n\n");
}

async function load(browser, dir) {
  let bytes = 0;
  let requests = 0;
  const server = createServer((request, response) => {
    const name = path.join(dir, decodeURIComponent(request.url.replace(/\?.*$/, "").replace(/\/$/, "/index.html")));
    if (!existsSync(name)) return response.writeHead(404).end();
    const body = gzipSync(readFileSync(name), { level: 9 });
    bytes += body.length;
    requests += 1;
    const type = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
    response.writeHead(200, {
      "content-type": `${type[path.extname(name)] ?? "text/plain"}; charset=utf-8`,
      "content-encoding": "gzip",
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const wait = () => (globalThis.Reveal?.isReady?.() ? (globalThis.readyAt = performance.now()) : requestAnimationFrame(wait));
    wait();
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.readyAt);
  const measured = await page.evaluate(async () => {
    const times = [];
    const frame = () => new Promise(requestAnimationFrame);
    const leaf = (slide) => !slide.matches(".stack");
    const slides = [...document.querySelectorAll(".slides section")].filter(leaf).filter((s) => s.querySelector("h2"));
    for (let turn = 0; turn < 30; turn += 1) {
      await frame();
      const start = performance.now();
      // 78 is `n`, the next slide in both.
      document.dispatchEvent(new KeyboardEvent("keydown", { keyCode: 78, key: "n", bubbles: true }));
      await frame();
      await frame();
      times.push(performance.now() - start);
    }
    return { ready: globalThis.readyAt, slides: slides.length, frame: times.toSorted((a, b) => a - b)[15] };
  });
  await context.close();
  await new Promise((resolve) => server.close(resolve));
  return { ...measured, bytes, requests };
}

/** What `stage deck build` costs with 200 slides, and after an edit of one. */
function builds() {
  const clone = repository(sectionFiles());
  const last = path.join(clone, "slides", sectionFiles().at(-1));
  const text = readFileSync(last, "utf8");
  const slides = text.split(/\n---\n\n(?=<!-- slide)/).slice(1);
  const have = sectionFiles().flatMap((name) => readFileSync(path.join(root, "slides", name), "utf8").match(/<!-- slide/g));
  const more = Array.from({ length: 200 - have.length }, (_, index) =>
    slides[index % slides.length].trimEnd().replace(/ id=/, ` id=copy-${index}-`),
  );
  writeFileSync(last, `${[text.trimEnd(), ...more].join("\n\n---\n\n")}\n`);
  // bash's own clock counts what its children used.
  const build = () => {
    const script = `TIMEFORMAT='%U %S'; time "${stage}" deck build >out.txt`;
    const words = execFileSync("bash", ["-c", `{ ${script}; } 2>&1`], { cwd: clone, encoding: "utf8" });
    return words.trim().split(/\s+/).map(Number).reduce((a, b) => a + b);
  };
  const fresh = [];
  const edited = [];
  for (let round = 0; round < rounds; round += 1) {
    rmSync(path.join(clone, "deck"), { recursive: true, force: true });
    rmSync(path.join(clone, ".stage"), { recursive: true, force: true });
    fresh.push(build());
    writeFileSync(last, readFileSync(last, "utf8").replace("Dwight", "Dwight, again,"));
    edited.push(build());
  }
  if (!readFileSync(path.join(clone, "out.txt"), "utf8").startsWith("200 slides")) throw new Error("not 200 slides");
  row(`\`stage deck build\` of 200 slides (median of ${rounds})`, median(fresh).toFixed(2), "2");
  row(`\`stage deck build\` after an edit of one of them (median of ${rounds})`, median(edited).toFixed(2), "0.3");
}
