import { expectTypeOf, test } from "vitest";
import {
  type ApprovalMode,
  Codex,
  type CodexOptions,
  type Input,
  type ModelReasoningEffort,
  type RunResult,
  type SandboxMode,
  type ThreadEvent,
  type ThreadItem,
  type ThreadOptions,
  type ThreadStartOptions,
  type Transport,
  type TurnOptions,
  type TurnResult,
  type Usage,
  type UserInput,
  type WebSearchMode,
} from "../../src/index.js";

const codex = new Codex();
const thread = codex.startThread();

test("[A1.20] every option may be undefined, also under exactOptionalPropertyTypes", () => {
  const client: { [K in keyof Required<CodexOptions>]: undefined } = {
    codexPathOverride: undefined,
    baseUrl: undefined,
    apiKey: undefined,
    config: undefined,
    configOverrides: undefined,
    env: undefined,
    keepRaw: undefined,
    allowWritableBinary: undefined,
    hardenGit: undefined,
    strictVersion: undefined,
    transport: undefined,
    tools: undefined,
    onApproval: undefined,
    approvalTimeoutMs: undefined,
    context: undefined,
    logger: undefined,
  };
  expectTypeOf(client).toExtend<CodexOptions>();
  expectTypeOf<{ [K in keyof Required<ThreadOptions>]: undefined }>().toExtend<ThreadOptions>();
  expectTypeOf<{ [K in keyof Required<ThreadStartOptions>]: undefined }>().toExtend<ThreadStartOptions>();
  expectTypeOf<{ [K in keyof Required<TurnOptions>]: undefined }>().toExtend<TurnOptions>();
  void thread.run("x", { signal: undefined, outputSchema: undefined, model: undefined });
  void codex.ready({ signal: undefined });
});

test("[A1.20] options accept process.env, readonly arrays and unknown efforts", () => {
  expectTypeOf<NodeJS.ProcessEnv>().toExtend<NonNullable<CodexOptions["env"]>>();
  expectTypeOf<"app-server" | "exec" | Transport | undefined>().toEqualTypeOf<CodexOptions["transport"]>();
  expectTypeOf<{ features: { plugins: boolean }; list: string[]; skipped: undefined }>().toExtend<
    NonNullable<CodexOptions["config"]>
  >();
  expectTypeOf<"high">().toExtend<ModelReasoningEffort>();
  // An effort that only newer models have.
  expectTypeOf<"galactic">().toExtend<ModelReasoningEffort>();
  expectTypeOf<readonly ["/a"]>().toExtend<NonNullable<ThreadOptions["additionalDirectories"]>>();
});

test("[A1.20] the names of the official SDK are exported", () => {
  expectTypeOf<RunResult>().toEqualTypeOf<TurnResult>();
  expectTypeOf<Usage>().toHaveProperty("inputTokens").toEqualTypeOf<number>();
  expectTypeOf<ApprovalMode>().toEqualTypeOf<"never" | "on-request" | "untrusted">();
  expectTypeOf<SandboxMode>().toEqualTypeOf<"read-only" | "workspace-write" | "danger-full-access">();
  expectTypeOf<"live">().toExtend<WebSearchMode>();
  expectTypeOf<string | { type: "text"; text: string }[]>().toExtend<Input>();
  expectTypeOf<{ type: "local_image"; path: string }>().toExtend<UserInput>();
  expectTypeOf<ThreadEvent>().not.toBeAny();
  expectTypeOf<ThreadItem>().not.toBeAny();
});

test("[A1.20] misuse does not compile", () => {
  // @ts-expect-error -- no such option
  new Codex({ apikey: "x" });
  // @ts-expect-error -- an option of a thread
  new Codex({ model: "x" });
  // @ts-expect-error -- no such transport
  new Codex({ transport: "websocket" });
  // @ts-expect-error -- null is no value of codex's configuration
  new Codex({ config: { a: null } });
  // @ts-expect-error -- variables are strings
  new Codex({ env: { A: 1 } });
  // @ts-expect-error -- no such option
  codex.startThread({ sandbox: "read-only" });
  // @ts-expect-error -- no such sandbox
  codex.startThread({ sandboxMode: "writable" });
  // @ts-expect-error -- no such policy
  codex.startThread({ approvalPolicy: "always" });
  // @ts-expect-error -- a number is no thread
  codex.resumeThread(7);
  // @ts-expect-error -- an option of a thread
  void thread.run("x", { developerInstructions: "y" });
  // @ts-expect-error -- a controller is no signal
  void thread.run("x", { signal: new AbortController() });
  // @ts-expect-error -- no such choice
  void thread.run("x", { whenBusy: "wait" });
  // @ts-expect-error -- no such part
  void thread.run([{ type: "video", url: "x" }]);
  // @ts-expect-error -- a turn needs an input
  void thread.run();
});
