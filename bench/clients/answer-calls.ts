/** Answers the calls of the benchmark, one at a time. The process ends with the benchmark. */
export function answerCalls(handle: (call: unknown) => Promise<object>): void {
  process.on("message", (call: unknown) => {
    handle(call).then(
      (answer) => process.send?.(answer),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
