// src/core/login/reseed-command.ts
function reseedCommand(place) {
	const scope = place.environment === null ? "" : ` --env ${quoteForShell(place.environment)}`;
	return [
		`home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
		`gh secret set ${place.secretName} --repo ${place.owner}/${place.repository}${scope} < "$home/auth.json"`,
		`rm -r "$home"`
	].join(" && ");
}
function quoteForShell(word) {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
function reseedHint(place) {
	return `Log in again, on a machine with a browser, and store that login: \`${reseedCommand(place)}\`.`;
}

export { reseedHint as n, reseedCommand as t };