import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { createOutputReader } from "../../../../src/process/spawn/output-reader.js";

function blockFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe("the output of an ended process", () => {
  it("[A1.5] is read to its end if the host program is busy for longer than the wait for the pipe", async () => {
    const child = spawn("/bin/sh", ["-c", "echo one; read x; echo two; read x; echo three"]);
    const { lines } = createOutputReader(child.stdout, { exited: Promise.resolve(), pipeGraceMs: 1_000 });
    const texts: string[] = [];
    for await (const batch of lines) {
      texts.push(...batch.map(({ text }) => text));
      // Runs while the reader already waits for the next line.
      process.nextTick(() => {
        if (texts.at(-1) !== "three") child.stdin.write("\n");
        blockFor(1_200);
      });
    }
    expect(texts).toEqual(["one", "two", "three"]);
  });
});
