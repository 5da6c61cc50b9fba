import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../../../src/cli/run-cli.js";
import { createTestHost } from "./test-host.js";

test("--version prints the version of the package and exits with 0", async () => {
  const host = createTestHost();
  const manifest: unknown = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(await runCli(["--version"], host)).toBe(0);
  expect(manifest).toMatchObject({ version: host.printed.out.trim() });
});

test.each([[["--help"]], [["run", "--help"]], [["demo", "--help"]], [["doctor", "--help"]]])(
  "%j prints the usage and exits with 0",
  async (args) => {
    const host = createTestHost();
    expect(await runCli(args, host)).toBe(0);
    expect(host.printed.out).toMatch(/^Usage: codexkit/);
    expect(host.printed.err).toBe("");
  },
);

test.each([
  [[], /^Usage: codexkit/],
  [["dmo"], /unknown command 'dmo'\n\(Did you mean demo\?\)/],
  [["demo", "--jsn"], /unknown option '--jsn'/],
  [["demo", "--transport", "pigeon"], /Allowed choices are app-server, exec/],
  [["demo", "extra"], /too many arguments/],
  [["doctor", "--codex-path"], /argument missing/],
])("%j is a wrong usage, is reported on stderr and exits with 2", async (args, message) => {
  const host = createTestHost();
  expect(await runCli(args, host)).toBe(2);
  expect(host.printed.err).toMatch(message);
  expect(host.printed.out).toBe("");
});
