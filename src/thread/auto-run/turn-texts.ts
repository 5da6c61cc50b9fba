import type { StructuredOutputError } from "../turn/turn-errors.js";
import type { Input, UserInput } from "../turn/turn-input.js";

/** Sent where `until` was not content and gave no input of its own. */
export const goOnText = "The goal is not reached yet. Go on.";

/** How much of an answer and of its issues the model is shown again. */
const maxShownCharacters = 4000;

/** What the model is told of an answer that did not fit; the schema goes with the turn, as it did with the one before. */
export function repairText({ text, issues }: StructuredOutputError): string {
  const answer = text === null ? "You gave no final answer." : `Your answer was:\n\n${cut(text)}`;
  return `Your final answer does not fit the required schema: ${cut(issues.join("; "))}\n\n${answer}\n\nGive the final answer again, as JSON that fits the schema, and nothing else.`;
}

/** What the model is told of an answer that a guardrail rejected. */
export function rejectedText(message: string): string {
  return `Your answer was not accepted: ${message}`;
}

/**
 * The input of a turn that was cut off with its host. Nobody knows how far it came, or whether codex ever got it: so it is
 * neither sent as if it were new nor left out.
 */
export function resumedInput(input: Input): Input {
  const preface: UserInput = { type: "text", text: resumedText };
  return typeof input === "string" ? `${resumedText}\n\n${input}` : [preface, ...input];
}

const resumedText =
  "The program that runs you was stopped in the middle of your turn and has been started again. Part of the work may be done already: look at what is there before you repeat anything, then go on until it is done. What you had been asked in that turn:";

function cut(text: string): string {
  return text.length <= maxShownCharacters ? text : `${text.slice(0, maxShownCharacters)}… (cut)`;
}
