import { describe, expect, test } from "vitest";
import type { CliHost } from "../../../src/cli/cli-host.js";
import { createRunReporter, type RunClock } from "../../../src/cli/run/run-reporter.js";
import type { RunOptions } from "../../../src/cli/run/run-options.js";
import type { RunResult } from "../../../src/cli/run/run-result.js";
import type { ThreadEvent, ThreadItem } from "../../../src/index.js";
import { createTestHost } from "./test-host.js";

const at = { threadId: "t1", turnId: "u1" } as const;
const clear = "\r\u001b[K";
const completed = (item: ThreadItem): ThreadEvent => ({ type: "item.completed", ...at, item });
const said = (text: string, id = "m1"): ThreadEvent => completed({ type: "agentMessage", id, text });
const ran = completed({ type: "commandExecution", id: "c1", command: "ls", status: "completed", exitCode: 0 });
const result: RunResult = {
  type: "codexkit.run.result",
  ...{ ok: true, exitCode: 0, transport: "exec", threadId: "t1", turnId: null, status: "completed" },
  ...{ finalResponse: "Done.", usage: null, durationMs: 1_250, error: null },
};

function open(given: Partial<CliHost> = {}, options: Pick<RunOptions, "json" | "cd"> = { json: false }) {
  const host = createTestHost({ cwd: "/work", ...given });
  let time = 0;
  let redraw: (() => void) | null = null;
  const clock: RunClock = {
    now: () => time,
    every(_milliseconds, act) {
      redraw = act;
      return () => {
        redraw = null;
      };
    },
  };
  const reporter = createRunReporter(options, host, clock);
  return {
    reporter,
    printed: host.printed,
    ticks: () => redraw !== null,
    tick(milliseconds: number) {
      time += milliseconds;
      redraw?.();
    },
  };
}

describe("the output of a run", () => {
  test("is the answer on stdout, once, and a line for each earlier item on stderr", () => {
    const { reporter, printed } = open();
    reporter.begin();
    for (const event of [said("Let me see."), ran, said("Done.", "m2")]) reporter.event(event);
    reporter.end(result);
    expect(printed).toEqual({
      out: "Done.\n",
      err: 'say      Let me see.\nexit     0\nusage    1.3 s\nresume   codexkit run --resume t1 "..."\n',
    });
  });

  test("includes the folder in the command to resume if --cd was set", () => {
    const { reporter, printed } = open({}, { json: false, cd: "my work" });
    reporter.end(result);
    expect(printed.err).toContain('resume   codexkit run --resume t1 --cd "my work" "..."\n');
  });

  test("is empty on stdout if the turn failed, and the messages are on stderr", () => {
    const { reporter, printed } = open();
    reporter.event(said("Done."));
    reporter.end({ ...result, ok: false, exitCode: 1, status: "failed" });
    expect(printed.out).toBe("");
    expect(printed.err).toMatch(/^say {6}Done\.\n/);
  });

  test("is the partial answer if the turn was interrupted", () => {
    const { reporter, printed } = open();
    reporter.end({ ...result, ok: false, exitCode: 130, status: "interrupted", finalResponse: "Half" });
    expect(printed.out).toBe("Half\n");
    expect(printed.err).toMatch(/^turn {5}interrupted\n/);
  });

  test("[A1.11] is the parsed JSON if there is a schema", () => {
    const { reporter, printed } = open();
    reporter.end({ ...result, finalResponse: '{"a": 1, "b": null}', output: { a: 1 } });
    expect(printed.out).toBe('{"a":1}\n');
  });

  test("is the unchanged answer in a file, and has no control sequences on a terminal", () => {
    const finalResponse = "\u001b[31mred\u001b[0m\n";
    const file = open();
    file.reporter.end({ ...result, finalResponse });
    expect(file.printed.out).toBe(finalResponse);
    const terminal = open({ outIsTerminal: true });
    terminal.reporter.end({ ...result, finalResponse });
    expect(terminal.printed.out).toBe("red\n");
  });

  test("with --json is one JSON object a line, without control characters", () => {
    const { reporter, printed } = open({ outIsTerminal: true }, { json: true });
    reporter.begin();
    reporter.event(said("\u001b[2J\u009b2J"));
    reporter.end(result);
    expect(printed.err).toBe("");
    // eslint-disable-next-line no-control-regex -- it removes control characters
    expect(printed.out.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    const lines = printed.out
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(lines).toEqual([said("\u001b[2J\u009b2J"), result]);
  });
});

describe("on a terminal, a run", () => {
  test("draws the current activity below the permanent lines, and removes it at the end", () => {
    const { reporter, printed, tick, ticks } = open({ errTerminal: { columns: 40 } });
    expect(ticks()).toBe(false);
    reporter.begin();
    reporter.event({ type: "turn.started", ...at });
    tick(125);
    reporter.event(ran);
    tick(10);
    tick(990);
    reporter.end(result);
    expect(printed.err).toBe(
      [
        "| 0:00  starting",
        `${clear}/ 0:00  thinking`,
        `${clear}exit     0\n/ 0:00  thinking`,
        `${clear}/ 0:01  thinking`,
        `${clear}usage    1.3 s\nresume   codexkit run --resume t1 "..."\n`,
      ].join(""),
    );
    expect(ticks()).toBe(false);
  });

  test("prints a notice above the status line, and stops drawing when it has ended", () => {
    const { reporter, printed } = open({ errTerminal: { columns: 0 } });
    reporter.begin();
    reporter.notice("wait\n");
    expect(printed.err).toBe(`| 0:00  starting${clear}wait\n| 0:00  starting`);
    reporter.end({ ...result, threadId: null });
    reporter.notice("late\n");
    expect(printed.err).toBe(`| 0:00  starting${clear}wait\n| 0:00  starting${clear}late\n`);
  });

  test("prints an empty line before the answer if both streams are the terminal", () => {
    const { reporter, printed } = open({ errTerminal: { columns: 40 }, outIsTerminal: true });
    reporter.begin();
    reporter.end(result);
    expect(printed.err.endsWith('"..."\n\n')).toBe(true);
    expect(printed.out).toBe("Done.\n");
  });
});
