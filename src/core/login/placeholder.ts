/** What people write until they have the value, or over it before they show it to others. Each as the whole value. */
const WORDS =
  /^(?:abc|foo|bar|baz|test(?:ing)?|fake|mock|stub|sample|demo|tbd|fixme|wip|n\/a|none|nil|null|undefined|nan|true|false|yes|off|empty|blank|unset|default|value|string|text|secret|token|password|key|login|auth|credentials?|removed|hidden|masked|stripped|omitted|censored|123\d*)$/i;
/** Words that only a placeholder has in it, of one word or of several. */
const PHRASE =
  /\b(?:your|my|some|replace|insert|paste|put|enter|fill|add|here|todo|placeholder|example|redacted|dummy|change[ _-]?me)\b/i;
/** A longer value is none, whatever words are in it. */
const LONGEST = 100;

// Ranges instead of \p{L}: Node looks properties of Unicode up as soon as it reads one (core/text/escape.ts).
const AROUND = /^[^A-Za-z0-9\u00c0-\u1fff\u3040-\uffff]+|[^A-Za-z0-9\u00c0-\u1fff\u3040-\uffff]+$/g;
const WORDS_ONLY = /^[A-Za-z\u00c0-\u1fff\u3040-\uffff\s_.,:'’/-]+$/;
/** `<your auth.json>`, and no tag. */
const BRACKETED = /^(<[A-Za-z][^<>{}=/]*[\s_-][^<>{}=/]*>|\[[^[\]{}]*\]|\([^(){}]*\))$/;

/** Whether a value only keeps the place of another: `-`, `***`, `<your token>`, `REDACTED`, `xxxx`, `TODO`. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "" || text.length > LONGEST || /[\r\n]/.test(text)) return false;
  const bare = text.replace(AROUND, "");
  if (bare.length <= 2 || WORDS.test(bare) || /^(.)\1*$/s.test(bare) || BRACKETED.test(text)) return true;
  return WORDS_ONLY.test(bare) && PHRASE.test(bare.replaceAll("_", " "));
}
