import { expectTypeOf, test } from "vitest";
import { CodexError } from "../../src/errors/codex-error.js";
import type { ErrorCode } from "../../src/errors/error-codes.js";

// Type tests are compiled, never run: `tsc` is the test runner, `@ts-expect-error` is the test of a refusal.

test("[A1.20] an error narrowed by isInstance has a code from the table", () => {
  const caught: unknown = null;
  if (CodexError.isInstance(caught)) expectTypeOf(caught.code).toEqualTypeOf<ErrorCode>();
  expectTypeOf<ErrorCode>().not.toBeAny();
});

test("[A1.20] a code that is not in the table does not compile", () => {
  // @ts-expect-error -- NO_SUCH_CODE is in no table
  new CodexError("NO_SUCH_CODE", "text");
});
