/** A word or phrase that the rules of style replace. */
export interface BannedWord {
  /** Global and without regard to case. `\s+` stands between words, because a phrase may be wrapped. */
  readonly pattern: RegExp;
  readonly advice: string;
}

/** Nouns of place: only they may be followed by the word. */
const places =
  "place|places|folder|folders|directory|directories|line|lines|file|files|position|point|page|pages|section|column|field|host|machine|module|system|systems|platform|platforms|spot|location";

/** Verbs and prepositions that take the word as a question word. */
const asking =
  "finds?|shows?|showing|knows?|know|see|sees|states?|prints?|reports?|decides?|chooses?|of|from|to|on|and|or|describes?";

const persons =
  "user|users|person|people|engineer|engineers|reviewer|reviewers|maintainer|maintainers|those|anyone|someone|human|humans";

/** The end of the text before a sentence: nothing, or a mark that ends a sentence. */
const atStart = '(?<=^[^\\p{L}\\p{N}`]*|[.:!?][)"*_]*\\s+)';

const words: readonly (readonly [pattern: string, advice: string])[] = [
  ["nobody|no\\s+one|noone", 'name the actor, or use the passive: "is not called", "has no handler"'],
  ["somebody|anybody|everybody|whoever|whomever", "name the actor: the handler, the caller, codex, the model"],
  ["tells?|told|telling", "use returns, emits, reports, informs or shows"],
  ["gives?|gave|giving", "use returns, passes, provides, sets or yields"],
  ["says?|said|saying", "use states, reports, returns or contains"],
  ["hears?|heard|hearing", "use receives, or is notified of"],
  ["minds?|minded", "use observes, rejects or checks"],
  ["(?:go|goes|went|going|gone)\\s+on", "use continues"],
  ["(?:lets?|letting)\\s+(?:\\w+\\s+)?go", "use releases"],
  ["(?:is|are|was|were|be|not)\\s+content(?=\\s*(?:[.,;)]|with\\b|and\\b|$))", "use accepts, or returns true"],
  ["at\\s+home", "state the place or the condition"],
  ["asleep", "use idle, suspended or paused"],
  ["the\\s+last\\s+word", "state which value wins, or which message is last"],
  ["be\\s+it", 'use "even if" or "whether"'],
  ["in\\s+good\\s+order", "state the condition that holds"],
  ["all\\s+the\\s+same", 'use "nevertheless", "equal" or "also"'],
  ["as\\s+it\\s+was", "use unchanged"],
  [
    `(?<!(?:^|[^\\p{L}])(?:${places}|${asking})\\s+)where(?!\\s+(?:it|they)\\s+(?:is|are|was|were)\\s*(?:[.,;:)]|$))`,
    'a condition takes "if" or "when"; "where" follows a noun of place',
  ],
  [`(?<!(?:^|[^\\p{L}])(?:${persons})\\s+)who`, 'name the actor; "who" follows a noun for a person'],
  [`${atStart}what(?![^.!]*\\?)`, 'begin with the noun: "The result of ...", not "What ... gives"'],
];

/** Every word and phrase that a passage of prose must not contain. */
export const bannedWords: readonly BannedWord[] = words.map(([pattern, advice]) => ({
  pattern: new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${pattern})(?![\\p{L}\\p{N}_])`, "giu"),
  advice,
}));
