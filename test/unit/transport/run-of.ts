import type { TurnConnection, TurnMessage } from "../../../src/transport/transport.js";

/** Returns the `run` of a turn with these batches. */
export function runOf(batches: AsyncIterable<readonly TurnMessage[]>): TurnConnection["run"] {
  return async (take) => {
    for await (const batch of batches) await take(batch);
  };
}
