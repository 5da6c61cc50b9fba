import { expect, test } from "vitest";
import { createEnding, type EndSignal } from "../../../src/cli/ending.js";

function createStand(gentle: boolean | null) {
  const said: string[] = [];
  let time = 0;
  const ending = createEnding({ now: () => time, die: (signal) => said.push(`dies of ${signal}`) });
  ending.signal.addEventListener("abort", () => said.push(`aborted: ${String(ending.signal.reason)}`));
  const release = ending.onInterrupt({
    interrupt: () => {
      said.push("interrupted");
      return gentle === true;
    },
    beforeExit: () => void said.push("last words"),
  });
  if (gentle === null) release();
  return {
    ending,
    said,
    receive(signal: EndSignal, after = 1_000) {
      time += after;
      ending.receive(signal);
    },
  };
}

test("[A1.5] the first Ctrl-C interrupts the work, and a second one ends the process after its final output", () => {
  const { said, receive } = createStand(true);
  receive("SIGINT");
  expect(said).toEqual(["interrupted"]);
  receive("SIGINT");
  expect(said).toEqual(["interrupted", "last words", "dies of SIGINT"]);
});

test("counts a Ctrl-C once if both the terminal and npx send it", () => {
  const { said, receive } = createStand(true);
  receive("SIGINT");
  receive("SIGINT", 20);
  expect(said).toEqual(["interrupted"]);
  receive("SIGINT");
  expect(said.at(-1)).toBe("dies of SIGINT");
});

test.each([
  ["nobody takes it", null],
  ["there is nothing to end gently", false],
])("Ctrl-C aborts the command if %s, and a second one ends the process", (_when, gentle) => {
  const { said, receive } = createStand(gentle);
  receive("SIGINT");
  expect(said.at(-1)).toBe("aborted: Error: ended by SIGINT");
  receive("SIGINT");
  expect(said.at(-1)).toBe("dies of SIGINT");
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s aborts the command at once, even after a Ctrl-C", (signal) => {
  const plain = createStand(true);
  plain.receive(signal);
  expect(plain.said).toEqual([`aborted: Error: ended by ${signal}`]);
  plain.receive("SIGINT", 20);
  expect(plain.said.slice(1)).toEqual(["last words", "dies of SIGINT"]);

  const late = createStand(true);
  late.receive("SIGINT");
  late.receive(signal, 20);
  expect(late.said).toEqual(["interrupted", `aborted: Error: ended by ${signal}`]);
  late.receive(signal);
  expect(late.said.at(-1)).toBe(`dies of ${signal}`);
});

test("a finished command receives no more interrupts, and another reason also aborts", () => {
  const { ending, said } = createStand(null);
  ending.abort(new Error("nobody reads"));
  expect(said).toEqual(["aborted: Error: nobody reads"]);
});
