import {
  functionCall,
  type FunctionCallItem,
  message,
  type ModelRequest,
  patch,
  reasoning,
  respond,
  type ScriptEntry,
  slow,
  updateFile,
  usage,
} from "../../testing/index.js";
import { demoFacts } from "./demo-project.js";

const { source, testCommand, wrongLine, rightLine } = demoFacts;
const pace = slow({ delayMs: 8 });

/**
 * What the scripted model says. Each step looks first at what codex told it of the step before: it goes on only if the
 * file was really read, the test really failed, the patch was really applied and the test really passed.
 */
export function createDemoScript(): readonly ScriptEntry[] {
  return [
    (request) => {
      expectPrompt(request);
      const thought = "A test fails, so I look at the code that it tests first.";
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
    (request) => {
      expectOutput(request, "green", /\bpass 1\b[^]*\bfail 0\b/);
      const answer = `The loop in ${source} began at 1 and skipped the first number. It begins at 0 now, and the test passes.`;
      return respond(pace, message(answer, { deltas: 5, phase: "final_answer" }), tokens(2_000, 40));
    },
  ];
}

/** The prompt of both models. */
export const demoPrompt = `Fix the failing test. Run it with \`${testCommand}\`, change the code and not the test, and run it again.`;

/** No login shell: its profile could hide the Node that runs the demo. */
function command(callId: string, cmd: string): FunctionCallItem {
  return functionCall("exec_command", { cmd, login: false }, { callId });
}

function tokens(input: number, output: number): ReturnType<typeof usage> {
  return usage({ input, cached: Math.floor(input / 2), output, reasoning: Math.floor(output / 4) });
}

function expectPrompt(request: ModelRequest): void {
  if (request.userTexts.some((text) => text.includes(demoPrompt))) return;
  throw new Error("codex did not send the prompt to the model");
}

function expectOutput(request: ModelRequest, callId: string, expected: string | RegExp): void {
  const output = request.output(callId);
  const isThere = typeof expected === "string" ? output?.includes(expected) : expected.test(output ?? "");
  if (isThere === true) return;
  const told = output === undefined ? "nothing" : JSON.stringify(output.slice(-600));
  throw new Error(`the model was to be told of "${callId}" with ${String(expected).trim()}, and codex told it ${told}`);
}
