import type { TransportName } from "../../index.js";
import type { JsonObject } from "../../protocol/index.js";
import {
  functionCall,
  type FunctionCallItem,
  message,
  type ModelRequest,
  type ModelStep,
  patch,
  reasoning,
  respond,
  type ScriptEntry,
  slow,
  updateFile,
  usage,
} from "../../testing/index.js";
import { demoFacts } from "./demo-project.js";
import { demoTicket } from "./demo-tickets.js";

const { source, testCommand, wrongLine, rightLine } = demoFacts;
const pace = slow({ delayMs: 8 });

/**
 * Returns the script of the model. Each step checks codex's output of the step before: the ticket and the file were read, the
 * test failed, the patch was applied, the test passed, and the approved action was done. A commit needs approval to leave
 * the sandbox, so there is none on exec.
 */
export function createDemoScript(transport: TransportName): readonly ScriptEntry[] {
  const withCommit = canCommit(transport);
  return [
    (request) => {
      expectPrompt(request, demoPrompt(transport));
      return respond(pace, call("read_ticket", { id: demoTicket.id }, transport), tokens(1_100, 30));
    },
    (request) => {
      expectOutput(request, "read_ticket", demoTicket.report);
      const thought = "The first number is not counted, so I look at where the loop begins.";
      return respond(pace, reasoning(thought, { deltas: 6 }), command("read", `cat ${source}`), tokens(1_200, 60));
    },
    (request) => {
      expectOutput(request, "read", wrongLine);
      return respond(command("red", testCommand), tokens(1_400, 20));
    },
    (request) => {
      expectOutput(request, "red", /\bfail 1\b/);
      const fix = patch([updateFile(source, wrongLine, rightLine)], { callId: "fix" });
      return respond(reasoning("The loop skips the first number."), fix, tokens(1_700, 90));
    },
    (request) => {
      expectOutput(request, "fix", source);
      return respond(command("green", testCommand), tokens(1_800, 20));
    },
    ...(withCommit ? [commitStep] : []),
    (request) => {
      if (withCommit) expectOutput(request, "commit", /1 file changed/);
      else expectGreen(request);
      const comment = `The loop in ${source} begins at 0 now.`;
      return respond(call("close_ticket", { id: demoTicket.id, comment }, transport), tokens(1_900, 30));
    },
    (request) => {
      expectOutput(request, "close_ticket", `Ticket ${demoTicket.id} is closed.`);
      const answer = `The loop in ${source} began at 1 and skipped the first number. It begins at 0 now, and the test passes.`;
      return respond(pace, message(answer, { deltas: 5, phase: "final_answer" }), tokens(2_000, 40));
    },
  ];
}

/** The prompt of both models. */
export function demoPrompt(transport: TransportName): string {
  const commit = canCommit(transport) ? " Then commit it, outside the sandbox: inside, .git cannot be written." : "";
  return (
    `Read ticket ${demoTicket.id} with the tool read_ticket and fix what it reports: a test fails. Run it with ` +
    `\`${testCommand}\`, change the code and not the test, and run it again.${commit} At last close the ticket.`
  );
}

/** Exec sends no approval requests, so a command cannot leave the sandbox there. */
function canCommit(transport: TransportName): boolean {
  return transport === "app-server";
}

function commitStep(request: ModelRequest): ModelStep {
  expectGreen(request);
  const args = {
    cmd: `git commit --all --message 'Count the first number, too'`,
    login: false,
    sandbox_permissions: "require_escalated",
    justification: "Git's own folder cannot be written in the sandbox.",
  };
  return respond(functionCall("exec_command", args, { callId: "commit" }), tokens(1_900, 30));
}

function expectGreen(request: ModelRequest): void {
  expectOutput(request, "green", /\bpass 1\b[^]*\bfail 0\b/);
}

/** A call of a host tool. On exec the tool belongs to the namespace of codexkit's MCP server. */
function call(name: string, args: JsonObject, transport: TransportName): FunctionCallItem {
  const server = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
  return functionCall(name, args, { callId: name, ...server });
}

/** Uses no login shell, because its profile could hide the Node that runs the demo. */
function command(callId: string, cmd: string): FunctionCallItem {
  return functionCall("exec_command", { cmd, login: false }, { callId });
}

function tokens(input: number, output: number): ReturnType<typeof usage> {
  return usage({ input, cached: Math.floor(input / 2), output, reasoning: Math.floor(output / 4) });
}

function expectPrompt(request: ModelRequest, prompt: string): void {
  if (request.userTexts.some((text) => text.includes(prompt))) return;
  throw new Error("codex did not send the prompt to the model");
}

function expectOutput(request: ModelRequest, callId: string, expected: string | RegExp): void {
  const output = request.output(callId);
  const isThere = typeof expected === "string" ? output?.includes(expected) : expected.test(output ?? "");
  if (isThere === true) return;
  const actual = output === undefined ? "nothing" : JSON.stringify(output.slice(-600));
  throw new Error(
    `codex must send the model the output of "${callId}" with ${String(expected).trim()}, and it sent ${actual}`,
  );
}
