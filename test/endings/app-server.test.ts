import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Behaviour, behaviours, type Verdict } from "./app-server-behaviours.js";
import { sentenceOf } from "./ending-sentences.js";
import { deaths, type CaseReport, type Ending, type HostCase, type Outcome, runCase } from "./run-case.js";
import { complaintsOf } from "./sound-ending.js";

const codex = fileURLToPath(new URL("../agents/hostile-server/codex.mjs", import.meta.url));
const threadId = "01a2b3c4-0000-7000-8000-0000000000aa";

// Living processes and their owners are read from /proc.
describe.skipIf(process.platform !== "linux")("on the app-server, a codex that", () => {
  // The endings are the outer loop, so that the behaviours that wait for codexkit's own bounds do not run in a row.
  const endings = new Set(behaviours.flatMap((behaviour) => behaviour.endings));
  for (const ending of endings) {
    for (const behaviour of behaviours.filter((each) => each.endings.includes(ending))) {
      const { says, hostile } = behaviour;
      it.concurrent(`[A1.5] ${says}: ${sentenceOf(ending)} (${hostile})`, async () => {
        const report = await runCase(toCase(behaviour, ending));
        expect(complaints(report, ending)).toEqual([]);
        if (isDeath(ending)) return;
        expect(expectedOf(behaviour, ending)).toContain(verdictOf(report.host?.outcome));
        if (canGoOn(behaviour, ending)) expectAgain(report, behaviour, ending);
      });
    }
  }
});

/** A program that does not close its client ends before its app-server and cannot report the server's end. */
function complaints(report: CaseReport, ending: Ending): readonly string[] {
  const all = complaintsOf(report, ending);
  return ending === "leave" ? all.filter((complaint) => !complaint.includes("operations of process")) : all;
}

function toCase(behaviour: Behaviour, ending: Ending): HostCase {
  const { hostile, once, resumes, timeoutMs, lives, promptLength } = behaviour;
  const isBounded = timeoutMs !== undefined && isUndisturbed(ending);
  return {
    codex,
    transport: "app-server",
    ending,
    env: {
      HOSTILE: hostile,
      ...(once === true ? { HOSTILE_ONCE: "1" } : {}),
      ...(isUndisturbed(ending) ? {} : { HOSTILE_HOLD: "1" }),
    },
    again: canGoOn(behaviour, ending),
    warm: lives === "yes" && isLoadable(behaviour) && (isBounded || ending.endsWith("timeout")),
    ...(promptLength === undefined ? {} : { promptLength }),
    ...(resumes ? { resume: threadId } : {}),
    ...(isBounded ? { timeoutMs } : {}),
  };
}

/** Whether the server starts a thread before it is hostile. */
function isLoadable({ hostile }: Behaviour): boolean {
  return !/initialize|thread\/(?:start|resume)|any|first/.test(hostile);
}

/** The possible outcomes of the turn; never a success without a completed turn. */
function expectedOf({ run, lives }: Behaviour, ending: Ending): readonly Verdict[] {
  if (isUndisturbed(ending)) return [run];
  const ended = verdictOfEnding(ending);
  if (lives === "yes" || ending === "abort-before" || ending === "abort-at-spawn") return [ended];
  // A bound may pass before the server has been started.
  return lives === "no" && !ending.endsWith("timeout") ? [run] : [run, ended];
}

/** The outcome of a turn that would have continued. */
function verdictOfEnding(ending: Ending): Verdict {
  if (ending.startsWith("abort") || ending === "all-at-once") return "ABORTED";
  if (ending.startsWith("close")) return "CLIENT_CLOSED";
  return ending.endsWith("timeout") ? "TURN_TIMEOUT" : "interrupted";
}

function expectAgain({ host }: CaseReport, { run, again, once, lives }: Behaviour, ending: Ending): void {
  // A server that fails at its start is asked for its version, as a process of exec.
  const { started = 0, onExec = 0 } = host?.operations["process"] ?? {};
  const found = { verdict: verdictOf(host?.again), processes: started - onExec };
  if (ending.startsWith("close-") || ending === "all-at-once") {
    expect(found.verdict).toBe("CLIENT_CLOSED");
    return;
  }
  // No second process is needed after a turn that ended by itself.
  const processes = again === 1 || (run === "completed" && isUndisturbed(ending) && again === 2) ? 1 : 2;
  const sound = { verdict: once === true || again === 1 ? "completed" : run, processes };
  if (again === "perhaps 2") expect([sound, { verdict: "PROCESS_EXITED", processes: 1 }]).toContainEqual(found);
  else if (lives === "no" || lives === "perhaps") expect([sound, { verdict: run, processes: 1 }]).toContainEqual(found);
  else expect(found).toEqual(sound);
}

/** An invalid line instead of the server's answer makes a success impossible. */
function verdictOf(outcome: Outcome | null | undefined): Verdict | null {
  if (outcome?.kind === "rejected") return outcome.code;
  if (outcome?.status !== "completed") return outcome?.status ?? null;
  return outcome.finalResponseLength === 11 ? "completed" : `completed with ${outcome.output ?? "nothing"}`;
}

function canGoOn({ again }: Behaviour, ending: Ending): boolean {
  return again !== undefined && ending !== "leave" && !isDeath(ending);
}

/** Whether the turn ends by itself. */
function isUndisturbed(ending: Ending): boolean {
  return ending === "run" || ending === "leave" || ending === "abort-after";
}

function isDeath(ending: Ending): boolean {
  return deaths.some((death) => death === ending);
}
