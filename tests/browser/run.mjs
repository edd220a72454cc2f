// Looks at every page with a real browser, as people do: on a desk and on a phone, in light and dark, with and without
// scripts. Fails where a page reports an error, asks another host for anything, or is hard to use (axe: serious and worse).
//
// PROGRAM is the program to look at, CHROMIUM the browser, ONLY what is in the names of the tests that run. It ends by itself, and ends what it started.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { startServer } from "./server.mjs";
import { consoleTests } from "./console.mjs";
import { formTests } from "./forms.mjs";

const LIMIT_MS = 240_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];
export const SIZES = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

let visitors = 0;

/// A browser's window, and all that goes wrong in it.
class Visit {
  static async open(browser, { base, hostBase }, options) {
    const allowed = [base, hostBase];
    // Each visitor has an address, as behind a proxy: what comes from one is limited.
    const extraHTTPHeaders = { "x-forwarded-for": `198.51.100.${(visitors += 1)}` };
    const context = await browser.newContext({ ...options, extraHTTPHeaders });
    context.setDefaultTimeout(15_000);
    const visit = new Visit();
    Object.assign(visit, { base, context, wrong: [], page: await context.newPage() });
    visit.page.on("console", (message) => {
      // What the tests provoke: a page that says that something is missing is answered with 422.
      const isProvoked = message.text().includes("the server responded with a status of 4");
      if (message.type() === "error" && !isProvoked) visit.wrong.push(`console: ${message.text()}`);
    });
    visit.page.on("pageerror", (error) => visit.wrong.push(`script: ${error.message}`));
    visit.page.on("request", (request) => {
      const url = request.url();
      const isOurs = allowed.some((start) => url.startsWith(start)) || url.startsWith("data:") || url.startsWith("about:") || url.startsWith("blob:");
      if (!isOurs) visit.wrong.push(`another host was asked: ${url}`);
    });
    return visit;
  }

  /// Goes to a path and looks at the page.
  async go(path) {
    await this.page.goto(this.base + path);
    await this.look(path);
  }

  /// Asks axe about the page as it is.
  async look(name) {
    await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(() => axe.run(document, { iframes: false }));
    for (const { impact, id, help, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      this.wrong.push(`${name}: ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
    }
    const sideways = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (sideways > 1) this.wrong.push(`${name}: the page is ${sideways} pixels too wide`);
  }

  expect(isTrue, what) {
    if (!isTrue) this.wrong.push(what);
  }

  async close(name) {
    await this.context.close();
    if (this.wrong.length) throw new Error(`${name}\n  ${this.wrong.join("\n  ")}`);
  }
}

async function main() {
  const server = await startServer();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  const failed = [];
  try {
    const wanted = ({ name }) => name.includes(process.env.ONLY ?? "");
    for (const { name, options, run } of [...formTests(SIZES), ...consoleTests(SIZES)].filter(wanted)) {
      const visit = await Visit.open(browser, server, options);
      const begun = Date.now();
      try {
        await run(visit, server);
        await visit.close(name);
        console.log(`ok   ${name} (${Date.now() - begun} ms)`);
      } catch (error) {
        failed.push(name);
        console.log(`FAIL ${name}: ${error.message}`);
        visit.wrong.forEach((line) => console.log(`  ${line}`));
      }
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  console.log(failed.length ? `${failed.length} failed` : "all passed");
  process.exit(failed.length ? 1 : 0);
}

setTimeout(() => {
  console.log(`not done after ${LIMIT_MS} ms`);
  process.exit(1);
}, LIMIT_MS);
await main();
