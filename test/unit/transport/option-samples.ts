import type { ThreadOptions } from "../../../src/transport/options/options.js";

type Samples = { readonly [K in keyof Required<ThreadOptions>]: NonNullable<ThreadOptions[K]> };

/** One value for every option of a thread: a new option does not compile before it has one. */
export const samples: Samples = {
  workingDirectory: "/work",
  model: "gpt-5.5",
  modelReasoningEffort: "high",
  modelReasoningSummary: "detailed",
  sandboxMode: "workspace-write",
  networkAccessEnabled: true,
  additionalDirectories: ["/data"],
  protectedPaths: [".env", { path: "ci", access: "read" }],
  approvalPolicy: "on-request",
  serviceTier: "priority",
  skipGitRepoCheck: true,
  trustProject: true,
  modelProvider: "gateway",
  webSearchMode: "live",
  webSearchEnabled: true,
  baseInstructions: "Be brief.",
  developerInstructions: "Use tabs.",
  config: { features: { plugins: false } },
  ephemeral: true,
  maxAgents: 2,
  threadSource: "ci",
  serviceName: "reviewer",
};

/** Options that hold one sample. */
export function only(name: string): ThreadOptions {
  return Object.fromEntries(Object.entries(samples).filter(([key]) => key === name));
}
