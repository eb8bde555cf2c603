const SHORTEST = 20;
const SHORTEST_PART = 8;
/** A path or an address: what it names may be private, but it stands in harmless variables, too. */
const NAMES_A_PLACE = /^["'<@]?(~|\.{0,2}[\\/]|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/)\S*$/;

/**
 * Whether a value is told from ordinary text by itself, as a token, a key or a whole login is: 20 characters or more, no
 * path and no address, and somewhere in it eight letters and digits in a row, both kinds among them.
 *
 * Only such a value is searched for in variables and masked in the log. A secret can hold anything: `-`, `true`, `/`, a
 * word, the path of a file. Hidden wherever they stand, these would take half of a job's variables and of its log along.
 */
export function looksLikeCredential(value: string): boolean {
  const text = value.trim();
  if (text.length < SHORTEST || NAMES_A_PLACE.test(text)) return false;
  return text
    .split(/[^A-Za-z0-9]/)
    .some((part) => part.length >= SHORTEST_PART && /\d/.test(part) && /[A-Za-z]/.test(part));
}
