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
  await visit.look("editing a form");
  await page.getByRole("button", { name: "Save the form" }).click();
  await page.getByRole("alert").getByText("Items[1].children[0].label: is empty.").waitFor();
  await visit.look("editing a form, with a fault");
  await page.getByLabel("Question").nth(2).fill("Row");
  await page.getByRole("button", { name: "Move down: Item 1" }).click();
  await page.getByRole("group", { name: "Item 3" }).getByLabel("Choice 2", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save the form" }).click();
  await page.getByRole("heading", { name, exact: true }).waitFor();
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

export const areas = { exports: exported, "form editor": formMade };
