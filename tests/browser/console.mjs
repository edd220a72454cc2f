// The console: every page, and the way through it.

async function signIn(visit, server) {
  await visit.page.goto(server.signIn());
  await visit.look("sign in");
  await visit.page.getByRole("button", { name: "Sign in" }).click();
  await visit.page.getByRole("heading", { name: "Forms" }).waitFor();
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
  await page.getByRole("button", { name: "Export as CSV" }).click();
  const link = page.getByRole("link", { name: /Download .*zip/ });
  await link.waitFor();
  await visit.look("export");
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  visit.expect(download.suggestedFilename().endsWith(".zip"), "the file is a ZIP file");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are not signed in").waitFor();
}

export function* consoleTests(sizes) {
  for (const [size, options] of Object.entries(sizes)) {
    yield { name: `the console, on a ${size}`, options, run: through };
    yield { name: `the console, on a ${size}, in the dark`, options: { ...options, colorScheme: "dark" }, run: through };
  }
}
