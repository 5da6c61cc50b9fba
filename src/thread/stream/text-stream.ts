import type { ThreadEvent } from "../../protocol/index.js";

/**
 * Yields the model's text as it arrives, without commentary. Messages are separated by an empty line. On exec, which sends
 * no deltas, each message is one piece. If codex retries a broken stream, text that was yielded before is not revoked.
 */
export async function* textStreamOf(events: AsyncIterable<ThreadEvent>): AsyncGenerator<string, void, undefined> {
  const commentary = new Set<string>();
  const streamed = new Set<string>();
  let last: string | null = null;
  const parted = (itemId: string, text: string): string => {
    const prefix = last === null || last === itemId ? "" : "\n\n";
    last = itemId;
    return prefix + text;
  };
  for await (const event of events) {
    if (event.type === "item.agentMessage.delta") {
      if (commentary.has(event.itemId) || event.delta === "") continue;
      streamed.add(event.itemId);
      yield parted(event.itemId, event.delta);
    } else if (event.type === "item.started" && event.item.type === "agentMessage") {
      if (event.item.phase === "commentary") commentary.add(event.item.id);
      else commentary.delete(event.item.id);
      streamed.delete(event.item.id);
    } else if (event.type === "item.completed" && event.item.type === "agentMessage") {
      const { id, phase, text } = event.item;
      if (phase !== "commentary" && !streamed.has(id) && text !== "") yield parted(id, text);
    }
  }
}
