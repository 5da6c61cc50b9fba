import { describe, expect, it } from "vitest";
import { message, repeat, respond } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";

/** A megabyte of valid configuration: disabled servers. */
function manyServers(): Record<string, Record<string, string | boolean | string[]>> {
  const padding = "x".repeat(10_000);
  return Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [
      `server_${index}`,
      { command: "true", args: [padding], enabled: false },
    ]),
  );
}

describe("large input of the caller", () => {
  it("[A1.15] a megabyte of configuration goes through the pipe of the app-server", async () => {
    await using real = await openRealCodex("app-server", [repeat(respond(message("ok")))]);
    const config = { mcp_servers: manyServers(), developer_instructions: "y".repeat(100_000) };
    const thread = real.codex.startThread({ ...real.thread, config });
    expect((await thread.run("Hello")).finalResponse).toBe("ok");
    expect((await thread.run("And again")).finalResponse).toBe("ok");
    expect(JSON.stringify(real.model.requests[0]?.body)).toContain("y".repeat(100_000));
  });

  it("[A1.15] on exec the same is rejected before a process starts, and the error mentions app-server", async () => {
    await using real = await openRealCodex("exec", [], { codex: { config: { mcp_servers: manyServers() } } });
    await expect(real.codex.startThread(real.thread).run("Hello")).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(/65,?536.*app-server/s) as string,
    });
    expect(real.pids.length).toBeLessThanOrEqual(1);
  });
});
