// A server to look at, in a folder of its own, with an account, a form of every kind of item, one of several pages, and a token.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const TOKEN = "browser-0123456789abcdef0123456789abcd";
const KINDS = new URL("../../crates/http/tests/it/hosted/kinds.jsonl", import.meta.url);
const PAGED = new URL("../../crates/http/tests/it/hosted/paged.jsonl", import.meta.url);
const LINES = [
  { kind: "account", id: 20002, user_dir: "acme", name: "Acme", timezone: "Europe/Berlin" },
  { kind: "user", id: 1, account_id: 20002, email: "owner@acme.example" },
  { kind: "token", account_id: 20002, user_id: 1, name: "all", abilities: ["*"], secret: TOKEN },
];
// Enough to look at where nobody has filled in anything.
const SUBMISSIONS = [1, 2, 3].map((n) => ({
  kind: "submission", form_id: 7, id: 10000000 + n, status: "Complete", date_start: "2026-04-01T09:50:00Z",
  date_finish: `2026-04-0${n}T10:00:00Z`, date_update: `2026-04-0${n}T10:00:00Z`,
  answers: { 1: `Person ${n}`, 2: "Once.", 5: String(n), 12: [{ position: n % 2 }] },
}));
const PEOPLE = [
  { kind: "audience", id: 1, account_id: 20002, name: "Clients", fields: [{ name: "city", type: "string" }, { name: "age", type: "int" }] },
  ...["Berlin", "Paris", "Berlin"].map((city, n) => ({
    kind: "profile", audience_id: 1, id: String(n + 1).padStart(24, "0"), email: `person${n}@example.org`, fields: { city, age: 30 + n },
  })),
  { kind: "segment", id: 1, audience_id: 1, name: "Chosen", profiles: ["000000000000000000000001"] },
];
const joined = (lines) => lines.map((line) => JSON.stringify(line)).join("\n") + "\n";

export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), "fillhouse-browser-"));
  const program = process.env.PROGRAM;
  const place = ["--data-dir", join(folder, "data")];
  const lines = join(folder, "lines.jsonl");
  writeFileSync(lines, joined(LINES) + readFileSync(KINDS, "utf8") + readFileSync(PAGED, "utf8") + joined(SUBMISSIONS) + joined(PEOPLE));
  execFileSync(program, ["import", ...place, lines], { stdio: "pipe" });
  const server = spawn(program, ["serve", ...place, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  server.stderr.resume();
  const base = await new Promise((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface(server.stdout).on("line", (line) => {
      if (line.startsWith("listening on ")) resolve(line.slice("listening on ".length).trim());
    });
  });
  const api = async (path) => {
    const answer = await fetch(base + path, { headers: { authorization: `Bearer ${TOKEN}` } });
    return answer.json();
  };
  const stop = async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    site.closeAllConnections();
    site.close();
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  // Another site, for what is shown within one.
  let hosted = "";
  const site = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(hosted));
  await new Promise((listening) => site.listen(0, "127.0.0.1", listening));
  const hostBase = `http://127.0.0.1:${site.address().port}`;
  const host = (html) => ((hosted = html), hostBase);
  const signIn = () => {
    const link = new URL(execFileSync(program, ["console", ...place, "--account", "acme"], { encoding: "utf8" }).trim());
    return base + link.pathname + link.search;
  };
  return { base, api, stop, host, hostBase, signIn };
}
