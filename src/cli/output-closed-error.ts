/** The reader of the output has closed it, as `head` does. The error is not printed. */
export class OutputClosedError extends Error {
  override name = "OutputClosedError";

  constructor(cause: unknown) {
    super("the output was closed by its reader", { cause });
  }
}
