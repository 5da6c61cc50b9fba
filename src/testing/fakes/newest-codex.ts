import { supportedVersions } from "../../protocol/capabilities.js";

/** The newest supported codex, which the fakes stand in for: its version, its default model and that model's context window. */
export const newestCodex = {
  version: supportedVersions.newest,
  model: "gpt-6.2-sol",
  contextWindow: 475_000,
} as const;
