import { CodexError, type ThreadEvent, type ThreadItem, type Turn, TurnFailedError } from "../../src/index.js";
import type { ModelRequest } from "../../src/testing/index.js";

/** A turn that was read to its end. */
export interface Observed {
  readonly status: string;
  readonly finalResponse: string | null;
  readonly output: unknown;
  readonly events: readonly ThreadEvent[];
  readonly items: readonly ThreadItem[];
  /** The kinds of the events, each once. */
  readonly kinds: readonly string[];
  readonly error: { readonly code: string; readonly message: string; readonly info: unknown } | null;
}

/** Reads a turn to its end. An error of the turn is an observation. `onEvent` is called for every event. */
export async function observe(
  turn: Turn<unknown>,
  onEvent: (event: ThreadEvent) => Promise<void> | void = () => undefined,
): Promise<Observed> {
  const events: ThreadEvent[] = [];
  const acts: Promise<void>[] = [];
  const kindsOf = (): string[] => [...new Set(events.map(({ type }) => type))];
  try {
    for await (const event of turn) {
      events.push(event);
      acts.push(Promise.resolve(onEvent(event)));
    }
    await Promise.all(acts);
    const { status, finalResponse, output, items } = await turn.result();
    return { status, finalResponse, output, items, events, kinds: kindsOf(), error: null };
  } catch (error) {
    if (!CodexError.isInstance(error)) throw error;
    const info = error instanceof TurnFailedError ? error.codexErrorInfo : undefined;
    const { code, message } = error;
    const items = error instanceof TurnFailedError ? error.result.items : [];
    const failed = { status: "failed", finalResponse: null, output: undefined };
    return { ...failed, items, events, kinds: kindsOf(), error: { code, message, info } };
  }
}

/** Returns the items of one kind. */
export function itemsOf<Type extends ThreadItem["type"]>(
  { items }: Pick<Observed, "items">,
  type: Type,
): Extract<ThreadItem, { type: Type }>[] {
  return items.filter((item): item is Extract<ThreadItem, { type: Type }> => item.type === type);
}

/** Returns the body of a request to the model as JSON text. */
export function bodyOf(request: ModelRequest | undefined): string {
  return JSON.stringify(request?.body ?? null);
}
