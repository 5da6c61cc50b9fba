import { bannedWords } from "./voice-words.js";
import { readCode, readMarkdown, type Passage } from "./read-prose.js";

/** One breach of the rules of style. */
export interface VoiceFinding {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly advice: string;
}

const headAdvice = "a column head is a noun: option, type, default, description";

/** The banned words in the comments, test titles, error messages (of `src/`) and pages in `files`, which are texts by path. */
export function checkVoice(files: ReadonlyMap<string, string>): VoiceFinding[] {
  return [...files].flatMap(([file, text]) => {
    const passages = file.endsWith(".md")
      ? readMarkdown(text)
      : readCode(file, text, { messages: file.startsWith("src/") });
    return passages
      .flatMap((passage) => checkPassage(passage))
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, word, advice }) => ({ file, line: lineAt(text, offset), word, advice }));
  });
}

interface Hit {
  readonly offset: number;
  readonly word: string;
  readonly advice: string;
}

function checkPassage({ kind, start, text, exception }: Passage): Hit[] {
  if (exception === "") return [{ offset: start, word: "voice-ok", advice: "state the reason: `voice-ok: <reason>`" }];
  if (exception !== undefined) return [];
  const hits = bannedWords.flatMap(({ pattern, advice }) =>
    [...text.matchAll(pattern)].map((match) => ({
      offset: start + match.index,
      word: match[0].replaceAll(/[\s*/]+/g, " "),
      advice,
    })),
  );
  const head = kind === "head" && hits.length === 0 ? /^\s*(what|how|is|where|who|when|why)\b/i.exec(text) : null;
  return head === null ? hits : [{ offset: start, word: head[1] ?? "", advice: headAdvice }];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
