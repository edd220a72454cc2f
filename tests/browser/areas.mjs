// The areas of the console, each gone through from signing in on.

export async function signIn(visit, server) {
  await visit.page.goto(server.signIn());
  await visit.page.getByRole("button", { name: "Sign in" }).click();
  await visit.page.getByRole("heading", { name: "Forms" }).waitFor();
}

/// Chooses an export, sees what it comes to, and downloads it.
async function exported(visit, server) {
  const { page } = visit;
  await signIn(visit, server);
  await page.getByRole("link", { name: "Every kind", exact: true }).click();
  await page.getByRole("navigation", { name: "Every kind" }).getByRole("link", { name: "Exports" }).click();
  await page.getByText(/^\d+ submissions?, about [\d.]+ (bytes|kB)/).waitFor();
  await page.getByLabel("Format").selectOption("json");
  await page.getByText("Columns", { exact: true }).first().click();
  await page.getByRole("checkbox", { name: "Story" }).check();
  await page.getByLabel("Finished from").fill("2026-02-02");
  await page.getByLabel("to", { exact: true }).fill("2026-01-01");
  await page.getByText("From: is after the last day.").waitFor();
  await page.getByLabel("Finished from").fill("");
  await page.getByLabel("to", { exact: true }).fill("");
  await page.getByRole("checkbox", { name: "Story" }).uncheck();
  await page.getByText(/^\d+ submissions?, about/).waitFor();
  await visit.look("choosing an export");
  await page.getByRole("button", { name: "Start the export" }).click();
  const link = page.getByRole("link", { name: /Download .*zip/ });
  await link.waitFor();
  await page.getByRole("button", { name: "Verify the file" }).click();
  await page.getByText("Every byte of the file was read just now").waitFor();
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
  await scheduled(visit);
}

/// Makes a schedule of the export that is chosen, runs it, and deletes it.
async function scheduled(visit) {
  const { page } = visit;
  await page.getByText("Make it again and again").click();
  await page.getByLabel("Name", { exact: true }).fill("Nightly");
  await visit.look("choosing a schedule");
  await page.getByRole("button", { name: "Make the schedule" }).click();
  await page.getByText("At: is not a time of the form HH:MM.").first().waitFor();
  await page.getByLabel("at", { exact: true }).fill("02:30");
  await page.getByRole("button", { name: "Make the schedule" }).click();
  await page.getByText("every day at 02:30").waitFor();
  await page.getByRole("button", { name: "Run it now" }).click();
  await page.getByText("run by hand").waitFor();
  await visit.look("schedule");
  await page.getByText("Change what is exported").click();
  await page.getByLabel("Format").selectOption("xlsx");
  await page.getByLabel("Item 1").selectOption({ index: 1 });
  visit.expect(!(await page.getByLabel("Cron line").isVisible()), "what belongs to another choice is not shown");
  await page.getByLabel("Where it goes").selectOption("webhook");
  await page.getByLabel("Address to post to").fill("nowhere");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByText("Value of condition 1: is empty.").first().waitFor();
  await visit.look("a schedule, with a fault");
  await page.getByLabel("Text 1").fill("a");
  await page.getByLabel("Where it goes").selectOption("store");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Format: Excel (XLSX)").waitFor();
  await page.getByText(/has “a”$/).waitFor();
  await page.getByText("Delete it").first().click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByRole("heading", { name: "New export" }).waitFor();
}

/// Makes a form, item by item, and deletes it.
async function formMade(visit, server) {
  const { page } = visit;
  const name = `Made ${Date.now()}`;
  await signIn(visit, server);
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Forms" }).click();
  await page.getByRole("link", { name: "New form" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Add an item" }).click();
  await page.getByLabel("Question").fill("Who");
  visit.expect(await page.getByLabel("Question").evaluate((input) => input === document.activeElement), "a new item has the focus");
  await page.getByRole("group", { name: "Item 1" }).getByLabel("Type").selectOption("radio");
  await page.getByLabel("Choice 1", { exact: true }).fill("Me");
  await page.getByRole("button", { name: "Add a choice" }).click();
  await page.getByLabel("Choice 2", { exact: true }).fill("You");
  await page.getByLabel("Type").last().selectOption("matrix_text");
  await page.getByRole("button", { name: "Add an item" }).click();
  await page.getByLabel("Question").nth(2).waitFor();
  await page.getByLabel("Columns, one a line").fill("Left\nRight");
  await page.getByLabel("Question").nth(1).fill("Table");
  await page.getByRole("group", { name: "Item 1", exact: true }).getByLabel("Help, shown below it").fill("As on your passport");
  await page.getByRole("group", { name: "Item 1", exact: true }).getByRole("button", { name: "Begin a page after it" }).click();
  await page.getByLabel("On the button that leads on to it").fill("To the table");
  await visit.look("editing a form");
  await page.getByRole("button", { name: "Save the form" }).click();
  await page.getByRole("alert").getByText("Item 2, part 1, label: is empty.").waitFor();
  await visit.look("editing a form, with a fault");
  await page.getByLabel("Question").nth(2).fill("Row");
  await page.getByRole("button", { name: "Move down: Item 1" }).click();
  await page.getByRole("group", { name: "Item 2" }).getByLabel("Choice 2", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Move up: Item 2" }).click();
  await page.getByRole("group", { name: "Item 2: Page break" }).waitFor();
  await page.getByRole("button", { name: "Save the form" }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
  const { forms } = await server.api("/api/v2/acme/forms");
  const editor = page.url();
  await page.goto(visit.base + new URL(forms.find((form) => form.name === name).publish.link).pathname);
  await page.getByText("As on your passport").waitFor();
  await page.getByRole("button", { name: "To the table" }).click();
  await page.getByRole("heading", { name: "Page 2 of 2" }).waitFor();
  await page.goto(editor);
  await page.getByRole("link", { name: "Views and labels" }).click();
  await page.getByText("New view").click();
  const view = page.locator("form", { has: page.getByRole("button", { name: "Save the view" }) });
  await view.getByLabel("Id", { exact: true }).fill("short");
  await view.getByLabel("Name", { exact: true }).fill("In short");
  await view.getByRole("checkbox", { name: "Who" }).check();
  await visit.look("views");
  await page.getByRole("button", { name: "Save the view" }).click();
  await page.getByText("In short").first().waitFor();
  await page.getByRole("link", { name: "Edit the form" }).click();
  await page.getByText("Delete the form").first().click();
  await page.getByLabel(/Type its name/).fill(name);
  await page.getByRole("button", { name: "Delete the form" }).click();
  await page.getByRole("heading", { name: "Forms" }).waitFor();
}

/// Makes a webhook, sends a test that nobody may receive, and sends it again.
async function webhookMade(visit, server) {
  const { page } = visit;
  await signIn(visit, server);
  await page.getByRole("link", { name: "Every kind", exact: true }).click();
  await page.getByRole("link", { name: "Webhooks" }).click();
  await page.getByLabel("Address").fill("http://127.0.0.1/hook");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("alert").waitFor();
  await visit.look("a webhook, with a fault");
  await page.getByLabel("Address").fill("https://hook.invalid/from-fillhouse");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("link", { name: "https://hook.invalid/from-fillhouse" }).click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("1 attempt", { exact: true }).click();
  await visit.look("a webhook");
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("button", { name: "Send again" }).nth(1).waitFor();
  await page.getByText("Delete it").first().click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await page.getByText("Nobody is told").waitFor();
  await visit.look("webhooks");
}

/// Makes a token and revokes it; looks at the usage.
async function tokenMade(visit, server) {
  const { page } = visit;
  const name = `Token ${Date.now()}`;
  await signIn(visit, server);
  await page.getByRole("link", { name: "Tokens" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Make the token" }).click();
  const secret = await page.locator("#secret").textContent();
  await visit.look("tokens");
  const asked = async () => (await fetch(visit.base + "/v1/exports", { headers: { authorization: `Bearer ${secret}` } })).status;
  visit.expect((await asked()) === 200, "the token is good");
  await page.getByLabel(`Revoke: ${name}`).click();
  await page.getByRole("row", { name }).getByRole("button").click();
  await page.getByRole("cell", { name }).waitFor({ state: "detached" });
  visit.expect((await asked()) === 401, "the token is not good any more");
  await page.getByRole("link", { name: "Usage" }).click();
  await page.getByText("Calls in a minute").waitFor();
  await visit.look("usage");
}

/// Finds profiles while one types, saves the query as a segment, and looks at one of them.
async function peopleFound(visit, server) {
  const { page } = visit;
  const name = `Berliners ${Date.now()}`;
  await signIn(visit, server);
  await page.getByRole("link", { name: "Audiences" }).click();
  await visit.look("audiences");
  await page.getByRole("link", { name: "New audience" }).click();
  await page.getByLabel("Name", { exact: true }).fill(`Guests ${name}`);
  await page.getByLabel("Name 1").fill("email");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Field 1, name: is what every profile has.").first().waitFor();
  await visit.look("a new audience, with a fault");
  await page.getByLabel("Name 1").fill("vip");
  await page.getByLabel("Type 1").selectOption("bool");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("0 profiles.").waitFor();
  await page.getByRole("link", { name: "New profile" }).click();
  await page.getByLabel("email", { exact: true }).fill("guest@example.org");
  // What is not saved is not left unasked.
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("link", { name: "Cancel" }).click();
  visit.expect((await page.getByLabel("email", { exact: true }).inputValue()) === "guest@example.org", "what is not saved is there");
  await page.getByLabel("vip").selectOption("true");
  await visit.look("a new profile");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "guest@example.org" }).waitFor();
  await page.getByRole("link", { name: "Audiences" }).click();
  await page.getByRole("link", { name: "Clients" }).click();
  await page.getByText("3 profiles.").waitFor();
  await page.getByLabel("Field 1").selectOption("city");
  await page.getByLabel("Value 1").pressSequentially("Ber");
  await page.getByText("0 profiles.").waitFor();
  await page.getByLabel("Value 1").pressSequentially("lin");
  await page.getByText("2 profiles.").waitFor();
  await page.getByLabel("Field 2").selectOption("age");
  await page.getByLabel("Comparison 2").selectOption("more");
  await page.getByLabel("Value 2").fill("30");
  await page.getByText("1 profile.").waitFor();
  await visit.look("an audience");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Save as a segment" }).click();
  await page.getByRole("heading", { name }).waitFor();
  await visit.look("a segment");
  await page.getByRole("link", { name: "Change the segment" }).click();
  await page.getByLabel("Value 2").fill("1");
  await page.getByText("2 profiles.").waitFor();
  await page.getByLabel("Value 2").fill("30");
  await page.getByText("1 profile.").waitFor();
  await visit.look("a segment that is changed");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Who is in it" }).waitFor();
  await page.getByRole("link", { name: "person2@example.org" }).click();
  await page.getByText("No submission is known").waitFor();
  await visit.look("a profile");
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("age", { exact: true }).fill("old");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").waitFor();
  await visit.look("a profile that is edited");
  await page.getByLabel("age", { exact: true }).fill("40");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("No submission is known").waitFor();
  await page.getByRole("button", { name: "Put into the segment" }).click();
  await page.getByRole("heading", { name: "Chosen" }).waitFor();
  await page.getByRole("link", { name: "Clients" }).click();
  await page.getByRole("link", { name }).click();
  await page.getByText("Delete the segment").first().click();
  await visit.look("a segment that is to be deleted");
  await page.getByRole("button", { name: "Delete the segment" }).click();
  await page.getByText("3 profiles.").waitFor();
  visit.expect((await page.getByRole("link", { name }).count()) === 0, "the segment is gone");
}

/// Goes from bar to bar of a summary, and looks at the settings.
async function summedUp(visit, server) {
  const { page } = visit;
  await signIn(visit, server);
  await page.getByRole("link", { name: "Every kind", exact: true }).click();
  await page.getByRole("link", { name: "Summary" }).click();
  await page.getByRole("heading", { name: "How long it took" }).waitFor();
  const one = page.locator("section", { has: page.getByRole("heading", { name: "One", exact: true }) });
  await one.getByRole("link", { name: "B", exact: true }).click();
  await page.getByText("One is “B”").waitFor();
  await visit.look("a filtered summary");
  const days = page.locator("svg.days a");
  await days.last().click();
  await page.getByText(/^From \d{4}-/).waitFor();
  visit.expect((await days.count()) === 1, "the day that was clicked is the whole picture");
  visit.expect((await page.locator("svg.dates text").allTextContents()).length === 1, "it has one date below");
  await page.getByRole("textbox", { name: "From" }).fill("2001-01-01");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("From 2001-01-01").waitFor();
  visit.expect((await days.count()) > 100, "the days that were chosen are the whole picture");
  await visit.look("a summary of many days");
  await page.getByRole("link", { name: "Show these" }).click();
  await page.getByText("One is “B”").waitFor();
  await page.getByRole("link", { name: "Without: One is “B”" }).click();
  await page.getByText("One is “B”").waitFor({ state: "detached" });
  await page.getByLabel("Which").selectOption("Finished only");
  await page.getByText("Columns", { exact: true }).first().click();
  await page.getByRole("checkbox", { name: "Begun" }).check();
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByRole("link", { name: "Begun" }).click();
  await page.locator("th[aria-sort=descending]", { hasText: "Begun" }).waitFor();
  await page.goto(page.url() + "&page=7&from=2026-13-45");
  await page.getByText("Page: 7 is beyond the last one, which this is.").waitFor();
  await visit.look("a table, and what was not understood");
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("heading", { name: "Audit log" }).waitFor();
  await visit.look("the audit log");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel(/Time zone/).fill("Moon/Base");
  await page.getByRole("button", { name: "Save the settings" }).click();
  await page.getByRole("alert").waitFor();
  await visit.look("settings");
}

export const areas = { summaries: summedUp, people: peopleFound, exports: exported, "form editor": formMade, webhooks: webhookMade, "tokens and usage": tokenMade };
