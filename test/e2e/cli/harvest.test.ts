import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { harvest } from "../../../scripts/harvest/harvest.js";
import { resolveCodex } from "../../../src/index.js";
import { createTestHost, type TestHost } from "../../unit/cli/test-host.js";
import { createWorkFolder } from "../../unit/cli/work-folder.js";
import { fixtureFolder } from "../../unit/protocol/wire-fixtures.js";
import { supportedVersions } from "../../../src/protocol/index.js";

const { newest } = supportedVersions;

const some = ["--scenario", "text", "failing-command"];

describe("npm run harvest", () => {
  it("[A0.1] --check reproduces the stored fixtures, several times in a row", async () => {
    const { host, dir } = copyFixtures();
    const args = ["--check", "--times", "3", "--json", "--dir", dir, ...some];
    expect(await harvest(args, host)).toBe(0);
    const lines = host.printed.out
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(13);
    expect(lines.at(-1)).toEqual({ type: "codexkit.harvest.result", ok: true, fixtures: 12, bad: 0 });
  });

  it("[A0.1] --check reports changed behaviour, and edited, unknown and missing files", async () => {
    const { host, dir, edit } = copyFixtures();
    edit("exec/text.canonical.jsonl", (text) => text.replace("Hello.", "Goodbye."));
    edit("exec/plan.recording.jsonl", (text) => text.replace(newest, "0.0.1"));
    writeFileSync(join(dir, newest, "exec", "mine.jsonl"), "");
    rmSync(join(dir, newest, "exec", "mcp.recording.jsonl"));
    expect(await harvest(["--check", "--dir", dir, "--transport", "exec", ...some], host)).toBe(1);
    expect(host.printed.out).toMatch(/differs +exec\/text .*\n +line 5\n +stored .*Goodbye\..*\n +today .*Hello\./);
    expect(host.printed.out).toMatch(/same +exec\/failing-command/);
    expect(host.printed.out).toContain("exec/plan.recording.jsonl is not what the manifest says: it was edited");
    expect(host.printed.out).toContain("exec/mine.jsonl is not in the manifest");
    expect(host.printed.out).toContain("exec/mcp.recording.jsonl is missing");
    expect(host.printed.err).toContain("review the diff");
  });

  it("[A0.1] writes the recording, its canonical form and a manifest with their origin", async () => {
    const dir = createWorkFolder();
    const host = createTestHost({ cwd: dir });
    expect(await harvest(["--dir", "wire", "--transport", "app-server", ...some], host)).toBe(0);
    const manifest: unknown = JSON.parse(readFileSync(join(dir, `wire/${newest}/manifest.json`), "utf8"));
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
    expect(manifest).toMatchObject({
      codexVersion: newest,
      fixtures: [
        { scenario: "failing-command" },
        {
          scenario: "text",
          transport: "app-server",
          argv: [expect.arrayContaining(["app-server"])],
          model: { steps: [{ type: "response" }], sha256 },
          raw: { file: "app-server/text.recording.jsonl", sha256 },
          canonical: { file: "app-server/text.canonical.jsonl", sha256 },
        },
      ],
    });
    const raw = readFileSync(join(dir, `wire/${newest}/app-server/text.recording.jsonl`), "utf8");
    expect(raw).not.toContain(dir);
  });

  it("[A5.3] --check compares with the newest stored version if there are no fixtures of codex's own", async () => {
    const { host, dir, edit } = copyFixtures();
    const [version = ""] = readdirSync(dir);
    edit("exec/text.canonical.jsonl", (text) => text.replace("Hello.", "Goodbye."));
    renameSync(join(dir, version), join(dir, "0.1.0"));
    const args = ["--check", "--dir", dir, "--scenario", "text"];
    expect(await harvest(args, host)).toBe(1);
    expect(host.printed.err).toContain("comparing with 0.1.0");
    expect(host.printed.out).toMatch(/differs +exec\/text/);
    expect(host.printed.out).toMatch(/same +app-server\/text/);
    rmSync(join(dir, "0.1.0"), { recursive: true });
    expect(await harvest(args, host)).toBe(1);
    expect(host.printed.out).toMatch(/new +exec\/text/);
    expect(host.printed.out + host.printed.err).not.toContain("ENOENT");
  });

  it("[A5.3] stores the scenarios that were recorded if another one breaks", async () => {
    const dir = createWorkFolder();
    const codex = join(dir, "codex");
    const { path } = resolveCodex();
    writeFileSync(codex, `#!/bin/sh\ncase "$*" in *--json*) exit 3 ;; esac\nexec "${path}" "$@"\n`, { mode: 0o755 });
    const host = createTestHost({ cwd: dir });
    expect(await harvest(["--dir", "wire", "--scenario", "text", "--codex-path", codex], host)).toBe(1);
    expect(host.printed.out).toMatch(/broken +exec\/text/);
    const [version = ""] = readdirSync(join(dir, "wire"));
    expect(readdirSync(join(dir, "wire", version)).sort()).toEqual(["app-server", "manifest.json"]);
  });

  it("an unknown scenario is a wrong usage, and the error lists the scenarios", async () => {
    const host = createTestHost();
    expect(await harvest(["--scenario", "texts"], host)).toBe(2);
    expect(host.printed.err).toMatch(/There is no scenario "texts"\.\n.*text, deltas, reasoning/);
  });
});

function copyFixtures(): {
  host: TestHost;
  dir: string;
  edit: (file: string, change: (text: string) => string) => void;
} {
  const dir = join(createWorkFolder(), "wire");
  cpSync(fixtureFolder, dir, { recursive: true });
  return {
    host: createTestHost(),
    dir,
    edit: (name, change) => {
      const file = join(dir, newest, name);
      writeFileSync(file, change(readFileSync(file, "utf8")));
    },
  };
}
