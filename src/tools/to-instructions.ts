import type { ToolDefinition } from "./tool-definition.js";
import { flatNameOf } from "./tool-key.js";

/** The maximum length of instructions, in characters. The tools beyond it are only counted. */
const maxLength = 4_000;
const maxSentence = 160;

/**
 * Returns the tool server's instructions: each tool's name and the first sentence of its description. A model with deferred
 * tools sees nothing else of them.
 */
export function toInstructions(definitions: readonly ToolDefinition[]): string {
  const lines = ["Tools of the program that runs you. Call them as they are described:"];
  let left = maxLength;
  for (const [index, definition] of definitions.entries()) {
    const line = `- ${flatNameOf(definition)}: ${firstSentence(definition.description)}`;
    left -= line.length + 1;
    if (left < 0) return [...lines, `- and ${definitions.length - index} more`].join("\n");
    lines.push(line);
  }
  return lines.join("\n");
}

function firstSentence(description: string): string {
  const line = description.trim().replace(/\s+/g, " ");
  const sentence = /^.*?[.!?](?= |$)/.exec(line)?.[0] ?? line;
  return sentence.length <= maxSentence ? sentence : `${sentence.slice(0, maxSentence - 3)}...`;
}
