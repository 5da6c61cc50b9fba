import type { ThreadEvent } from "../../index.js";
import { createEventRenderer, type RenderOptions } from "../render/render-event.js";

/** Renders the permanent lines of a turn's progress. */
export interface ProgressLines {
  /** Returns the text to print for an event. */
  add(event: ThreadEvent): string;
  /** Returns the remaining text when the answer is known. The answer itself is printed on stdout only. */
  end(answer: string | null): string;
}

/** Prints a line for each completed item. A message is held back until another line follows, because the last one may be the answer. */
export function createProgressLines(options: RenderOptions): ProgressLines {
  const render = createEventRenderer(options);
  let held: { readonly text: string; readonly line: string } | null = null;

  function release(): string {
    const line = held?.line ?? "";
    held = null;
    return line;
  }

  return {
    add(event) {
      if (isLeftOut(event)) return "";
      const line = render(event);
      if (line === "") return "";
      const before = release();
      if (event.type !== "item.completed" || event.item.type !== "agentMessage") return before + line;
      held = { text: event.item.text, line };
      return before;
    },
    end(answer) {
      if (held?.text === answer) held = null;
      return release();
    },
  };
}

/** Matches text deltas, and the end of the turn, which the exit code and the error report. */
function isLeftOut({ type }: ThreadEvent): boolean {
  return type === "item.agentMessage.delta" || type === "item.reasoning.summaryTextDelta" || type === "turn.completed";
}
