import { randomInt } from "node:crypto";
import { gate, message, respond, shell } from "../../../src/testing/index.js";
import { listProcesses } from "../../check/process-list.js";
import { observe } from "../observe.js";
import type { Probe } from "../probe.js";
import type { ProbeStage } from "../stage.js";

/** Commands that are hard to end. `nap` has a number by which its processes are found. */
const commands = {
  plain: (nap: string) => nap,
  "ignores-term": (nap: string) => `bash -c "trap '' INT TERM HUP; while :; do ${nap}; done"`,
  setsid: (nap: string) => `setsid ${nap} & ${nap}`,
  "double-fork": (nap: string) => `(setsid bash -c "trap '' TERM; ${nap} & ${nap}" &); ${nap}`,
};

const sandboxes = ["workspace-write", "danger-full-access"] as const;

function living(token: string): number {
  return listProcesses().filter(({ commandLine }) => commandLine.startsWith("sleep ") && commandLine.includes(token))
    .length;
}

/** Returns the number of processes that live a moment after the end. */
async function survivors(stage: ProbeStage, token: string): Promise<number> {
  const deadline = performance.now() + 2000;
  await stage.until("the end of the command's processes", () => living(token) === 0 || performance.now() > deadline);
  const found = listProcesses().filter(({ commandLine }) => commandLine.includes(token));
  for (const { pid } of found) process.kill(pid, "SIGKILL");
  return found.length;
}

interface Ending {
  readonly id: string;
  readonly command: keyof typeof commands;
  readonly sandboxMode: (typeof sandboxes)[number];
  readonly end: (turn: ReturnType<ReturnType<ProbeStage["thread"]>["runStreamed"]>, stage: ProbeStage) => Promise<void>;
  readonly expected: Probe["expected"];
}

/** A turn that is ended while the command runs. */
function endingProbe({ id, command, sandboxMode, end, expected }: Ending): Probe {
  const token = String(randomInt(1e11, 1e12));
  const tokenOn = (transport: string): string => `${token}${transport === "exec" ? 1 : 2}`;
  return {
    id,
    feature: "no survivors",
    model: (transport) => [respond(shell(commands[command](`sleep 86400.${tokenOn(transport)}`)))],
    play: async (stage) => {
      const own = tokenOn(stage.transport);
      const turn = stage.thread({ sandboxMode }).runStreamed("Work");
      const seen = observe(turn);
      await stage.until(
        "the command",
        () => living(own) >= (command === "plain" || command === "ignores-term" ? 1 : 2),
      );
      await end(turn, stage);
      const { status } = await seen;
      return { status, survivors: await survivors(stage, own) };
    },
    expected,
  };
}

const commandEndings = (Object.keys(commands) as (keyof typeof commands)[]).flatMap((command) =>
  sandboxes.map((sandboxMode): Ending => ({
    id: `interrupt.${command}.${sandboxMode}`,
    command,
    sandboxMode,
    end: (turn) => turn.interrupt(),
    expected: { status: "interrupted", survivors: 0 },
  })),
);

/** The ends of turns before their work is done. */
export const endingProbes: readonly Probe[] = [
  {
    id: "interrupt.answer",
    feature: "interrupt",
    model: () => [respond(message("It takes", { deltas: ["It ", gate(), "takes"] })), respond(message("Second."))],
    play: async (stage) => {
      const thread = stage.thread();
      const turn = thread.runStreamed("Write");
      const seen = observe(turn);
      await stage.until("the model's request", () => stage.model.requests.length > 0);
      await turn.interrupt();
      const { status } = await seen;
      return { status, next: (await thread.run("Go on")).finalResponse };
    },
    expected: { status: "interrupted", next: "Second." },
  },
  {
    id: "interrupt.timeout",
    feature: "interrupt",
    model: () => [respond(gate(), message("never"))],
    play: async (stage) => (await observe(stage.thread().runStreamed("Write", { timeoutMs: 1000 }))).error,
    expected: { code: "TURN_TIMEOUT" },
  },
  {
    id: "interrupt.signal",
    feature: "interrupt",
    model: () => [respond(gate(), message("never"))],
    play: async (stage) => {
      const abort = new AbortController();
      const seen = observe(stage.thread().runStreamed("Write", { signal: abort.signal }));
      await stage.until("the model's request", () => stage.model.requests.length > 0);
      abort.abort();
      return (await seen).error;
    },
    expected: { code: "ABORTED" },
  },
  ...commandEndings.map(endingProbe),
  endingProbe({
    id: "close.double-fork",
    command: "double-fork",
    sandboxMode: "danger-full-access",
    end: (_turn, stage) => stage.codex.close(),
    expected: { survivors: 0 },
  }),
];
