import { describe, expect, inject, it } from "vitest";
import { createScriptedModel } from "../../src/testing/index.js";
import { agentKinds } from "../e2e/agents/agent-script.js";
import { agentCase, type AgentKind, createAgentPlay, expectedRequests, hasAgent } from "./agent-case.js";
import { sentenceOf } from "./ending-sentences.js";
import { type CaseReport, deaths, type Ending, endings, runCase } from "./run-case.js";
import { complaintsOf } from "./sound-ending.js";

const every: readonly Ending[] = [...endings, ...deaths].filter(hasAgent);
const few: readonly Ending[] = ["run", "break", "abort-during", "close-thread", "SIGKILL"];

const kinds = agentKinds.map(([namespace, model]): AgentKind => ({ namespace, model, depth: "direct" }));
const deep: AgentKind = { namespace: "collaboration", model: "gpt-6.1-sol", depth: "deep" };

// Living processes and their owners are read from /proc.
const skipped = process.platform !== "linux" || inject("codexMissing") !== null;

describe.skipIf(skipped).each(["app-server", "exec"] as const)(
  "on %s, with its command in another session,",
  (transport) => {
    // The endings are the outer loop, so that the cases that wait for a limit of time do not run in a row.
    for (const ending of every) {
      for (const kind of few.includes(ending) ? [...kinds, deep] : kinds) {
        const agent = kind.depth === "deep" ? "a sub-agent of a sub-agent" : `a sub-agent (${kind.namespace})`;
        it.concurrent(`[S3] ${agent} ends: ${sentenceOf(ending)}`, async () => {
          const play = createAgentPlay(kind, ending);
          await using model = await createScriptedModel(play.steps, { strict: false });
          const hostCase = agentCase(kind, ending, { transport, model });
          const report = await runCase(hostCase);
          expect(complaints(report, ending)).toEqual([]);
          expect(play.asked()).toBe(expectedRequests(kind, ending));
          if (hostCase.again !== true) return;
          expect(report.host?.again).toMatchObject({ status: "completed" });
          expect(report.host?.operations["process"]?.started).toBe(1);
        });
      }
    }
  },
);

/** A program that does not close its client ends before its app-server and cannot report the server's end. */
function complaints(report: CaseReport, ending: Ending): readonly string[] {
  const all = complaintsOf(report, ending);
  if (report.host?.midTurnBy === "settled")
    all.push(`the turn settled before mid-turn: ${JSON.stringify(report.host.outcome)}`);
  return ending === "leave" ? all.filter((complaint) => !complaint.includes("operations of process")) : all;
}
