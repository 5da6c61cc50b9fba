import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../../internal/json.js";
import type {
  AskForApproval,
  SandboxPolicy,
  Thread,
  ThreadSettings,
  ThreadStartResponse,
  TokenUsageBreakdown,
  Turn,
  UserInput,
} from "../../../protocol/generated/types.js";
import type { UsagePart } from "../../script/model-step.js";
import { newestCodex } from "../newest-codex.js";

/** The settings of a thread. `turn/start` may change them permanently. */
export interface FakeSettings {
  readonly cwd: string;
  readonly model: string;
  readonly modelProvider: string;
  readonly effort: string | null;
  readonly approvalPolicy: AskForApproval;
  readonly sandbox: SandboxPolicy;
}

/** The thread's view of its running turn. */
export interface RunningTurn {
  readonly id: string;
  steer(input: readonly UserInput[]): void;
  interrupt(): void;
  toTurn(status: Turn["status"]): Turn;
}

/** A command that may outlive its turn. */
export interface BackgroundCommand {
  readonly itemId: string;
  readonly processId: string;
  readonly command: string;
  readonly cwd: string;
  end(): void;
}

export interface FakeThreadOptions {
  readonly id?: string;
  readonly settings: FakeSettings;
  readonly version: string;
  readonly ephemeral?: boolean;
  readonly forkedFrom?: FakeThread;
  /** The names of its dynamic tools, as `name` or `namespace/name`. */
  readonly tools?: ReadonlySet<string>;
}

/** A thread of a fake. Like a thread of codex, it outlives the processes. */
export class FakeThread {
  readonly id: string;
  readonly ephemeral: boolean;
  readonly tools: ReadonlySet<string>;
  readonly background = new Map<string, BackgroundCommand>();
  readonly history: JsonObject[];
  settings: FakeSettings;
  total: TokenUsageBreakdown;
  last: TokenUsageBreakdown = noTokens;
  lastTurnId: string | null = null;
  turn: RunningTurn | undefined;
  preview = "";
  readonly #version: string;
  readonly #createdAt = Math.floor(Date.now() / 1000);
  readonly #forkedFromId: string | null;

  constructor(options: FakeThreadOptions) {
    const { id = createUuid(), settings, version, ephemeral = false, forkedFrom, tools } = options;
    this.id = id;
    this.settings = settings;
    this.ephemeral = ephemeral;
    this.tools = tools ?? forkedFrom?.tools ?? new Set();
    this.history = [...(forkedFrom?.history ?? [])];
    this.total = forkedFrom?.total ?? noTokens;
    this.#version = version;
    this.#forkedFromId = forkedFrom?.id ?? null;
  }

  count(tokens: UsagePart): void {
    this.last = {
      totalTokens: tokens.input + tokens.output,
      inputTokens: tokens.input,
      cachedInputTokens: tokens.cached,
      cacheWriteInputTokens: 0,
      outputTokens: tokens.output,
      reasoningOutputTokens: tokens.reasoning,
    };
    this.total = {
      totalTokens: this.total.totalTokens + this.last.totalTokens,
      inputTokens: this.total.inputTokens + this.last.inputTokens,
      cachedInputTokens: this.total.cachedInputTokens + this.last.cachedInputTokens,
      cacheWriteInputTokens: 0,
      outputTokens: this.total.outputTokens + this.last.outputTokens,
      reasoningOutputTokens: this.total.reasoningOutputTokens + this.last.reasoningOutputTokens,
    };
  }

  /** Sets the count like codex when the model reports that the context is full. */
  fillContext(): void {
    const missing = Math.max(0, newestCodex.contextWindow - this.total.totalTokens);
    this.last = { ...noTokens, totalTokens: missing };
    this.total = { ...noTokens, totalTokens: newestCodex.contextWindow };
  }

  toThread(): Thread {
    const { cwd, model, modelProvider, effort } = this.settings;
    return {
      id: this.id,
      environments: this.#environments(),
      extra: null,
      sessionId: this.id,
      forkedFromId: this.#forkedFromId,
      attachedToThreadId: null,
      parentThreadId: null,
      preview: this.preview,
      ephemeral: this.ephemeral,
      section: null,
      sectionEnteredAt: null,
      projectId: null,
      historyMode: "paginated",
      modelProvider,
      model,
      reasoningEffort: effort,
      createdAt: this.#createdAt,
      updatedAt: this.#createdAt,
      recencyAt: this.#createdAt,
      status: this.turn === undefined ? { type: "idle" } : { type: "active", activeFlags: [] },
      path: this.ephemeral ? null : `${cwd}/rollout-${this.id}.jsonl`,
      cwd,
      cliVersion: this.#version,
      originator: "codexkit",
      source: "vscode",
      canAcceptDirectInput: true,
      threadSource: null,
      agentNickname: null,
      agentRole: null,
      gitInfo: null,
      name: null,
      daybreakEnabled: null,
      turns: [],
    };
  }

  toStartResponse(): ThreadStartResponse {
    const { cwd, model, modelProvider, effort, approvalPolicy, sandbox } = this.settings;
    return {
      thread: this.toThread(),
      model,
      modelProvider,
      serviceTier: null,
      disabledPluginIds: [],
      cwd,
      runtimeWorkspaceRoots: [cwd],
      instructionSources: [],
      approvalPolicy,
      approvalsReviewer: "user",
      sandbox,
      activePermissionProfile: null,
      reasoningEffort: effort,
      multiAgentMode: "explicitRequestOnly",
    };
  }

  #environments(): Thread["environments"] {
    const { cwd } = this.settings;
    return [{ environmentId: "local", cwd, runtimeWorkspaceRoots: [cwd] }];
  }

  toSettings(): ThreadSettings {
    const { cwd, model, modelProvider, effort, approvalPolicy, sandbox } = this.settings;
    return {
      disabledPluginIds: [],
      cwd,
      environments: this.#environments(),
      approvalPolicy,
      approvalsReviewer: "user",
      sandboxPolicy: sandbox,
      activePermissionProfile: null,
      model,
      modelProvider,
      serviceTier: null,
      effort,
      summary: null,
      collaborationMode: {
        mode: "default",
        settings: { model, reasoning_effort: effort, developer_instructions: null },
      },
      multiAgentMode: "explicitRequestOnly",
      personality: null,
    };
  }
}

const noTokens: TokenUsageBreakdown = {
  totalTokens: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningOutputTokens: 0,
};

/** Returns a UUID of version 7, the version that codex uses for threads and turns. */
export function createUuid(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const random = randomBytes(10).toString("hex");
  const variant = "89ab".charAt(randomBytes(1).readUInt8() % 4);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${random.slice(0, 3)}`,
    `${variant}${random.slice(3, 6)}`,
    random.slice(6, 18),
  ].join("-");
}
