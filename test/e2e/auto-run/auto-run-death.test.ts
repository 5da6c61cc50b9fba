import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { AutoRunCheckpoint } from "../../../src/index.js";
import {
  addFile,
  functionCall,
  gate,
  message,
  patch,
  respond,
  shell,
  usage,
  type ScriptEntry,
} from "../../../src/testing/index.js";
import type { AutoRunProgramSetup } from "./auto-run-program.js";
import { openRealCodex, processesHolding, transports } from "../real-codex.js";

const programFile = fileURLToPath(new URL("auto-run-program.ts", import.meta.url));
const tokens = usage({ input: 42, cached: 12, output: 5 });

describe.skipIf(process.platform !== "linux").each(transports)("a run whose program is killed, %s", (transport) => {
  it("[A2.7] between two turns: a new process continues with the next turn", async () => {
    const steps = ["one", "two", "done"].map((answer) => respond(message(answer), tokens));
    await using stand = await openStand(transport, steps);
    await using first = stand.program({ hangsAfterTurn: 2 });
    expect(await first.line()).toBe("waiting");
    first.kill();
    await first.ended;
    expect(await stand.state()).toMatchObject({ phase: "afterTurn", turn: 2 });

    await using second = stand.program();
    const result: unknown = JSON.parse(await second.line());
    expect(result).toMatchObject({
      stopReason: "completed",
      turns: [{ finalResponse: "one" }, { finalResponse: "two" }, { finalResponse: "done", turn: 3, reason: "until" }],
      usage: { run: { inputTokens: 126 }, thread: { inputTokens: 126 } },
    });
    const prompts = stand.model.requests.at(-1)?.userTexts ?? [];
    expect(prompts.filter((prompt) => prompt === "Count to three")).toHaveLength(1);
    expect(prompts.at(-1)).toBe("The goal is not reached yet. Go on.");
    await stand.model.assertDone();
  });

  it("[A2.7] in a turn: a new process starts a turn whose input states the cut, and does not send the prompt alone again", async () => {
    const hold = gate();
    const steps = [
      respond(shell("echo begun"), tokens),
      respond(message("never", { deltas: ["ne", hold, "ver"] })),
      respond(message("done"), tokens),
    ];
    await using stand = await openStand(transport, steps);
    await using first = stand.program();
    await expect.poll(() => stand.model.requests.length, { timeout: 20_000 }).toBe(2);
    await expect.poll(() => stand.state().catch(() => null)).toMatchObject({ phase: "inTurn", turn: 1 });
    first.kill();
    await first.ended;
    await expect.poll(() => processesHolding(stand.home, "environ"), { timeout: 10_000 }).toEqual([]);
    hold.open();

    await using second = stand.program();
    const result: unknown = JSON.parse(await second.line());
    expect(result).toMatchObject({
      stopReason: "completed",
      turns: [{ finalResponse: "done", turn: 1, attempt: 2, reason: "resumed" }],
    });
    // The usage of the turn that was cut off is unknown: it is part of the usage of the thread only.
    expect(result).toMatchObject({ usage: { thread: { inputTokens: 84 } } });
    const prompts = stand.model.requests.at(-1)?.userTexts ?? [];
    expect(prompts.at(-1)).toMatch(/^The program that runs you was stopped[^]*Count to three$/);
    expect(prompts.filter((prompt) => prompt === "Count to three")).toHaveLength(1);
  });
});

describe.skipIf(process.platform !== "linux")("a run with deferred approvals whose host program is killed", () => {
  const calls = {
    command: shell("echo one", { escalate: true, justification: "to see" }),
    fileChange: patch([addFile("made", "one\n")]),
  };

  it.each(["command", "fileChange"] as const)(
    "[A2.5] [A2.7] the decision of another process answers an equal %s once, without calling the handler",
    async (kind) => {
      const asked = respond(calls[kind], tokens);
      await using stand = await openStand("app-server", [asked, asked, asked, asked, respond(message("done"))]);
      await using first = stand.program({ hangsWhenLeft: true });
      expect(await first.line()).toBe("left");
      first.kill();
      await first.ended;
      expect(await stand.requests()).toMatchObject([{ kind }]);

      await using second = stand.program({ decides: { decision: "accept" } });
      const result: unknown = JSON.parse(await second.line());
      // The second request has no stored decision: this run is left, too.
      expect(result).toMatchObject({ waited: 1, stopReason: "approval", decidedBy: ["accept by stored"] });
      expect(result).toMatchObject({ requests: [{ kind }] });
      if (kind === "command") expect(stand.model.requests.at(-1)?.outputs.at(-1)?.text).toContain("one");
      else expect(await readFile(join(stand.workTree, "made"), "utf8")).toBe("one\n");
      await second.ended;

      await using third = stand.program({ decides: { decision: "decline" } });
      const last: unknown = JSON.parse(await third.line());
      expect(last).toMatchObject({ stopReason: "completed", waited: 1, decidedBy: ["decline by stored"] });
      await stand.model.assertDone();
    },
  );

  it.each([
    ["another command", calls.command, shell("echo two", { escalate: true, justification: "to see" })],
    ["another directory", calls.command, shell("echo one", { escalate: true, justification: "to see", workdir: "/" })],
    ["another diff", calls.fileChange, patch([addFile("made", "two\n")])],
  ])("[A2.5] [A2.7] the decision of another process does not answer a request for %s", async (_what, asked, other) => {
    await using stand = await openStand("app-server", [respond(asked), respond(other)]);
    await using first = stand.program();
    expect(JSON.parse(await first.line())).toMatchObject({ stopReason: "approval", requests: [{}] });
    await first.ended;

    await using second = stand.program({ decides: { decision: "accept" } });
    expect(JSON.parse(await second.line())).toMatchObject({ stopReason: "approval", waited: 1, decidedBy: [] });
    await second.ended;
    expect(await stand.requests()).toHaveLength(1);
  });

  it.each(transports)("[A2.5] [A2.7] another process decides and runs a call of a host tool, %s", async (transport) => {
    const namespace = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
    const call = (to: string) => respond(functionCall("publish", { to }, { callId: `call-${to}`, ...namespace }));
    await using stand = await openStand(transport, [call("here"), call("here"), call("there")]);
    await using first = stand.program({ hangsWhenLeft: true, hasTool: true });
    expect(await first.line()).toBe("left");
    first.kill();
    await first.ended;
    await expect.poll(() => processesHolding(stand.home, "environ"), { timeout: 10_000 }).toEqual([]);

    await using second = stand.program({ decides: { decision: "accept" }, hasTool: true });
    const result: unknown = JSON.parse(await second.line());
    expect(result).toMatchObject({ waited: 1, stopReason: "approval", decidedBy: ["accept by stored"] });
    expect(result).toMatchObject({ requests: [{ kind: "tool", arguments: { to: "there" } }] });
    expect(stand.model.requests.at(-1)?.outputs.at(-1)?.text).toContain("published here");
    await second.ended;
  });
});

async function openStand(transport: (typeof transports)[number], steps: readonly ScriptEntry[]) {
  const real = await openRealCodex(transport, steps);
  const stateFile = join(real.home, "../run.json");
  const readState = async () => JSON.parse(await readFile(stateFile, "utf8")) as AutoRunCheckpoint;
  const codex = { ...real.model.codexOptions({ codexHome: real.home }), transport };
  return {
    model: real.model,
    home: real.home,
    workTree: real.workTree,
    state: async () => (await readState()).run,
    requests: async () => (await readState()).interruptions.requests,
    program(more: Omit<AutoRunProgramSetup, "codex" | "thread" | "stateFile"> = {}) {
      const setup: AutoRunProgramSetup = { codex, thread: real.thread, stateFile, ...more };
      const child = spawn(process.execPath, ["--import", "tsx", programFile], {
        env: { ...process.env, AUTO_RUN_PROGRAM_SETUP: JSON.stringify(setup) },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(child, "exit");
      const errors = text(child.stderr);
      const line = firstLineOf(child.stdout);
      return {
        ended,
        kill: () => child.kill("SIGKILL"),
        async line() {
          const answer = await line;
          if (answer === null) throw new Error(`The host program ended: ${await errors}`);
          return answer;
        },
        async [Symbol.asyncDispose]() {
          child.kill("SIGKILL");
          await ended;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const pid of await processesHolding(real.home, "environ")) process.kill(pid, "SIGKILL");
      await real[Symbol.asyncDispose]();
    },
  };
}

async function firstLineOf(stream: Readable): Promise<string | null> {
  let output = "";
  for await (const chunk of stream) {
    output += String(chunk);
    const end = output.indexOf("\n");
    if (end !== -1) return output.slice(0, end);
  }
  return null;
}
