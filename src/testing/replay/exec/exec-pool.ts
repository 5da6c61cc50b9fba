import type { JsonObject } from "../../../internal/json.js";
import type { RecordedProcess } from "../../record/recording.js";
import { readExecRequest, recordedCall } from "./exec-request.js";
import { describeDifferences, show, type RequestMatcher } from "../request-matcher.js";

interface RecordedRun {
  readonly recorded: RecordedProcess;
  readonly request: JsonObject;
}

/** The recorded processes of `codex exec` that were not played yet. */
export class ExecPool {
  readonly #matcher: RequestMatcher;
  readonly #left: RecordedRun[];

  constructor(processes: readonly RecordedProcess[], matcher: RequestMatcher) {
    this.#matcher = matcher;
    this.#left = processes.map((recorded) => ({ recorded, request: readExecRequest(recordedCall(recorded)) }));
  }

  /** Takes the first recorded process with the same request. Else returns the differences from the most similar one. */
  take(request: JsonObject): { readonly recorded: RecordedProcess } | { readonly problem: string } {
    const compared = this.#left.map((run, at) => ({ run, at, differences: this.#differences(run, request) }));
    const [nearest] = compared.sort((a, b) => a.differences.length - b.differences.length || a.at - b.at);
    if (nearest === undefined) {
      return {
        problem: `the recording has no further process of codex exec; this one's prompt is ${describe(request)}`,
      };
    }
    if (nearest.differences.length > 0) return { problem: describeDifferences(nearest.differences) };
    this.#left.splice(nearest.at, 1);
    return { recorded: nearest.run.recorded };
  }

  /** Describes the recorded processes that were not played. */
  unused(): string[] {
    return this.#left.map(({ request }) => `codex exec ${describe(request)}`);
  }

  #differences({ request: recorded }: RecordedRun, request: JsonObject) {
    return this.#matcher.differences("exec", recorded, request);
  }
}

function describe({ prompt, resume }: JsonObject): string {
  return `${show(prompt)}${typeof resume === "string" ? ` in the thread ${resume}` : ""}`;
}
