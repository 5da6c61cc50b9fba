import { linkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveCodex, UnsafeBinaryError } from "../../../src/index.js";
import { message, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const writable = { sandboxMode: "workspace-write" } as const;

describe.each(transports)("the codex binary on %s", (transport) => {
  it("[T5] in a folder that commands may write to is not started, in any form of its path", async () => {
    await using stand = await openRealCodex(transport, [respond(message("Done.")), respond(message("Done."))]);
    const { path } = resolveCodex();
    const [folder, outside] = [join(stand.workTree, "bin"), join(stand.home, "bin")];
    await mkdir(folder);
    await mkdir(outside);
    const inside = join(folder, "codex");
    linkSync(path, inside);
    const toInside = join(outside, "codex");
    symlinkSync(inside, toInside);
    const toOutside = join(folder, "link");
    symlinkSync(path, toOutside);
    for (const codexPathOverride of [inside, toInside, toOutside]) {
      const codex = stand.client({ codexPathOverride, allowWritableBinary: false });
      const run = (options: object, turn = {}) => codex.startThread({ ...stand.thread, ...options }).run("x", turn);
      const refused = { code: "BINARY_WRITABLE", path: codexPathOverride, retryable: false };
      await expect(run(writable)).rejects.toMatchObject(refused);
      await expect(run({}, writable)).rejects.toThrow(UnsafeBinaryError);
      const other = { ...writable, workingDirectory: stand.home };
      await expect(run({ ...other, additionalDirectories: [folder] })).rejects.toMatchObject(refused);
      const config = { sandbox_workspace_write: { writable_roots: [folder] } };
      await expect(run({ ...other, workingDirectory: outside, config })).rejects.toMatchObject(refused);
    }
    expect(stand.pids).toEqual([]);
    expect(await stand.client({ codexPathOverride: toOutside }).startThread(stand.thread).run("x")).toMatchObject({
      finalResponse: "Done.",
    });
    const allowed = stand.client({ codexPathOverride: toOutside, allowWritableBinary: true });
    const { finalResponse } = await allowed.startThread({ ...stand.thread, ...writable }).run("x");
    expect(finalResponse).toBe("Done.");
  });

  it("[T5] is not started again after it was replaced, and a new client starts the new one", async () => {
    await using stand = await openRealCodex(transport, [respond(message("One.")), respond(message("Two."))]);
    const { path } = resolveCodex();
    const link = join(stand.home, "codex");
    symlinkSync(path, link);
    const codex = stand.client({ codexPathOverride: link });
    const thread = codex.startThread(stand.thread);
    expect((await thread.run("x")).finalResponse).toBe("One.");
    const fake = join(stand.home, "replaced");
    writeFileSync(fake, "#!/bin/sh\nexit 3\n", { mode: 0o755 });
    renameSync(fake, link);
    for (const pid of transport === "app-server" ? stand.pids.slice(-1) : []) process.kill(pid, "SIGKILL");
    await expect
      .poll(() => thread.run("x").catch((error: unknown) => error))
      .toMatchObject({ name: "UnsafeBinaryError", code: "BINARY_CHANGED", path: link, retryable: false });
    const again = stand.client({ codexPathOverride: path });
    expect((await again.startThread(stand.thread).run("x")).finalResponse).toBe("Two.");
  });
});
