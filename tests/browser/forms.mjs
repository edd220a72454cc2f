// Forms: filled in from beginning to end.

const PAGE = "/f/acme/kinds";
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
    yield { name: `a form without scripts, on a ${size}`, options: { ...options, javaScriptEnabled: false }, run: withoutScripts };
  }
  yield { name: "a form within another page", options: sizes.desk, run: embedded };
  yield { name: "no form", options: sizes.phone, run: gone };
}
