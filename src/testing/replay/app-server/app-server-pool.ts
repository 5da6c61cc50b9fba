import type { RecordedProcess } from "../../record/recording.js";
import { Conversation, type ClientRequest } from "./conversation.js";
import type { RequestMatcher } from "../request-matcher.js";

/**
 * Assigns the recorded processes to the started ones, in order. If several processes were started at once, only the first
 * request after the handshake shows the right assignment; until then `settle()` may change it.
 */
export class AppServerPool {
  readonly #matcher: RequestMatcher;
  readonly #left: RecordedProcess[];
  readonly #playing = new Map<object, Conversation>();

  constructor(processes: readonly RecordedProcess[], matcher: RequestMatcher) {
    this.#matcher = matcher;
    this.#left = [...processes];
  }

  /** Assigns the next recorded process to a started one. */
  enter(player: object): void {
    const next = this.#left.shift();
    if (next !== undefined) this.#playing.set(player, this.#open(next));
  }

  /** Returns the conversation of a process, or undefined if the recording has fewer processes. */
  conversationOf(player: object): Conversation | undefined {
    return this.#playing.get(player);
  }

  /** Reassigns a process that has sent only its handshake, if its request belongs to another recorded process. */
  settle(player: object, request: ClientRequest): void {
    const own = this.#playing.get(player);
    if (own?.isFresh !== true || own.find(request) !== undefined) return;
    for (const [other, conversation] of this.#playing) {
      if (!conversation.isFresh || conversation.find(request) === undefined) continue;
      this.#playing.set(other, this.#afterHandshake(own.recorded));
      this.#playing.set(player, this.#afterHandshake(conversation.recorded));
      return;
    }
    const at = this.#left.findIndex((process) => this.#open(process).find(request) !== undefined);
    const [found] = at === -1 ? [] : this.#left.splice(at, 1, own.recorded);
    if (found !== undefined) this.#playing.set(player, this.#afterHandshake(found));
  }

  /** Describes the recorded requests that were not sent. */
  unused(): string[] {
    const requests = [...this.#playing.values()].flatMap((conversation) => conversation.unused());
    const processes = this.#left.map((process) => {
      const [first, ...others] = this.#open(process).unused();
      const more = others.length === 0 ? "" : ` and ${String(others.length)} more`;
      return `a process of codex app-server${first === undefined ? "" : ` with ${first}${more}`}`;
    });
    return [...requests, ...processes];
  }

  #open(process: RecordedProcess): Conversation {
    return new Conversation(process, this.#matcher);
  }

  #afterHandshake(process: RecordedProcess): Conversation {
    const conversation = this.#open(process);
    conversation.skipHandshake();
    return conversation;
  }
}
