/** Answers what the bench asks of this process, one call at a time. The process ends with the bench. */
export function answerCalls<Call>(handle: (call: Call) => Promise<object>): void {
  process.on("message", (call: Call) => {
    handle(call).then(
      (answer) => process.send?.(answer),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}
