/** A feature of the official Python SDK, and its counterpart in codexkit. */
export interface Feature {
  readonly area: string;
  /** Its name in `openai_codex`. */
  readonly python: string;
  /** Its name in codexkit; null if there is none yet. */
  readonly codexkit: string | null;
  /** The behaviour of docs/internals/acceptance.md that it belongs to. */
  readonly id: string;
  /** The test that proves it: a file, and a part of a test title in it. Null if the feature is open. */
  readonly proof: readonly [file: string, title: string] | null;
  readonly note?: string;
}

const contract = "test/contract/turn-contract.test.ts";
const request = "`codex.appServer.request`";
const questions = ["test/e2e/testing/fixture-schema.test.ts", "of the app-server contain no method"] as const;

/** The public surface of `openai-codex` 0.163.0, by area. */
export const features: readonly Feature[] = [
  row(
    "client",
    "`Codex(config)`",
    "`new Codex(options)`",
    "A1.4",
    [contract, "a turn is cold"],
    "starts nothing before the first turn",
  ),
  row(
    "client",
    "`codex.metadata`",
    "`await codex.ready()`",
    "A1.20",
    ["test/e2e/app-server.test.ts", "ready() starts codex in advance"],
    "version, path, home",
  ),
  row("client", "`codex.close()`, `with`", "`codex.close()`, `await using`", "A1.22", [contract, "close() settles"]),
  row("client", "`CodexConfig.codex_bin`", "`codexPathOverride`, `CODEX_PATH`", "A1.9", [
    "test/e2e/failures/bad-input.test.ts",
    "a missing binary",
  ]),
  row(
    "client",
    "`CodexConfig.env`",
    "`env`",
    "A1.16",
    ["test/e2e/failures/credentials.test.ts", "apiKey reaches the model"],
    "replaces the environment, as in the official TypeScript SDK",
  ),
  row("client", "`CodexConfig.config_overrides`", "`configOverrides`, `config`", "A1.15", [
    "test/e2e/failures/limits.test.ts",
    "a megabyte of configuration",
  ]),
  row("client", "`AsyncCodex`", "every call is asynchronous", "A1.19", [contract, "a turn is cold"]),
  row("client", "runtime compatibility gate", "`strictVersion`, a warning without it", "A1.23", [
    "test/unit/transport/options/options-table.test.ts",
    "A1.23",
  ]),
  row("threads", "`thread_start(**kw)`", "`codex.startThread(options)`, `thread.start()`", "A1.13", [
    contract,
    "start() resolves",
  ]),
  row("threads", "`thread_resume(id)`", "`codex.resumeThread(idOrState)`", "A1.13", [contract, "resumed by its id"]),
  row("threads", "`thread_fork(id)`", `${request}("thread/fork")`, "A1.13", questions, "no method of its own yet"),
  row("threads", "`thread_list()`", `${request}("thread/list")`, "A1.13", questions, "no method of its own yet"),
  row("threads", "`thread_archive`, `thread_unarchive`", null, "A1.13", null),
  row("threads", "`thread.read()`", `${request}("thread/read")`, "A1.13", questions, "no method of its own yet"),
  row("threads", "`thread.set_name()`", null, "A1.13", null),
  row("threads", "`thread.compact()`", `${request}("thread/compact/start")`, "A1.13", questions, "not awaitable yet"),
  row("turns", "`thread.run(input)`", "`thread.run(input)`", "A1.3", [
    "test/contract/fixtures.test.ts",
    "run() equals the fold",
  ]),
  row("turns", "`thread.turn(input).stream()`", "`thread.runStreamed(input)`", "A1.3", [
    "test/contract/fixtures.test.ts",
    "run() equals the fold",
  ]),
  row("turns", "`handle.steer()`", "`turn.steer()`", "A1.13", [contract, "steer() adds input"]),
  row("turns", "`handle.interrupt()`", "`turn.interrupt()`", "A1.13", [contract, "interrupt() resolves"]),
  row(
    "turns",
    "a second `turn()` on a busy thread",
    "`whenBusy`: queue, steer or reject",
    "A1.8",
    [contract, "concurrent runs on one thread"],
    "Python joins the running turn",
  ),
  row(
    "turns",
    "`effort`, `summary`, `model`, `sandbox`, `cwd`, `service_tier`",
    "`TurnOptions`, for that turn only",
    "A1.23",
    ["test/unit/transport/options/options-table.test.ts", "A1.23"],
  ),
  row("turns", "`output_schema`", "`outputSchema`, typed by the schema", "A1.11", [
    "test/e2e/turns.test.ts",
    "zod schema reaches the model",
  ]),
  row("input", "`TextInput`, `LocalImageInput`, `ImageInput`", "`Input`", "A1.20", [
    "test/e2e/image-only.test.ts",
    "image",
  ]),
  row("input", "`SkillInput`, `MentionInput`", "`Input`, on app-server", "A1.20", [
    "test/unit/thread/turn/turn-input.test.ts",
    "skill",
  ]),
  row("input", "`ExternalMessage`", null, "A1.13", null),
  row("result", "`TurnResult.final_response`", "`result.finalResponse`", "A1.14", [
    "test/contract/fixtures.test.ts",
    "run() equals the fold",
  ]),
  row("result", "`TurnResult.items`", "`result.items`", "A1.3", [
    "test/contract/fixtures.test.ts",
    "run() equals the fold",
  ]),
  row("result", "`TurnResult.usage`", "`result.usage`: turn, thread, context", "A1.7", [
    contract,
    "three turns of 42/12/5",
  ]),
  row("approvals", "`ApprovalMode.deny_all`", '`approvalPolicy: "never"`, the default', "A1.23", [
    "test/e2e/app-server.test.ts",
    "a command that asks to leave the sandbox",
  ]),
  row("approvals", "`ApprovalMode.auto_review`", null, "A2.5", null),
  row("approvals", "`Sandbox` presets", "`sandboxMode`", "A1.23", [
    "test/unit/transport/options/options-table.test.ts",
    "A1.23",
  ]),
  row("account", "`login_api_key`", "`apiKey`, in memory", "A1.16", [
    "test/e2e/failures/credentials.test.ts",
    "apiKey reaches the model",
  ]),
  row("account", "`login_chatgpt`, `login_chatgpt_device_code`", null, "A1.13", null),
  row(
    "account",
    "`account()`, `logout()`",
    `${request}("account/read")`,
    "A1.13",
    questions,
    "no method of its own yet",
  ),
  row("account", "`models()`", `${request}("model/list")`, "A1.13", questions, "no method of its own yet"),
  row("errors", "`RuntimeError` of a failed turn", "`TurnFailedError` with the partial result", "A1.9", [
    "test/e2e/failures/failures.test.ts",
    "one typed error with the partial result",
  ]),
  row("errors", "`JsonRpcError` and its classes", "`RpcError`, by `code`", "A1.9", [
    "test/unit/rpc/json-rpc-peer.test.ts",
    "rejects",
  ]),
  row("errors", "`TransportClosedError`", "`ProcessExitedError`, `TransportClosedError`", "A1.9", [
    "test/e2e/failures/process-failures.test.ts",
    "A1.9",
  ]),
  row("errors", "`is_retryable_error`", "`error.retryable`", "A1.9", [
    "test/e2e/failures/failures.test.ts",
    "one typed error with the partial result",
  ]),
  row("errors", "`retry_on_overload`", "`retryOnOverload()`; reads are repeated without it", "A1.9", [
    "test/unit/client/overloaded-requests.test.ts",
    "again by retryOnOverload()",
  ]),
  row("notifications", "`Notification`, `UnknownNotification`", "`ThreadEvent`, a union narrowed by `type`", "A1.1", [
    "test/unit/protocol/round-trip.test.ts",
    "A1.1",
  ]),
  row("tools", "dynamic tools, by raw requests", "`tool()`, `@toolMethod` and `toolsOf()`", "A2.1", [
    "test/unit/tools/tool-method.test.ts",
    "A2.1",
  ]),
  row("goals", "private engine only", null, "A1.13", null),
];

function row(
  area: string,
  python: string,
  codexkit: string | null,
  ...[id, proof, note]: [id: string, proof: Feature["proof"], note?: string]
): Feature {
  return { area, python, codexkit, id, proof, ...(note === undefined ? {} : { note }) };
}
