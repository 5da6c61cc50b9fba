import { describe, expect, test } from "vitest";
import { checkVoice } from "../../../scripts/house/check-voice.js";

function words(file: string, text: string): string[] {
  return checkVoice(new Map([[file, text]])).map(({ line, word }) => `${line} ${word}`);
}

const tics = [
  ["It is closed if nobody reads it.", "nobody"],
  ["No one is asked.", "No one"],
  ["It waits for somebody.", "somebody"],
  ["It is not for anybody.", "anybody"],
  ["It is closed for everybody.", "everybody"],
  ["It is sent to whoever asks.", "whoever"],
  ["It tells the caller.", "tells"],
  ["The caller is told.", "told"],
  ["It gives the result.", "gives"],
  ["It gave up.", "gave"],
  ["The page says it.", "says"],
  ["As said above.", "said"],
  ["It hears the event.", "hears"],
  ["The event is heard.", "heard"],
  ["It minds the signal.", "minds"],
  ["The turn goes on.", "goes on"],
  ["The turn went\non.", "went on"],
  ["It lets go of the thread.", "lets go"],
  ["It lets it go.", "lets it go"],
  ["By letting go of it.", "letting go"],
  ["It ends if the reader is content.", "is content"],
  ["The thread is at home there.", "at home"],
  ["The process is asleep.", "asleep"],
  ["The handler has the last word.", "the last word"],
  ["In any case, be it by a signal.", "be it"],
  ["It is in good order.", "in good order"],
  ["It runs all the same.", "all the same"],
  ["It stays as it was.", "as it was"],
  ["Null where it has no id.", "where"],
  ["It asks who can decide.", "who"],
  ["Who answers finds the item.", "Who"],
  ["What a rule decides.", "What"],
  ["One sentence. What it ends is closed.", "What"],
] as const;

describe("the check of the voice", () => {
  test.each(tics)("reports a tic in a comment, a title, an error message and a page: %s", (text, word) => {
    const plain = text.replace("\n", " ");
    expect(words("test/a.ts", `// ${plain}`)).toEqual([`1 ${word}`]);
    expect(words("test/a.ts", `/**\n * ${text.replace("\n", "\n * ")}\n */`)).toEqual([`2 ${word}`]);
    expect(words("test/a.ts", `test.each([1])("[A1.1] ${plain}", () => {});`)).toEqual([`1 ${word}`]);
    expect(words("src/a.ts", `throw new Error("${plain}");`)).toEqual([`1 ${word}`]);
    expect(words("docs/a.md", `# Title\n\n${text}\n`)).toEqual([`3 ${word}`]);
  });

  test.each([
    "Returns the folder where the file is.",
    "It depends on where it is.",
    "The user who approves the command is asked.",
    "What does it cost?",
    "Returns what the handler returned, so that the given listener is called.",
    "The content is a body.",
  ])("accepts plain English: %s", (text) => {
    expect(words("src/a.ts", `// ${text}`)).toEqual([]);
    expect(words("docs/a.md", text)).toEqual([]);
  });

  test("ignores code: strings, inline code, fenced blocks, links and template expressions", () => {
    expect(words("src/a.ts", "// Calls `tell` of {@link whoever}.\nconst tell = 'nobody // tells';")).toEqual([]);
    expect(words("src/a.ts", "throw new Error(`${tell('nobody')} is unknown`);")).toEqual([]);
    expect(words("src/a.ts", "/**\n * Text.\n * @example\n * ```ts\n * tell();\n * ```\n */")).toEqual([]);
    expect(words("docs/a.md", "`tell` [x](tell.md)\n\n```ts\ntell();\n```\n\n<!-- tell -->")).toEqual([]);
  });

  test("ignores messages outside src/ and calls that are no test", () => {
    expect(words("test/a.ts", "throw new Error('nobody');")).toEqual([]);
    expect(words("test/a.ts", "send('nobody');")).toEqual([]);
  });

  test("reports a column head that is no noun", () => {
    expect(words("docs/a.md", "| option | what |\n| --- | --- |\n| a | b |\n")).toEqual(["1 what"]);
    expect(words("docs/a.md", "| option | where to set |\n| --- | --- |\n| a | b |\n")).toEqual(["1 where"]);
  });

  test("accepts an exception with a reason, in the same comment or on the line", () => {
    expect(words("src/a.ts", "// It tells.\n// voice-ok: the name of a method")).toEqual([]);
    expect(words("test/a.ts", "// voice-ok: quotes codex\ntest('codex says so', () => {});")).toEqual([]);
    expect(words("docs/a.md", "codex says so <!-- voice-ok: a quotation -->")).toEqual([]);
    expect(words("src/a.ts", "// It tells.\n\n// voice-ok: another comment")).toEqual(["1 tells"]);
  });

  test.each([
    ["src/a.ts", "// It tells. voice-ok"],
    ["src/a.ts", "/* It tells. voice-ok: */"],
    ["docs/a.md", "It tells. <!-- voice-ok -->"],
  ])("refuses an exception without a reason: %s %s", (file, text) => {
    expect(words(file, text)).toEqual(["1 voice-ok"]);
  });

  test("names the file, the line, the word and the advice", () => {
    const [finding] = checkVoice(new Map([["src/a.ts", "\n// It tells.\n"]]));
    expect(finding).toMatchObject({ file: "src/a.ts", line: 2, word: "tells" });
    expect(finding?.advice).toContain("emits");
  });
});
