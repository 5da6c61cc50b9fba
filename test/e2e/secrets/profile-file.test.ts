import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CodexError } from "../../../src/index.js";
import { gate, message, respond } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";
import { commandLines } from "./canaries.js";

const secret = "horse-battery-staple-9";
const config = { mcp_servers: { s: { command: "/bin/false", startup_timeout_sec: 1, env: { ORDINARY: secret } } } };

const profiles = (home: string): string[] => readdirSync(home).filter((name) => name.startsWith("codexkit-"));

it("[K] the file with exec's secrets has mode 0600, and is deleted if codex ends before its first event", async () => {
  await using stand = await openRealCodex("exec", []);
  const program = join(stand.workTree, "codex");
  const log = join(stand.workTree, "log");
  const look = `if [ "$1" = --version ]; then echo codex-cli 0.169.0; exit; fi
for file in "$CODEX_HOME"/codexkit-*; do stat -c %a "$file"; cat "$file"; done > '${log}'
exit 3`;
  writeFileSync(program, `#!/bin/sh\n${look}\n`);
  chmodSync(program, 0o755);
  const codex = stand.client({ codexPathOverride: program });
  await expect(codex.startThread({ ...stand.thread, config }).run("Work")).rejects.toMatchObject({
    code: "PROCESS_EXITED",
  });
  expect(readFileSync(log, "utf8")).toMatch(/^600\n/);
  expect(readFileSync(log, "utf8")).toContain(`ORDINARY = "${secret}"`);
  expect(profiles(stand.home)).toEqual([]);
});

it("[K] the file with exec's secrets is deleted before the first model request, and every turn has its own", async () => {
  const held = gate();
  await using stand = await openRealCodex("exec", [respond(held, message("one")), respond(message("two"))]);
  const thread = stand.codex.startThread({ ...stand.thread, config });
  const first = thread.run("One");
  await held.reached;
  expect(profiles(stand.home)).toEqual([]);
  expect(commandLines()).toContain("--profile=codexkit-");
  expect(commandLines()).not.toContain(secret);
  held.open();
  expect((await first).finalResponse).toBe("one");
  expect((await thread.run("Two")).finalResponse).toBe("two");
  expect(profiles(stand.home)).toEqual([]);
});

it("[K] an aborted turn leaves no file with secrets", async () => {
  const held = gate();
  await using stand = await openRealCodex("exec", [respond(held, message("one"))]);
  for (const ms of [0, 30, 120]) {
    const signal = AbortSignal.timeout(ms);
    await stand.codex
      .startThread({ ...stand.thread, config })
      .run("One", { signal })
      .catch(() => undefined);
    expect(profiles(stand.home)).toEqual([]);
  }
});

it("[K] a CODEX_HOME that cannot hold the file is a ConfigError with advice and without the secret", async () => {
  await using stand = await openRealCodex("exec", []);
  const { env } = stand.model.codexOptions({ codexHome: stand.home });
  const turn = stand
    .client({ env: { ...env, CODEX_HOME: join(stand.home, "missing") } })
    .startThread({ ...stand.thread, config })
    .run("Work");
  const error: unknown = await turn.catch((reason: unknown) => reason);
  if (!CodexError.isInstance(error)) throw new Error("The turn did not fail.");
  expect(error).toMatchObject({ code: "CONFIG_INVALID", retryable: false });
  expect(error.message).toContain("bearer_token_env_var");
  expect(error.message).not.toContain(secret);
});

it("[K] a secret that app-server reads at its start only is refused, and named by its place", async () => {
  await using stand = await openRealCodex("app-server", []);
  const configOverrides = ["a=1", `otel.exporter.otlp-http.headers.x-any="${secret}"`];
  expect(() => stand.client({ configOverrides })).toThrow(/`configOverrides\[1\]`.*config\.toml in CODEX_HOME/);
});
