import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, processesHolding, transports } from "../real-codex.js";

it.each(transports)(
  "[A7.2] [H6] a daemon ends with the client, also if the user's config.toml passes only named variables to shells, %s",
  async (transport) => {
    const mark = `62.${Math.floor(Math.random() * 1e9)}`;
    const steps = [
      respond(shell(`setsid sleep ${mark} >/dev/null 2>&1 </dev/null & sleep 0.2`)),
      respond(message("left")),
    ];
    await using stand = await openRealCodex(transport, steps);
    const policy = '[shell_environment_policy]\ninclude_only = ["PATH", "HOME"]\n';
    await writeFile(join(stand.home, "config.toml"), policy);
    const codex = stand.client({ hardenGit: false });
    const thread = codex.startThread({ ...stand.thread, sandboxMode: "danger-full-access" });
    expect((await thread.run("Leave a daemon")).finalResponse).toBe("left");
    await codex.close();
    await vi.waitFor(async () => expect(await processesHolding(mark, "cmdline")).toEqual([]), { timeout: 10_000 });
  },
);
