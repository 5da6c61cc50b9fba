import type { ThreadEvent } from "../../index.js";
import { createEventRenderer, type RenderOptions } from "../render/render-event.js";

/** The lines that stay of a turn's progress. */
export interface ProgressLines {
  /** What is to be printed for an event. */
  add(event: ThreadEvent): string;
  /** What is left to be printed when the answer is known, which stands on stdout and is not told twice. */
  end(answer: string | null): string;
}

/** A line for each thing that is done. A message waits until something follows it: the last one may be the answer. */
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

/** Pieces of a text, and the end of the turn, which is told by the exit code and the error. */
function isLeftOut({ type }: ThreadEvent): boolean {
  return type === "item.agentMessage.delta" || type === "item.reasoning.summaryTextDelta" || type === "turn.completed";
}
