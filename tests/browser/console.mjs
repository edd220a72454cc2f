// The console: every page, and the way through it.

async function signIn(visit, server) {
  await visit.page.goto(server.signIn());
  await visit.look("sign in");
  await visit.page.getByRole("button", { name: "Sign in" }).click();
  await visit.page.getByRole("heading", { name: "Forms" }).waitFor();
}

/// Chooses an export, sees what it comes to, and downloads it.
async function exported(visit) {
  const { page } = visit;
  await page.getByRole("navigation", { name: "Every kind" }).getByRole("link", { name: "Exports" }).click();
  await page.getByText(/^\d+ submissions?, about .* bytes/).waitFor();
  await page.getByLabel("Format").selectOption("json");
  await page.getByText("Columns", { exact: true }).first().click();
  await page.getByRole("checkbox", { name: "Story" }).check();
  await page.getByText("Columns: are not for this format").waitFor();
  await page.getByRole("checkbox", { name: "Story" }).uncheck();
  await page.getByText(/^\d+ submissions?, about/).waitFor();
  await visit.look("choosing an export");
  await page.getByRole("button", { name: "Start the export" }).click();
  const link = page.getByRole("link", { name: /Download .*zip/ });
  await link.waitFor();
  await visit.look("export");
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  visit.expect(download.suggestedFilename().endsWith(".zip"), "the file is a ZIP file");
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Exports" }).click();
  await page.getByRole("cell", { name: "completed" }).first().waitFor();
  await visit.look("all exports");
  await page.locator("tbody a.goes").first().click();
  await page.getByText("Delete it").first().click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByRole("heading", { name: "New export" }).waitFor();
}

/// The same without scripts.
async function exportedWithoutScripts(visit, server) {
  const { page } = visit;
  await page.goto(server.signIn());
  await page.getByRole("button", { name: "Sign in" }).click();
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
  await signIn(visit, server);
  await visit.look("forms");
  await page.getByRole("link", { name: "Every kind", exact: true }).click();
  await page.getByRole("heading", { name: "Every kind" }).waitFor();
  await visit.look("submissions");
  const first = page.locator("tbody a.goes").first();
  await page.keyboard.press("j");
  visit.expect(await first.evaluate((link) => link === document.activeElement), "j goes to the first line");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Edit" }).waitFor();
  await visit.look("one submission");
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Story").fill("told otherwise");
  await visit.look("edit");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("told otherwise").waitFor();
  await page.getByRole("link", { name: "Submissions" }).click();
  await page.getByLabel("Search all texts").fill("told otherwise");
  await page.getByRole("button", { name: "Show" }).click();
  await page.getByText("1–1 of 1.").waitFor();
  await page.getByRole("link", { name: "Summary" }).click();
  await page.getByRole("heading", { name: "Submissions by day, in UTC" }).waitFor();
  await visit.look("summary");
  await exported(visit);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are not signed in").waitFor();
}

export function* consoleTests(sizes) {
  for (const [size, options] of Object.entries(sizes)) {
    yield { name: `the console, on a ${size}`, options, run: through };
    yield { name: `the console, on a ${size}, in the dark`, options: { ...options, colorScheme: "dark" }, run: through };
    yield { name: `the console without scripts, on a ${size}`, options: { ...options, javaScriptEnabled: false }, run: exportedWithoutScripts };
  }
}
