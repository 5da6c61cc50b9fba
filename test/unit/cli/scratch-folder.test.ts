import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CliError } from "../../../src/cli/cli-error.js";
import { createScratchFolder } from "../../../src/cli/scratch-folder.js";
import { createTestHost } from "./test-host.js";
import { createWorkFolder } from "./work-folder.js";

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

test("lies in .tmp of the current folder, and remove() also removes .tmp", async () => {
  const cwd = createWorkFolder();
  const folder = await createScratchFolder("demo-", createTestHost({ cwd, env: {} }));
  expect(dirname(folder.path)).toBe(join(cwd, ".tmp"));
  await folder.remove();
  expect(existsSync(join(cwd, ".tmp"))).toBe(false);
});

test("remove() keeps a .tmp that existed before or has other files", async () => {
  const cwd = createWorkFolder();
  const host = createTestHost({ cwd, env: {} });
  const first = await createScratchFolder("demo-", host);
  await writeFile(join(cwd, ".tmp", "mine"), "");
  await first.remove();
  expect(existsSync(join(cwd, ".tmp", "mine"))).toBe(true);
  rmSync(join(cwd, ".tmp", "mine"));
  const second = await createScratchFolder("demo-", host);
  await second.remove();
  expect(existsSync(join(cwd, ".tmp"))).toBe(true);
});

test("lies in the user's cache folder if the current folder is unsuitable", async () => {
  const cache = createWorkFolder();
  const env = { XDG_CACHE_HOME: cache };
  const inTemporary = await createScratchFolder("demo-", createTestHost({ cwd: temporaryFolder(), env }));
  expect(dirname(inTemporary.path)).toBe(join(cache, "codexkit"));
  const cwd = createWorkFolder();
  writeFileSync(join(cwd, ".tmp"), "a file is in the way");
  const blocked = await createScratchFolder("demo-", createTestHost({ cwd, env }));
  expect(dirname(blocked.path)).toBe(join(cache, "codexkit"));
});

test("the error has advice if no folder is writable", async () => {
  const cwd = createWorkFolder();
  writeFileSync(join(cwd, ".tmp"), "");
  writeFileSync(join(cwd, "cache"), "");
  const making = createScratchFolder("demo-", createTestHost({ cwd, env: { XDG_CACHE_HOME: join(cwd, "cache") } }));
  const error = await making.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CliError);
  expect(error).toMatchObject({ kind: "environment", advice: matching(/^Run the command in a writable folder/) });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "codexkit-unit-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
