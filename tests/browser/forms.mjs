// Forms: filled in from beginning to end.

const PAGE = "/f/acme/kinds";
const PAGED = "/f/acme/paged";
const FILE = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };

/// A page is believed to be a person's once it has been open for a while.
const grownUp = (page) => page.waitForFunction(() => performance.now() > 2100);
const results = async (server) => (await server.api("/api/v2/acme/forms/kinds/results?sort_direction=desc")).results;

async function fill(page) {
  await page.getByLabel("Full name").fill("Ada Lovelace");
  await page.getByLabel("Story").fill("one\ntwo");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Price").fill("4.50");
  await page.getByLabel("Day").fill("2026-04-01");
  await page.getByRole("radiogroup", { name: "Stars" }).getByLabel("4").check();
  await page.getByRole("radiogroup", { name: "Scale" }).getByLabel("7", { exact: true }).check();
  await page.getByRole("group", { name: "Many" }).getByLabel("B", { exact: true }).check();
  await page.getByRole("group", { name: "Before" }).getByLabel("High").check();
  await page.getByRole("group", { name: "Texts" }).getByLabel("Left").fill("left");
}

async function whole(visit, server) {
  const { page } = visit;
  await visit.go(PAGE);
  await grownUp(page);
  await page.getByLabel("Price").fill("a lot");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").waitFor();
  await visit.look("with faults");
  const focused = () => document.activeElement.getAttribute("role");
  visit.expect((await page.evaluate(focused)) === "alert", "the list of faults has the focus");
  await page.getByRole("alert").getByRole("link", { name: "Price" }).click();
  visit.expect((await page.evaluate(() => document.activeElement.name)) === "5", "a fault leads to its field");
  await fill(page);
  // Typing beside a choice chooses it.
  await page.getByLabel("Menu: What else").fill("soup");
  visit.expect((await page.getByLabel("Menu", { exact: true }).inputValue()) === "1", "what is typed beside is chosen");
  await page.getByLabel("Files", { exact: true }).setInputFiles(FILE);
  await page.getByRole("checkbox", { name: "note.txt" }).waitFor();
  const canvas = page.getByRole("img", { name: "Sign here" });
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.getByRole("checkbox", { name: "signature.png" }).waitFor();
  await visit.look("filled in");
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/thanks/);
  await visit.look("thanks");
  const [last] = await results(server);
  const item = (id) => last.items.find((one) => one.id === id);
  visit.expect(item("1").value === "Ada Lovelace", `the name is stored: ${JSON.stringify(item("1"))}`);
  visit.expect(JSON.stringify(item("19")).includes("note.txt"), "the file is stored");
  visit.expect(JSON.stringify(item("20")).includes("signature.png"), "the signature is stored");
  visit.expect(JSON.stringify(item("13")).includes("soup"), "what was typed beside is stored");
}

async function saved(visit) {
  const { page } = visit;
  await visit.go(PAGE);
  await grownUp(page);
  await page.getByLabel("Story").fill("to be continued");
  await page.getByRole("button", { name: "Save and return later" }).click();
  await page.getByRole("status").waitFor();
  await visit.look("saved");
  await page.locator("a.address").click();
  visit.expect((await page.getByLabel("Story").inputValue()) === "to be continued", "what was saved is there again");
  await visit.go(PAGED);
  await grownUp(page);
  await page.getByLabel("Full name").fill("Ada");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByRole("button", { name: "Go <on>" }).click();
  await page.getByLabel("Guests").fill("3");
  await page.getByRole("button", { name: "Save and return later" }).click();
  await page.getByRole("status").waitFor();
  visit.expect(await heading(page, 2).isVisible(), "what was saved is shown where it was left");
  await page.locator("a.address").click();
  await heading(page, 2).waitFor();
  visit.expect((await page.getByLabel("Guests").inputValue()) === "3", "it is gone on with where it was left");
  visit.expect(!(await heading(page, 1).isVisible()), "and nowhere else");
}

async function withoutScripts(visit, server) {
  const { page } = visit;
  await page.goto(visit.base + PAGE);
  const opened = Date.now();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").waitFor();
  await fill(page);
  await page.getByLabel("Files", { exact: true }).setInputFiles(FILE);
  await page.getByLabel("Price").fill("much");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByLabel("note.txt").waitFor();
  visit.expect((await page.getByLabel("Story").inputValue()) === "one\ntwo", "what was filled in is kept");
  await page.getByLabel("Price").fill("5");
  while (!page.url().includes("/thanks") && Date.now() - opened < 12_000) {
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForLoadState();
  }
  visit.expect(page.url().includes("/thanks"), `it is sent without scripts: ${page.url()}`);
  const [last] = await results(server);
  visit.expect(JSON.stringify(last).includes("note.txt"), "the file is stored without scripts");
}

const heading = (page, number) => page.getByRole("heading", { name: `Page ${number} of 3` });

async function paged(visit, server) {
  const { page } = visit;
  await visit.go(PAGED);
  visit.expect(await heading(page, 1).isVisible(), "the first page is shown");
  visit.expect(!(await heading(page, 2).isVisible()), "the second page is not shown");
  const [next, back] = [page.getByRole("button", { name: "Go <on>" }), page.getByRole("button", { name: "To your name" })];
  visit.expect(!(await back.isVisible()), "nothing leads back from the first page");
  // What is missing is said before the page is left, be it by the button or by a key.
  await page.getByLabel("Full name").press("Enter");
  await page.getByText("Please answer this question.").first().waitFor();
  const name = page.getByLabel("Full name");
  visit.expect((await page.evaluate(() => document.activeElement.name)) === "1", "what is missing has the focus");
  visit.expect((await name.getAttribute("aria-describedby")) === "e-1", "what is missing is read out with its field");
  await name.fill("Ada");
  await page.getByLabel("E-mail").fill("nobody");
  await next.click();
  await page.getByText("Please write an e-mail address").waitFor();
  const described = await page.getByLabel("E-mail").getAttribute("aria-describedby");
  visit.expect(described === "h-2 e-2", `help and fault are read out with their field: ${described}`);
  visit.expect((await name.getAttribute("aria-invalid")) === null, "what is not missing any more is not said to be");
  await visit.look("the first page, with faults");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("E-mail").press("Enter");
  const isFocused = () => document.activeElement.textContent;
  visit.expect((await page.evaluate(isFocused)) === "Page 2 of 3", "the heading of the page has the focus");
  visit.expect(!(await page.getByRole("button", { name: "Send" }).isVisible()), "nothing is sent from here");
  await visit.look("the second page");
  await page.getByRole("button", { name: "Next" }).click();
  const missing = await page.locator(".page:visible .fault").allTextContents();
  visit.expect(missing.length === 2, `a choice and a row of texts are missing: ${missing}`);
  await visit.look("the second page, with faults");
  await page.getByLabel("Food: What else").fill("soup");
  await page.getByRole("group", { name: "Guest" }).getByLabel("First").fill("Grace");
  await back.click();
  visit.expect((await page.evaluate(isFocused)) === "Page 1 of 3", "one page back");
  visit.expect((await name.inputValue()) === "Ada", "what was filled in is there");
  await next.click();
  await page.getByRole("button", { name: "Next" }).click();
  await heading(page, 3).waitFor();
  await page.getByLabel("Town").fill("Paris");
  await page.getByLabel("Remarks").fill("none");
  await visit.look("the last page");
  // What only the server can see opens the page where it is.
  await grownUp(page);
  await page.evaluate(() => (document.getElementById("i-1").value = " "));
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("alert").waitFor();
  visit.expect(await heading(page, 1).isVisible(), "the page with the first fault is opened");
  await name.fill("Ada");
  await next.click();
  await page.getByRole("alert").getByRole("link", { name: "Full name" }).click();
  visit.expect((await page.evaluate(() => document.activeElement.name)) === "1", "a fault leads to another page");
  await next.click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/thanks/);
  const { results } = await server.api("/api/v2/acme/forms/paged/results?sort_direction=desc");
  const stored = JSON.stringify(results[0]);
  for (const text of ["Ada", "ada@example.org", "soup", "Grace", "Paris", "none"]) {
    visit.expect(stored.includes(text), `${text} is stored: ${stored}`);
  }
}

async function pagedWithoutScripts(visit) {
  const { page } = visit;
  await page.goto(visit.base + PAGED);
  const opened = Date.now();
  for (const number of [1, 2, 3]) visit.expect(await heading(page, number).isVisible(), `page ${number} is shown`);
  visit.expect(!(await page.getByRole("button", { name: "Next" }).isVisible()), "there is no button that does nothing");
  await page.getByLabel("Full name").fill("Ada");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Meat").check();
  await page.getByRole("group", { name: "Guest" }).getByLabel("First").fill("Grace");
  while (!page.url().includes("/thanks") && Date.now() - opened < 12_000) {
    await page.getByRole("button", { name: "Send" }).click();
    await page.waitForLoadState();
  }
  visit.expect(page.url().includes("/thanks"), `all pages are sent without scripts: ${page.url()}`);
}

async function embedded(visit, server) {
  const { page } = visit;
  const { forms } = await server.api("/api/v2/acme/forms/kinds");
  await page.goto(await server.host(`<!doctype html><html lang="en"><title>Host</title><main>${forms[0].publish.embed_code}</main></html>`));
  await page.waitForFunction(() => document.querySelector("iframe").getBoundingClientRect().height > 900);
  const inner = page.frameLocator("iframe");
  await inner.getByLabel("Full name").fill("Grace");
  await inner.locator("body").evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  await page.frames()[1].waitForFunction(() => performance.now() > 2100);
  await inner.getByRole("button", { name: "Send" }).click();
  await inner.getByText("Thank you").waitFor();
  await page.waitForFunction(() => document.querySelector("iframe").getBoundingClientRect().height < 600);
}

async function gone(visit) {
  await visit.go("/f/acme/nowhere");
  await visit.page.getByText("There is no form here").waitFor();
}

export function* formTests(sizes) {
  for (const [size, options] of Object.entries(sizes)) {
    yield { name: `a form, on a ${size}`, options, run: whole };
    yield { name: `a form that is saved, on a ${size}, in the dark`, options: { ...options, colorScheme: "dark" }, run: saved };
    yield { name: `a form of several pages, on a ${size}`, options, run: paged };
    yield { name: `a form of several pages without scripts, on a ${size}`, options: { ...options, javaScriptEnabled: false }, run: pagedWithoutScripts };
    yield { name: `a form without scripts, on a ${size}`, options: { ...options, javaScriptEnabled: false }, run: withoutScripts };
  }
  yield { name: "a form within another page", options: sizes.desk, run: embedded };
  yield { name: "no form", options: sizes.phone, run: gone };
}
