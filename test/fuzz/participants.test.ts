import fc from "fast-check";
import { describe, expect } from "vitest";
import { allow, type ApprovalRule, deny } from "../../src/approvals/rules/approval-rule.js";
import { match } from "../../src/approvals/rules/match.js";
import { Codex } from "../../src/index.js";
import type { ServerRequestAnswer } from "../../src/protocol/index.js";
import { type RecordedTurn, RecordingTransport } from "../unit/client/recording-transport.js";
import { ended, started } from "../unit/thread/events.js";
import { fuzz } from "./fuzz.js";

const threadId = "01a2b3c4-0000-7000-8000-000000000000";
const policies: readonly ApprovalRule[] = [allow(), deny(), match({ command: "ls" }, allow())];
const accepted = (answer: ServerRequestAnswer | undefined): boolean => JSON.stringify(answer).includes('"accept"');
const commands = ["ls", "touch x"] as const;

function approvalOf(command: string, itemId: string): Parameters<RecordedTurn["ask"]>[0] {
  const ids = { threadId: "thread-1", turnId: "turn-1", itemId, startedAtMs: 1 };
  const params = {
    ...ids,
    kind: "command",
    environmentId: null,
    command: `/bin/bash -lc '${command}'`,
    cwd: process.cwd(),
  };
  return { id: itemId, method: "item/commandExecution/requestApproval", params, threadId: "thread-1" };
}

/** A step of the program: a handle runs or steers, codex asks, or codex ends the turn. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("run" as const), handle: fc.nat(3), steer: fc.boolean() }),
  fc.record({ kind: fc.constant("ask" as const), command: fc.constantFrom(...commands) }),
  fc.record({ kind: fc.constant("end" as const) }),
);

describe("[T6] the participants of a turn", () => {
  fuzz(
    "a command is accepted only if the policy of every participant allows it, in any order of runs, steers and requests",
    15,
    fc.asyncProperty(
      fc.array(fc.nat(policies.length - 1), { minLength: 2, maxLength: 4 }),
      fc.array(step, { minLength: 3, maxLength: 14 }),
      async (given, steps) => {
        const transport = new RecordingTransport();
        const codex = new Codex({ transport });
        const handles = given.map((at) =>
          codex.resumeThread(threadId, { skipGitRepoCheck: true, onApproval: policies[at] ?? deny() }),
        );
        const policyOf = (text: string): number => given[Number(text)] ?? 1;
        const results: Promise<unknown>[] = [];
        const begun = new Set<RecordedTurn>();
        const over = new Set<RecordedTurn>();
        const settle = async (): Promise<void> => {
          for (let tick = 0; tick < 4; tick += 1) await new Promise(setImmediate);
        };
        /** The turn that runs, once codex has reported its start. */
        const running = async (): Promise<RecordedTurn | undefined> => {
          await settle();
          const turn = transport.turns.find((each) => !over.has(each));
          if (turn !== undefined && !begun.has(turn)) turn.say(started());
          if (turn !== undefined) begun.add(turn);
          await settle();
          return turn;
        };
        for (const [at, each] of steps.entries()) {
          const turn = await running();
          if (each.kind === "run") {
            const handle = each.handle % handles.length;
            const whenBusy = each.steer ? "steer" : "queue";
            results.push(Promise.resolve(handles[handle]?.run(String(handle), { whenBusy })).catch(() => null));
          } else if (turn !== undefined && each.kind === "end") {
            over.add(turn);
            turn.say(ended());
          } else if (turn !== undefined && each.kind === "ask") {
            const inputs = [turn.spec.input, ...turn.steered];
            const participants = inputs.map(([part]) => (part?.type === "text" ? policyOf(part.text) : 1));
            const answer = await turn.ask(approvalOf(each.command, `i${at}`));
            const expected = participants.every((policy) => policy === 0 || (policy === 2 && each.command === "ls"));
            expect(accepted(answer), JSON.stringify({ participants, each })).toBe(expected);
          }
        }
        await codex.close();
        await Promise.all(results);
      },
    ),
  );
});
