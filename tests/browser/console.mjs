// The console: the way through it, and each of its areas.

import { areas, signIn } from "./areas.mjs";

/// The main ways without scripts.
async function withoutScripts(visit, server) {
  const { page } = visit;
  await page.goto(server.signIn());
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.goto(visit.base + "/console/new-form");
  await page.getByLabel("Name", { exact: true }).fill("Without scripts");
  await page.getByRole("button", { name: "Add an item" }).click();
  await page.getByLabel("Question").fill("Who");
  await page.getByLabel("Question").press("Enter");
  visit.expect((await page.getByLabel("Question").inputValue()) === "Who", "Enter stores nothing and loses nothing");
  await page.getByRole("button", { name: "Save the form" }).click();
  await page.getByText("Nothing was found.").waitFor();
  await page.goto(visit.base + "/console/forms/7/exports");
  await page.getByLabel("Format").selectOption("xlsx");
  await page.getByRole("button", { name: "See what it comes to" }).click();
  await page.getByText(/^\d+ submissions?, about/).waitFor();
  await page.getByRole("button", { name: "Start the export" }).click();
  // The page looks again by itself.
  await page.getByRole("link", { name: /Download .*xlsx/ }).waitFor();
}

async function through(visit, server) {
  const { page } = visit;
  await visit.go("/");
  await visit.go(new URL(server.signIn()).pathname);
  await signIn(visit, server);
  await visit.look("forms");
  await page.getByRole("link", { name: "Every kind", exact: true }).click();
  await page.getByRole("heading", { name: "Every kind" }).waitFor();
  await visit.look("submissions");
  const first = page.locator("tbody a.goes").first();
  await page.keyboard.press("j");
  visit.expect(await first.evaluate((link) => link === document.activeElement), "j goes to the first line");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Edit", exact: true }).waitFor();
  await visit.look("one submission");
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Story").fill("told otherwise");
  await visit.look("edit");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("told otherwise").waitFor();
  await page.getByRole("link", { name: "Submissions" }).click();
  await page.getByLabel("Search all texts").fill("told otherwise");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("1–1 of 1.").waitFor();
  await page.getByRole("link", { name: "Summary" }).click();
  await page.getByRole("heading", { name: "Submissions by day" }).waitFor();
  const lines = await page.locator(".spread .number").evaluateAll((cells) => {
    const linesOf = (cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size;
    };
    return Math.max(...cells.map((cell) => ((cell.textContent = "12,345,678"), linesOf(cell))));
  });
  visit.expect(lines === 1, "a number is on one line, however large");
  await visit.look("summary");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are not signed in").waitFor();
}

export function* consoleTests(sizes) {
  for (const [size, options] of Object.entries(sizes)) {
    yield { name: `the console, on a ${size}`, options, run: through };
    yield { name: `the console, on a ${size}, in the dark`, options: { ...options, colorScheme: "dark" }, run: through };
    yield { name: `the console without scripts, on a ${size}`, options: { ...options, javaScriptEnabled: false }, run: withoutScripts };
  }
  for (const [area, run] of Object.entries(areas)) {
    yield { name: `the console's ${area}, on a desk`, options: sizes.desk, run };
    yield { name: `the console's ${area}, on a phone, in the dark`, options: { ...sizes.phone, colorScheme: "dark" }, run };
  }
}
