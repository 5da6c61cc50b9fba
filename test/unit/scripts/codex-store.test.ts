import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codexOf, type FetchCodex } from "../../../scripts/codex-store.js";
import { createWorkFolder } from "../cli/work-folder.js";

const binary = "vendor/x86_64-unknown-linux-musl/bin/codex";

describe("the store of codex binaries", () => {
  it("[A7.1] downloads a version once for calls at the same time, and never again", async () => {
    const store = createWorkFolder();
    const { fetch, specs } = createPackages();
    const calls = Array.from({ length: 5 }, () => codexOf("1.2.3", { store, fetch, platform: "linux-x64" }));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([join(store, "1.2.3", binary)]));
    await codexOf("1.2.3", { store, fetch, platform: "linux-x64" });
    expect(specs).toEqual(["@openai/codex@1.2.3-linux-x64"]);
    expect(readdirSync(store)).toEqual(["1.2.3"]);
  });

  it("[A7.1] a failed download leaves nothing, and the next call downloads again", async () => {
    const store = createWorkFolder();
    const { fetch } = createPackages();
    const broken: FetchCodex = () => Promise.reject(new Error("no such version"));
    await expect(codexOf("1.2.3", { store, fetch: broken })).rejects.toThrow("no such version");
    expect(readdirSync(store)).toEqual([]);
    expect(existsSync(await codexOf("1.2.3", { store, fetch }))).toBe(true);
  });

  it("[A7.1] takes over the lock of a process that has died", async () => {
    const store = createWorkFolder();
    const { fetch } = createPackages();
    const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" });
    writeFileSync(join(store, "1.2.3.lock"), dead);
    expect(existsSync(await codexOf("1.2.3", { store, fetch }))).toBe(true);
  });

  it("[A7.1] refuses a text that is no version", async () => {
    await expect(codexOf("../evil")).rejects.toThrow("no version of codex");
  });
});

/** Packages with an empty binary, in place of the registry's. */
function createPackages(): { readonly fetch: FetchCodex; readonly specs: string[] } {
  const specs: string[] = [];
  const fetch: FetchCodex = (spec, folder) => {
    specs.push(spec);
    const file = join(folder, "source", "package", binary);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, "");
    execFileSync("tar", ["-czf", join(folder, "codex.tgz"), "-C", join(folder, "source"), "package"]);
    return Promise.resolve(join(folder, "codex.tgz"));
  };
  return { fetch, specs };
}
