import type { RecordedProcess } from "../../record/recording.js";
import { Conversation, type ClientRequest } from "./conversation.js";
import type { RequestMatcher } from "../request-matcher.js";

/**
 * Which process plays which of the recorded ones. They are given out in their order; where several were started at once,
 * which of them a process is only shows with its first request after the greeting, and until then they may change places.
 */
export class AppServerPool {
  readonly #matcher: RequestMatcher;
  readonly #left: RecordedProcess[];
  readonly #playing = new Map<object, Conversation>();

  constructor(processes: readonly RecordedProcess[], matcher: RequestMatcher) {
    this.#matcher = matcher;
    this.#left = [...processes];
  }

  /** A process has been started. */
  enter(player: object): void {
    const next = this.#left.shift();
    if (next !== undefined) this.#playing.set(player, this.#open(next));
  }

  /** What a process plays; undefined where there were fewer in the recording. */
  conversationOf(player: object): Conversation | undefined {
    return this.#playing.get(player);
  }

  /** Gives a process that has only greeted the conversation that this request fits. */
  settle(player: object, request: ClientRequest): void {
    const own = this.#playing.get(player);
    if (own?.isFresh !== true || own.find(request) !== undefined) return;
    for (const [other, conversation] of this.#playing) {
      if (!conversation.isFresh || conversation.find(request) === undefined) continue;
      this.#playing.set(other, this.#greeted(own.recorded));
      this.#playing.set(player, this.#greeted(conversation.recorded));
      return;
    }
    const at = this.#left.findIndex((process) => this.#open(process).find(request) !== undefined);
    const [found] = at === -1 ? [] : this.#left.splice(at, 1, own.recorded);
    if (found !== undefined) this.#playing.set(player, this.#greeted(found));
  }

  /** What of the recording was not asked for. */
  unused(): string[] {
    const unsaid = [...this.#playing.values()].flatMap((conversation) => conversation.unused());
    const processes = this.#left.map((process) => {
      const [first, ...others] = this.#open(process).unused();
      const more = others.length === 0 ? "" : ` and ${String(others.length)} more`;
      return `a process of codex app-server${first === undefined ? "" : ` with ${first}${more}`}`;
    });
    return [...unsaid, ...processes];
  }

  #open(process: RecordedProcess): Conversation {
    return new Conversation(process, this.#matcher);
  }

  #greeted(process: RecordedProcess): Conversation {
    const conversation = this.#open(process);
    conversation.greetSilently();
    return conversation;
  }
}
