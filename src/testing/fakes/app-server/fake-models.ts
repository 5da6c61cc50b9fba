import { newestCodex } from "../newest-codex.js";
import type { Model } from "../../../protocol/generated/types.js";

/** The result of the fake app-server's `model/list`: the first two models of codex, simplified. */
export const fakeModels: readonly Model[] = [
  toModel(newestCodex.model, "GPT-6.2-Sol", true),
  toModel("gpt-5.5", "GPT-5.5", false),
];

function toModel(id: string, displayName: string, isDefault: boolean): Model {
  return {
    id,
    model: id,
    upgrade: null,
    upgradeInfo: null,
    availabilityNux: null,
    displayName,
    description: "A model of the fake app-server.",
    modelSpecialty: null,
    hidden: false,
    supportedReasoningEfforts: [
      { reasoningEffort: "low", description: "Fast responses with lighter reasoning" },
      { reasoningEffort: "high", description: "Greater reasoning depth for complex problems" },
    ],
    defaultReasoningEffort: "low",
    inputModalities: ["text", "image"],
    supportsPersonality: false,
    multiAgentVersion: null,
    additionalSpeedTiers: [],
    serviceTiers: [],
    defaultServiceTier: null,
    availableAccessPrograms: null,
    isDefault,
  };
}
