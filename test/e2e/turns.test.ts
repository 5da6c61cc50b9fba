import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import type { ThreadEvent } from "../../src/index.js";
import {
  gate,
  message,
  patch,
  reasoning,
  respond,
  shell,
  updateFile,
  usage,
  type ModelRequest,
} from "../../src/testing/index.js";
import { openRealCodex, transports } from "./real-codex.js";

const onePixelPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

describe.each(transports)("a turn on the real binary, %s", (transport) => {
  it("emits reasoning, a command and a patch, and changes the file", async () => {
    const steps = [
      respond(reasoning("Let me look"), shell("cat greeting.txt", { callId: "read" }), usage({ input: 10, output: 1 })),
      (request: ModelRequest) => {
        expect(request.output("read")).toContain("hello");
        return respond(
          patch([updateFile("greeting.txt", "hello\n", "hello world\n")]),
          usage({ input: 10, output: 1 }),
        );
      },
      respond(message("Patched."), usage({ input: 10, output: 1 })),
    ];
    await using stand = await openRealCodex(transport, steps);
    await writeFile(join(stand.workTree, "greeting.txt"), "hello\n");
    const turn = stand.codex
      .startThread({ ...stand.thread, sandboxMode: "workspace-write" })
      .runStreamed("Extend the greeting");
    const events: ThreadEvent[] = [];
    for await (const event of turn) events.push(event);
    const { items, finalResponse, usage: used } = await turn.result();
    expect(await readFile(join(stand.workTree, "greeting.txt"), "utf8")).toBe("hello world\n");
    expect(finalResponse).toBe("Patched.");
    const byType = (type: string) => items.filter((item) => item.type === type);
    expect(byType("reasoning")).toMatchObject([{ summary: ["Let me look"] }]);
    expect(byType("commandExecution")).toMatchObject([
      { status: "completed", exitCode: 0, aggregatedOutput: "hello\n" },
    ]);
    expect(byType("fileChange")).toMatchObject([{ status: "completed", changes: [{ kind: { type: "update" } }] }]);
    expect(used.turn).toMatchObject({ inputTokens: 30, outputTokens: 3 });
    if (transport === "app-server") {
      const change = items.find((item) => item.type === "fileChange");
      expect(change?.type === "fileChange" ? change.changes[0]?.diff : "").toContain("+hello world");
      expect(events.some(({ type }) => type === "turn.diff.updated")).toBe(true);
      expect(events.some(({ type }) => type === "item.reasoning.summaryTextDelta")).toBe(true);
    }
    await stand.model.assertDone();
  });

  it("the default sandbox is read-only: a command cannot write", async () => {
    const steps = [
      respond(shell("touch made.txt", { callId: "touch" })),
      (request: ModelRequest) => {
        expect(request.output("touch")).toMatch(/Read-only file system/);
        return respond(message("It is read-only."));
      },
    ];
    await using stand = await openRealCodex(transport, steps);
    await stand.codex.startThread(stand.thread).run("Make a file");
    await expect(readFile(join(stand.workTree, "made.txt"))).rejects.toMatchObject({ code: "ENOENT" });
    await stand.model.assertDone();
  });

  it("[A1.13] a workspace-write thread can write after a resume in another client, because options that codex forgets are sent again", async () => {
    const steps = [
      respond(message("ready")),
      respond(shell("touch made.txt", { callId: "touch" })),
      respond(message("made")),
    ];
    await using stand = await openRealCodex(transport, steps);
    const thread = stand.codex.startThread({ ...stand.thread, sandboxMode: "workspace-write" });
    await thread.run("Get ready");
    await stand.codex.close();
    const { items } = await stand.client().resumeThread(thread.toJSON()).run("Make a file");
    expect(items.find((item) => item.type === "commandExecution")).toMatchObject({ status: "completed", exitCode: 0 });
    expect(await readFile(join(stand.workTree, "made.txt"), "utf8")).toBe("");
  });

  it("[A1.11] a zod schema reaches the model in its strict form, and the output has its type", async () => {
    await using stand = await openRealCodex(transport, [respond(message('{"ok":true,"count":3}'))]);
    const temporary = join(stand.workTree, "../temporary");
    await mkdir(temporary);
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const schema = z.object({ ok: z.boolean(), count: z.number() });
    const { output } = await stand.codex.startThread(stand.thread).run("Count", { outputSchema: schema });
    const count: number = output.count;
    expect([output.ok, count]).toEqual([true, 3]);
    expect(stand.model.requests[0]?.outputSchema).toMatchObject({ type: "object", required: ["ok", "count"] });
    expect(await readdir(temporary)).toEqual([]);
  });

  it("a local image reaches the model as bytes", async () => {
    await using stand = await openRealCodex(transport, [respond(message("A pixel."))]);
    const path = join(stand.workTree, "pixel.png");
    await writeFile(path, Buffer.from(onePixelPng, "base64"));
    await stand.codex.startThread(stand.thread).run([
      { type: "text", text: "What is this?" },
      { type: "local_image", path },
    ]);
    expect(JSON.stringify(stand.model.requests[0]?.input)).toContain("data:image/png;base64,");
    await stand.model.assertDone();
  });

  it("[A1.15] accepts a prompt at codex's limit, and rejects one code point more before it is sent", async () => {
    await using stand = await openRealCodex(transport, [respond(message("That was long."))]);
    const thread = stand.codex.startThread(stand.thread);
    const prompt = "x".repeat(1_048_575) + "😀";
    expect((await thread.run(prompt)).finalResponse).toBe("That was long.");
    expect(stand.model.requests[0]?.userText.length).toBe(1_048_577);
    expect(() => thread.runStreamed(prompt + "y")).toThrow(/1048577 characters .* at most 1048576/);
    expect(stand.model.requests).toHaveLength(1);
  });

  it("text with line ends and escapes arrives unchanged", async () => {
    const text = "a\u2028b\u2029c\r\nd\u001b[31m \u0000-free 😀";
    await using stand = await openRealCodex(transport, [respond(message(text))]);
    const { finalResponse } = await stand.codex.startThread(stand.thread).run(`Say ${text}`);
    expect(finalResponse).toBe(text);
    expect(stand.model.requests[0]?.userText).toBe(`Say ${text}`);
  });

  it("[A1.5] break ends the turn's commands with all their processes", async () => {
    const held = gate();
    const marker = `codexkit-e2e-${String(process.pid)}-${transport}`;
    const steps = [
      respond(shell(`(sleep 300 & sleep 300; echo ${marker})`, { yieldTimeMs: 60_000 })),
      respond(held, message("never")),
    ];
    await using stand = await openRealCodex(transport, steps);
    const thread = stand.codex.startThread({ ...stand.thread, sandboxMode: "danger-full-access" });
    for await (const event of thread.runStreamed("Wait")) {
      if (event.type === "item.started" && event.item.type === "commandExecution") {
        await expect.poll(() => running(marker)).not.toHaveLength(0);
        break;
      }
    }
    expect(await running(marker)).toEqual([]);
    const [pid = 0] = stand.pids.slice(-1);
    if (transport === "app-server") expect(isAlive(pid)).toBe(true);
    else expect(isAlive(pid)).toBe(false);
  });
});

async function running(marker: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="]);
  return stdout.split("\n").filter((line) => line.includes(marker) && !line.includes("ps -eo"));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
