/** What names code that a shell, git, Perl, Python, Node or the loader takes in when it starts. */
const NAMES_CODE =
  /^(BASH_ENV|ENV|ZDOTDIR|GIT_\w+|PERL\w*|PYTHON\w+|RUBY(OPT|LIB)|NODE_(OPTIONS|PATH)|(LD|DYLD)_\w+|GCONV_PATH)$/i;
/** Relative to wherever a program is started. */
const NAMES_A_FILE = /^(BASH_ENV|ENV)$/i;

/**
 * An environment without the variables that name code where a model may have written it. Codex runs a shell and git
 * outside its sandbox, and a shell takes in what `BASH_ENV` names (measured with 0.169.0).
 *
 * @param isOutside whether an absolute path lies where no model writes
 */
export function withoutCode(
  environment: Readonly<Record<string, string>>,
  isOutside: (path: string) => boolean,
): Record<string, string> {
  const isTrusted = ([name, value]: [string, string]): boolean =>
    value.split(/[\s:;,=]+/).every((word) => {
      const isRelative = /^\.\.?(\/|$)|^[^-/][^/]*\//.test(word) || NAMES_A_FILE.test(name);
      return word.startsWith("/") ? isOutside(word) : word === "" || !isRelative;
    });
  return Object.fromEntries(
    Object.entries(environment).filter((variable) => !NAMES_CODE.test(variable[0]) || isTrusted(variable)),
  );
}
