import { existsSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { locateBinary } from "../../../../../src/process/locate/locate-binary.js";
import {
  addFile,
  closeStdout,
  createFakeExec,
  die,
  execRun,
  fail,
  functionCall,
  gate,
  line,
  message,
  patch,
  readStdin,
  reasoning,
  respond,
  ScriptError,
  serverRequest,
  shell,
  stderr,
  stdout,
  usage,
  webSearch,
} from "../../../../../src/testing/index.js";
import { createScratchFolder } from "../../../process/scratch-folder.js";
import { finish, pickText, run, start } from "../../start-program.js";

describe("a turn of the fake exec", () => {
  test("is written as codex's JSONL, and its process is recorded with its arguments, environment and stdin [A0.3]", async () => {
    const cwd = createScratchFolder();
    await using exec = await createFakeExec([
      respond(
        reasoning(["why", "how"]),
        message("Looking.", { phase: "commentary" }),
        shell("ls 'x'", { output: "a\n", exitCode: 2 }),
        webSearch("q"),
      ),
      respond(message("Done.", { deltas: 1 }), usage({ input: 10, cached: 2, output: 3, reasoning: 1 })),
    ]);
    const prompt = "line one\nline\u2028two 😀\n";
    const result = await run(exec.codexPathOverride, ["exec", "--json", "--x y"], prompt, { cwd, env: { A: "1" } });
    expect(result).toMatchObject({ code: 0, signal: null, stderr: "" });
    expect(result.events).toEqual([
      { type: "thread.started", thread_id: expect.any(String) as string },
      { type: "turn.started" },
      { type: "item.completed", item: { id: "item_0", type: "reasoning", text: "why\nhow" } },
      { type: "item.completed", item: { id: "item_1", type: "agent_message", text: "Looking." } },
      commandItem("item.started", { aggregated_output: "", exit_code: null, status: "in_progress" }),
      { type: "item.started", item: { id: "ws_4", type: "web_search", query: "", action: { type: "other" } } },
      {
        type: "item.completed",
        item: { id: "ws_4", type: "web_search", query: "q", action: { type: "search", query: "q", queries: ["q"] } },
      },
      commandItem("item.completed", { aggregated_output: "a\n", exit_code: 2, status: "failed" }),
      { type: "item.completed", item: { id: "item_4", type: "agent_message", text: "Done." } },
      turnCompleted([10, 2, 3, 1]),
    ]);
    const [process] = exec.processes;
    expect(process).toMatchObject({ argv: ["exec", "--json", "--x y"], cwd, stdin: prompt });
    expect(process?.env).toMatchObject({ A: "1" });
    expect(Object.keys(process ?? {})).not.toContain("env");
    expect(exec.modelRequests.map(({ userText }) => userText)).toEqual([prompt, prompt]);
    expect(exec.modelRequests[1]?.output("call_3")).toContain("a\n");
  });

  test("reports the usage summed over a resumed thread [A0.3]", async () => {
    await using exec = await createFakeExec([
      respond(message("1"), usage({ input: 10, output: 1 })),
      respond(message("2"), usage({ input: 20, output: 2 })),
      respond(message("3"), usage({ input: 5, output: 5 })),
    ]);
    const first = await run(exec.codexPathOverride, ["exec", "--json"], "one");
    const id = pickText(first.events[0], "thread_id");
    const second = await run(exec.codexPathOverride, ["exec", "--json", "resume", id, "-"], "two");
    const other = await run(exec.codexPathOverride, ["exec", "--json"], "three");
    expect(second.events[0]).toEqual({ type: "thread.started", thread_id: id });
    expect([first, second, other].map(({ events }) => events.at(-1))).toEqual([
      turnCompleted([10, 0, 1, 0]),
      turnCompleted([30, 0, 3, 0]),
      turnCompleted([5, 0, 5, 0]),
    ]);
    expect(exec.modelRequests[1]?.userTexts).toEqual(["one", "two"]);
  });

  test("fails before any step if the thread to resume is neither its own nor declared", async () => {
    const [known, unknown] = ["01a20670-6b18-7f80-92f9-c7bab1a969a6", "01a20670-6b18-7f80-92f9-c7bab1a969a7"];
    await using exec = await createFakeExec([respond(message("1"))], { threads: [known] });
    const found = await run(exec.codexPathOverride, ["exec", "resume", known], "x");
    expect(found.events[0]).toMatchObject({ thread_id: known });
    const lost = await run(exec.codexPathOverride, ["exec", "resume", unknown], "x");
    expect(lost).toMatchObject({ code: 1, stdout: "" });
    expect(lost.stderr).toContain(`no rollout found for thread id ${unknown}`);
  });

  test("that fails ends with error, turn.failed and exit code 1", async () => {
    await using exec = await createFakeExec([fail(500)]);
    const { code, events } = await run(exec.codexPathOverride, ["exec"], "x");
    expect(code).toBe(1);
    expect(events.map(({ type }) => type)).toEqual(["thread.started", "turn.started", "error", "turn.failed"]);
  });

  test("uses the sandbox of its arguments: a patch creates an item only if it may write", async () => {
    const cwd = createScratchFolder();
    const steps = [respond(patch([addFile("a.txt", "hi\n")])), respond(message("done"))];
    await using exec = await createFakeExec([...steps, ...steps]);
    const path = exec.codexPathOverride;
    const writing = await run(path, ["exec", "-c", 'sandbox_mode="workspace-write"'], "x", { cwd });
    const item = { id: "item_0", type: "file_change", changes: [{ path: `${cwd}/a.txt`, kind: "add" }] };
    expect(writing.events.slice(2, 4)).toEqual([
      { type: "item.started", item: { ...item, status: "in_progress" } },
      { type: "item.completed", item: { ...item, status: "completed" } },
    ]);
    const reading = await run(path, ["exec"], "x", { cwd });
    expect(reading.events.map(({ type }) => type)).not.toContain("item.started");
    expect(exec.modelRequests[3]?.outputs.at(-1)?.text).toContain("read-only sandbox");
  });

  test("reports the declared outcome of an MCP tool", async () => {
    await using exec = await createFakeExec([
      respond(functionCall("add", { a: 1 }, { namespace: "mcp__sum", output: "3" })),
      respond(functionCall("add", "not json", { namespace: "mcp__sum" })),
      respond(message("done")),
    ]);
    const { events } = await run(exec.codexPathOverride, ["exec"], "x");
    expect(events.find(({ type }) => type === "item.completed")).toMatchObject({
      item: { type: "mcp_tool_call", server: "sum", tool: "add", arguments: { a: 1 }, status: "completed" },
    });
    expect(exec.modelRequests[2]?.outputs.at(-1)?.text).toBe("failed to parse function arguments");
  });

  test("ends on SIGINT with code 1 and on SIGTERM by the signal, like codex", async () => {
    const [first, second] = [gate(), gate()];
    await using exec = await createFakeExec([respond(first, message("1")), respond(second, message("2"))]);
    const interrupted = start(exec.codexPathOverride, ["exec"]);
    const result = finish(interrupted);
    interrupted.stdin.end("x");
    await first.reached;
    interrupted.kill("SIGINT");
    expect(await result).toMatchObject({ code: 1, signal: null });
    const terminated = start(exec.codexPathOverride, ["exec"]);
    terminated.stdin.end("x");
    await second.reached;
    terminated.kill("SIGTERM");
    expect(await finish(terminated)).toMatchObject({ code: null, signal: "SIGTERM" });
    expect(exec.processes.map(({ signals }) => signals)).toEqual([["SIGINT"], []]);
  });

  test("continues after a signal that the option `ignore` lists", async () => {
    const held = gate();
    await using exec = await createFakeExec([respond(held, message("1"))], { ignore: ["SIGTERM", "SIGINT"] });
    const child = start(exec.codexPathOverride, ["exec"]);
    const result = finish(child);
    child.stdin.end("x");
    await held.reached;
    child.kill("SIGTERM");
    child.kill("SIGINT");
    await expect.poll(() => exec.processes[0]?.signals).toEqual(expect.arrayContaining(["SIGTERM", "SIGINT"]));
    held.open();
    expect(await result).toMatchObject({ code: 0 });
  });
});

describe("a run of the fake exec", () => {
  test("performs exactly the scripted actions", async () => {
    await using exec = await createFakeExec([
      execRun(
        line("garbage"),
        stdout(Buffer.from([0xe2, 0x82])),
        stdout(Buffer.from([0xac])),
        stderr("oops\n"),
        die({ code: 7 }),
      ),
      execRun(line("x"), die({ signal: "SIGKILL" })),
      execRun(),
    ]);
    const path = exec.codexPathOverride;
    expect(await run(path, [], "p")).toMatchObject({ code: 7, stdout: "garbage\n€", stderr: "oops\n" });
    expect(await run(path, [], "p")).toMatchObject({ code: null, signal: "SIGKILL", stdout: "x\n" });
    expect(await run(path, [], "p")).toMatchObject({ code: 0, stdout: "" });
    expect(exec.processes.map(({ stdin }) => stdin)).toEqual(["p", "p", "p"]);
  });

  test("can read its stdin late or never, and close its stdout early", async () => {
    const held = gate();
    await using exec = await createFakeExec([
      execRun(line("before"), readStdin(), line("after")),
      execRun(closeStdout(), held, die({ code: 3 })),
    ]);
    const late = start(exec.codexPathOverride, []);
    const result = finish(late);
    await expect.poll(() => exec.processes.length).toBe(1);
    expect(exec.processes[0]?.stdin).toBe("");
    late.stdin.end("p");
    expect(await result).toMatchObject({ stdout: "before\nafter\n" });
    const closed = start(exec.codexPathOverride, []);
    closed.stdin.end("p");
    const ended = new Promise((resolve) => closed.stdout.on("end", resolve).resume());
    await held.reached;
    await ended;
    held.open();
    expect(await finish(closed)).toMatchObject({ code: 3 });
  });
});

describe("the fake exec", () => {
  test("answers --version without recording a process", async () => {
    await using exec = await createFakeExec([], { version: "9.9.9" });
    expect(await run(exec.codexPathOverride, ["--version"], "")).toMatchObject({
      code: 0,
      stdout: "codex-cli 9.9.9\n",
    });
    expect(exec.processes).toEqual([]);
  });

  test("can be located by its path in an empty environment", async () => {
    await using exec = await createFakeExec([respond(message("hi"))]);
    const { command, args } = locateBinary({ codexPathOverride: exec.codexPathOverride, env: {} });
    expect(await run(command, [...args, "exec"], "x", { env: {} })).toMatchObject({ code: 0 });
  });

  test("rejects after an unexpected process, an unused step and an action that exec cannot perform [A0.3]", async () => {
    await using exec = await createFakeExec([respond(serverRequest("item/tool/call", {}))]);
    await run(exec.codexPathOverride, ["exec"], "x");
    expect(await run(exec.codexPathOverride, ["exec"], "more")).toMatchObject({ code: 1 });
    exec.add(execRun(line("x")));
    const error: unknown = await exec.assertDone().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScriptError);
    expect(error).toMatchObject({
      unexpected: [`model request 2, which ends with the user's "more"`],
      unused: ["execRun(stdout)"],
      violations: ["exec cannot send a request to its client: item/tool/call"],
    });
  });

  test("ends its processes and removes its file on close()", async () => {
    const directory = createScratchFolder();
    const exec = await createFakeExec([respond(gate())], { directory });
    expect(exec.codexPathOverride.startsWith(directory)).toBe(true);
    expect(statSync(exec.codexPathOverride).mode & 0o777).toBe(0o700);
    const child = start(exec.codexPathOverride, ["exec"]);
    const result = finish(child);
    child.stdin.end("x");
    await expect.poll(() => exec.modelRequests.length).toBe(1);
    await exec.close();
    await exec.close();
    expect(await result).toMatchObject({ code: 70 });
    expect(existsSync(exec.codexPathOverride)).toBe(false);
  });
});

function commandItem(type: string, fields: object): object {
  return { type, item: { id: "item_2", type: "command_execution", command: `/bin/bash -lc "ls 'x'"`, ...fields } };
}

function turnCompleted([input, cached, output, reasoning]: readonly number[]): object {
  return {
    type: "turn.completed",
    usage: {
      input_tokens: input,
      cached_input_tokens: cached,
      cache_write_input_tokens: 0,
      output_tokens: output,
      reasoning_output_tokens: reasoning,
    },
  };
}
