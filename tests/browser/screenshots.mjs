// Takes pictures of the main pages, for the README: of the program PROGRAM with the data of its demo, into the folder PICTURES.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const MOST_BYTES = 150_000;
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
];

const folder = mkdtempSync(join(tmpdir(), "fillhouse-pictures-"));
const demo = spawn(process.env.PROGRAM, ["demo", "--data-dir", join(folder, "data"), "--listen", "127.0.0.1:0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const found = await new Promise((resolve, reject) => {
  const links = {};
  demo.once("exit", (code) => reject(new Error(`the demo ended with ${code}`)));
  createInterface(demo.stdout).on("line", (line) => {
    const address = line.match(/http:\/\/\S+/)?.[0];
    if (line.startsWith("The form is at")) links.form = address;
    if (line.startsWith("The console")) links.console = address;
    if (line.startsWith("Serving until")) resolve(links);
  });
});
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
let isTooLarge = false;
try {
  const context = await browser.newContext({ viewport: { width: 1000, height: 640 } });
  const page = await context.newPage();
  const take = async (name) => {
    const path = join(process.env.PICTURES, `${name}.png`);
    await page.screenshot({ path });
    const { size } = statSync(path);
    isTooLarge ||= size > MOST_BYTES;
    console.log(`${path}: ${size} bytes`);
  };
  await page.goto(found.console);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("tbody a.goes").first().click();
  await take("submissions");
  await page.getByRole("link", { name: "Summary" }).click();
  await page.getByRole("heading", { name: "Submissions by day" }).waitFor();
  await take("summary");
  await page.setViewportSize({ width: 420, height: 760 });
  await page.goto(found.form);
  await take("form");
} finally {
  await browser.close();
  const ended = new Promise((resolve) => demo.once("exit", resolve));
  demo.kill("SIGTERM");
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isTooLarge ? 1 : 0);
