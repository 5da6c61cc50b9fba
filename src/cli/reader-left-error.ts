/** Whoever read the output closed it, as `head` does when it has enough. There is nobody to tell of it. */
export class ReaderLeftError extends Error {
  override name = "ReaderLeftError";

  constructor(cause: unknown) {
    super("nobody reads the output", { cause });
  }
}
