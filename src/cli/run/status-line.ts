/** A line at the bottom of a terminal that is redrawn, below lines of text that stay. */
export interface StatusLine {
  print(text: string): void;
  /** Removes the line and stops drawing. Idempotent. */
  end(): void;
}

export interface StatusLineOptions {
  readonly write: (text: string) => void;
  /** Returns the current text of the line, without a line break. */
  readonly draw: () => string;
  /** Calls `redraw` repeatedly. Returns a function that stops the calls. */
  readonly every: (redraw: () => void) => () => void;
}

const clearLine = "\r\u001b[K";

export function createStatusLine({ write, draw, every }: StatusLineOptions): StatusLine {
  let shown = "";
  let ended = false;

  function show(line: string, above = ""): void {
    if (above === "" && line === shown) return;
    write(`${shown === "" ? "" : clearLine}${above}${line}`);
    shown = line;
  }

  show(draw());
  const stop = every(() => show(draw()));
  return {
    print(text) {
      if (text !== "") show(ended ? "" : draw(), text);
    },
    end() {
      ended = true;
      stop();
      show("");
    },
  };
}
