import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { anySignal, isAbortSignal } from "../../../../src/internal/abort/any-signal.js";
import { isError, systemCodeOf } from "../../../../src/internal/is-error.js";
import { isPlainObject } from "../../../../src/internal/json.js";

/** An `AbortController` that is not Node's, as that of a polyfill. */
class ForeignController {
  readonly signal = Object.assign(new EventTarget(), {
    aborted: false,
    reason: undefined,
    onabort: null,
    throwIfAborted() {},
  });

  abort(reason: unknown): void {
    Object.assign(this.signal, { aborted: true, reason });
    this.signal.dispatchEvent(new Event("abort"));
  }
}

describe("[H2] objects of another realm", () => {
  it("[A7.2] a joined signal fires with the reason of a foreign signal", () => {
    const foreign = new ForeignController();
    const joined = anySignal([new AbortController().signal, foreign.signal]);
    expect(joined.aborted).toBe(false);
    foreign.abort("enough");
    expect(joined).toMatchObject({ aborted: true, reason: "enough" });
    expect(anySignal([foreign.signal])).toMatchObject({ aborted: true, reason: "enough" });
  });

  it("[A7.2] a foreign signal is accepted as a signal, and an object without its methods is not", () => {
    expect(isAbortSignal(new ForeignController().signal)).toBe(true);
    expect(isAbortSignal({ aborted: false })).toBe(false);
    expect(isAbortSignal(null)).toBe(false);
  });

  it("[A7.2] errors and plain objects of another realm are recognised", () => {
    const evaluate = (expression: string): unknown => runInNewContext(`(${expression})`);
    const error = evaluate(`Object.assign(new TypeError("no"), { code: "ENOENT" })`);
    expect(isError(error)).toBe(true);
    expect(systemCodeOf(error)).toBe("ENOENT");
    expect(isPlainObject(evaluate("{ a: 1 }"))).toBe(true);
    expect(isPlainObject(evaluate("new Map()"))).toBe(false);
    expect(isPlainObject(new Date())).toBe(false);
    expect(isError({ message: "no" })).toBe(false);
  });
});
